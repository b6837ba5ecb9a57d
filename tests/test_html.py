"""HTML of pages and results becomes document trees in which nothing that is said is lost, and nothing is run."""

from __future__ import annotations

import pytest
from docutils import nodes

from evidencebook.pages import html


def outline(node: nodes.Node) -> str:
    """The tree in brackets, with the words in it."""
    if isinstance(node, nodes.Text):
        return node.astext()
    return f"{type(node).__name__}({' '.join(map(outline, node.children))})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", []),
        ("  \n", []),
        ("a <b>b</b>", ["paragraph(a  strong(b))"]),
        ("<p>a</p>\n<p>b<br>c</p>", ["paragraph(a)", "paragraph(b line_break() c)"]),
        ("<ul><li>a</li><li>b</li></ul>", ["bullet_list(list_item(paragraph(a)) list_item(paragraph(b)))"]),
        ("<ol><li>a</li></ol>", ["enumerated_list(list_item(paragraph(a)))"]),
        (
            "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dd>e</dd></dl>",
            ["definition_list(definition_list_item(term(a) definition(paragraph(b)) definition(paragraph(c))) "
             "definition_list_item(term(d) definition(paragraph(e))))"],
        ),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>",
         ["definition_list(definition_list_item(term(a) definition(paragraph(b))))"]),
        ("<pre>a\n  b</pre>", ["literal_block(a\n  b)"]),
        ("<p>a</p><hr><blockquote>b</blockquote>", ["paragraph(a)", "transition()", "block_quote(paragraph(b))"]),
        ("<h2> a </h2>", ["rubric(a)"]),
        ("<h2></h2>", ["container()"]),
        ('<a href="https://example.org">a</a> <a id="x">b</a>', ["paragraph(reference(a)   inline(b))"]),
        ('<abbr title="Mean sea level">MSL</abbr>', ["paragraph(abbreviation(MSL))"]),
        ("<span><p>a</p></span>", ["container(paragraph(a))"]),
        ("<div><p>a</p>b</div>", ["container(paragraph(a) paragraph(b))"]),
        ("a<!-- no --><?php echo 1 ?>b", ["paragraph(ab)"]),
        ("a<script>alert(1)</script><style>p {}</style><iframe src=x></iframe>", ["paragraph(a)"]),
        ('a<svg aria-hidden="true"><path/></svg>', ["paragraph(a)"]),
        ("<table></table>", []),
        (
            "<table><caption>c</caption><tr><th>h</th></tr><tr><td>a</td></tr></table>",
            ["table(title(c) tgroup(colspec() thead(row(entry(paragraph(h)))) tbody(row(entry(paragraph(a))))))"],
        ),
        (
            "<table><tr></tr><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            ["table(tgroup(colspec() colspec() "
             "tbody(row(entry(paragraph(a)) entry(paragraph(b))) row(entry(paragraph(c))))))"],
        ),
        (
            "<table><tr><td colspan=2>a</td></tr><tr><td>b</td></tr></table>",
            ["table(tgroup(colspec() colspec() tbody(row(entry(paragraph(a))) row(entry(paragraph(b)) entry()))))"],
        ),
        ("<mark>a</mark><small>b</small>", ["paragraph(inline(a) inline(b))"]),
    ],
)  # fmt: skip
def test_what_html_says_stands_in_the_tree(text: str, tree: list[str]) -> None:
    assert [outline(node) for node in html.of(text)] == tree


def test_where_links_lead_and_what_letters_stand_for_is_kept() -> None:
    ((link,), (letters,)) = (
        html.of(one)[0].children for one in ('<a href="https://example.org">a</a>', '<abbr title="Mean">M</abbr>')
    )
    assert (link["refuri"], letters["explanation"]) == ("https://example.org", "Mean")


@pytest.mark.parametrize(
    ("text", "is_for_screen", "found"),
    [
        ("<p>a</p><blink>b</blink>", False, ["<blink>"]),
        ("<p>a</p><blink>b</blink>", True, []),
        ('<p onclick="x()">a</p>', True, ["<p> with a script"]),
        ("<script>x()</script>", True, ["<script>"]),
        ("<!-- <script> --><p>a</p>", False, []),
        ('<svg aria-hidden="true"><path/></svg>', False, []),
        ("<svg><path/></svg>", False, ["<svg>", "<path>"]),
        ("a < b and c > d", False, []),
    ],
)
def test_what_has_no_form_is_named(text: str, is_for_screen: bool, found: list[str]) -> None:
    assert html.faults(text, is_for_screen) == found
