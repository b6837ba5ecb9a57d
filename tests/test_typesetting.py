"""What the typesetter refuses is told where it was written; tags of a PDF, without a book around them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from latex2mathml.converter import convert
from pikepdf import Array, Dictionary, Name, Pdf

from evidencebook.edition import edition
from evidencebook.editions.print import compositor, letters, mathematics, tags, typesetting
from evidencebook.pages.formulas import NoFormula
from tests.building import TIDES

FORM = typesetting.Form()


@pytest.fixture
def source(tmp_path: Path) -> typesetting.Source:
    return typesetting.Source(tmp_path / "print")


def test_what_typst_refuses_is_blamed_on_the_text_that_called_it(source: typesetting.Source) -> None:
    source.write('#set document(title: "x")\n/*book/tide.md:7*/\nText\n/*book/index.md:3*/#(1 + "a")\n', [])
    with pytest.raises(typesetting.NotSet) as refused:
        typesetting.typeset(source, edition(TIDES), FORM)
    assert list(source.places(str(refused.value))) == [("cannot add integer and string", "book/index.md", 3)]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("error: no glyph\n  ┌─ /x/main.typ:3:1\n", ("no glyph", "book/tide.md", 7)),
        ("error: bad picture\n  ┌─ /x/0123456789abcdef.svg:2:1\n", ("bad picture", "book/index.md", 9)),
        ("error: bad design\n  ┌─ /x/book.typ:2:1\n", ("bad design", "main.typ", None)),
        ("warning: nothing\n", None),
    ],
)
def test_each_error_has_its_place(source: typesetting.Source, said: str, place: tuple[object, ...] | None) -> None:
    text = '\n/*book/tide.md:7*/\nText\n/*book/index.md:9*/#image("0123456789abcdef.svg")\n'
    source.write(text, [])
    assert list(source.places(said)) == ([place] if place else [])


def test_a_typesetter_that_dies_is_told_with_its_status(
    source: typesetting.Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dies.py").write_text("import sys; sys.exit('no memory')", "utf-8")
    monkeypatch.setattr(compositor, "__file__", str(tmp_path / "dies.py"))
    source.write("Text", [])
    with pytest.raises(typesetting.NotSet, match="the typesetter ended with status 1: no memory"):
        typesetting.typeset(source, edition(TIDES), FORM)


def environment() -> Any:
    root = str(TIDES)
    names = {"book/index": f"{root}/book/index.md"}
    config = SimpleNamespace(root_doc="book/index")
    return SimpleNamespace(srcdir=root, config=config, doc2path=names.__getitem__)


@pytest.mark.parametrize(
    ("source", "file", "line"),
    [
        ("book/tide.md", "book/tide.md", 7),
        ("/elsewhere.md", "/elsewhere.md", 7),
        ("", "book/index.md", None),
    ],
)
def test_a_letter_that_no_row_holds_is_told_where_its_node_was_written(
    source: str, file: str, line: int | None
) -> None:
    node: nodes.Node | None = None
    if source:
        paragraph = nodes.paragraph("", "a 𐎠 b")
        paragraph.source, paragraph.line = str(TIDES / source), 7
        node = paragraph.children[0]
    place = letters.Place("data/x.csv", 3, "note", "far 𐎠 away")
    one = letters._problem(environment(), "𐎠", "a 𐎠 b", node, [])
    assert (one.file, one.row, one.column) == (file, line, None)
    assert "OLD PERSIAN SIGN A" in one.what
    held = letters._problem(environment(), "𐎠", "so far 𐎠 away", node, [place])
    assert (held.file, held.row, held.column) == ("data/x.csv", 3, "note")


def test_letters_of_pictures_and_links_count_and_those_of_hidden_code_do_not() -> None:
    tree = nodes.section("", nodes.title("", "Title"))
    tree += nodes.reference("", "here", refuri="https://example.org/등")
    tree += nodes.reference("", "there", refuri="other.html")
    tree += nodes.image(uri="no-such.svg")
    tree += nodes.image(uri="picture.png")
    tree += nodes.container("", nodes.literal_block("", "code"), classes=["cell_input"])
    said = [text for text, _ in letters._shown(environment(), tree)]
    assert said == ["Title", "https://example.org/등", "here", "there", ""]


# --- tags -------------------------------------------------------------------------------------------------------------


def element(kind: str, *kids: Any, **others: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), K=Array(list(kids)), **others)


@pytest.fixture
def document() -> Pdf:
    made = Pdf.new()
    for number in range(2):
        made.add_blank_page()
        made.pages[number].obj.StructParents = number
    return made


def put(document: Pdf, *top: Any, marked: int = 4) -> Any:
    """Give a document a tree of tags; each of its pages has so many marked pieces of content."""
    root = Dictionary(Type=Name.StructTreeRoot, K=Array([document.make_indirect(one) for one in top]))
    pieces = [document.make_indirect(Array([Dictionary()] * marked)) for _ in document.pages]
    inner = Dictionary(Nums=Array([1, pieces[1]]))
    root.ParentTree = Dictionary(Nums=Array([0, pieces[0]]), Kids=Array([document.make_indirect(inner)]))
    document.Root.StructTreeRoot = document.make_indirect(root)
    return document.Root.StructTreeRoot


def test_text_behind_an_element_gets_a_tag_of_its_own(document: Pdf) -> None:
    page, other = document.pages[0].obj, document.pages[1].obj
    link = document.make_indirect(element("Link", 1))
    elsewhere = Dictionary(Type=Name.MCR, MCID=3, Pg=other)
    top = put(document, element("P", 0, link, 2, elsewhere, Pg=page))
    tags.arrange(document, [])
    first, kept, span = top.K[0].K
    assert (int(first), str(kept.S), str(span.S)) == (0, "/Link", "/Span")
    assert int(span.K[0]) == 2 and int(span.K[1].MCID) == 3 and span.Pg == page
    known = dict(tags._numbered(top.ParentTree))
    assert [str(one.S) for one in (known[0][2], known[1][3])] == ["/Span", "/Span"]
    assert "/S" not in known[0][0] and "/S" not in known[0][1]


def test_heads_of_rows_are_found_beside_cells_that_span_rows(document: Pdf) -> None:
    tall = element("TD", A=Array([Dictionary(O=Name.Table, RowSpan=2)]))
    alone = element("TD", A=Dictionary(O=Name.Table, ColSpan=1))
    cells = [[tall, element("TD")], [element("TD")], [alone, element("TD")]]
    rows = [document.make_indirect(element("TR", *map(document.make_indirect, row))) for row in cells]
    body = document.make_indirect(element("TBody", *rows))
    inner = document.make_indirect(element("Table", document.make_indirect(element("Caption")), body))
    top = put(document, element("Div", inner), element("P"))
    tags.arrange(document, [1])
    found = [[str(cell.S) for cell in row.K] for row in top.K[0].K[0].K[1].K]
    assert found == [["/TH", "/TD"], ["/TD"], ["/TH", "/TD"]]
    assert [str(one.get("/Scope", "")) for one in top.K[0].K[0].K[1].K[2].K[0].A] == ["", "/Row"]


def test_blank_lines_of_code_have_no_tag(document: Pdf) -> None:
    lines = [document.make_indirect(element("P", *kids)) for kids in ((0,), (), (1,))]
    top = put(document, element("Code", *lines))
    tags.arrange(document, [0])
    assert len(top.K[0].K) == 2


# --- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "typst"),
    [
        (r"\left(\binom{n}{k}\right)", r"lr(\( lr(\( mat(delim: #none, n; k) \)) \))"),
        (r"(\begin{matrix}a&b\\c&d\end{matrix})", r"lr(\( mat(delim: #none, a, b; c, d) \))"),
        (r"\begin{cases}a\\b\end{cases}", r"lr(\{ mat(delim: #none, align: #left, a; b))"),
        (r"a\\b", r"a \  b"),
        (r"\quad a\,b", "quad a thin b"),
        (r"\overbrace{ab}^{n}", "attach(limits(overbrace(a b)), t: n)"),
        (r"\underline{x}+\hat{y}", r"underline(x) \+ std.math.accent(y, hat)"),
        (r"\sqrt[3]{x_1^2}", "root(3, attach(x, b: 1, t: 2))"),
        ('\\text{so "it" is}', r'"so \"it\" is"'),
        (r"\cancel{x}", "cancel(x)"),
        (r"\bcancel{x}", "cancel(inverted: #true, x)"),
        (r"\xcancel{x}", "cancel(cross: #true, x)"),
        (r"\sout{\text{x}}", 'cancel(angle: #90deg, "x")'),
    ],
)
def test_a_formula_is_said_as_typst_sets_it(source: typesetting.Source, latex: str, typst: str) -> None:
    said = mathematics.typst(convert(latex))
    assert said == typst
    source.write(f'#set document(title: "x")\n#math.equation(alt: "a", block: true, ${said}$)', [])
    assert typesetting.typeset(source, edition(TIDES), FORM).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("mathml", "said"),
    [
        (convert(r"\boxed{x}"), "a box around a part of a formula has no form in print"),
        ("<math><mglyph/></math>", "mglyph has no form in print"),
    ],
)
def test_a_formula_without_a_form_is_refused(mathml: str, said: str) -> None:
    with pytest.raises(NoFormula, match=said):
        mathematics.typst(mathml)
