"""Untraced numbers in pages: found wherever readers see them, at their line, with what to write instead."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencebook.check import anchors, checking
from tests.building import build, soup
from tests.reading import NOTEBOOK, read
from tests.small import Book

ROOT = Path(__file__).parents[1]
VALUES = {
    "about 3,000": "{fact}`readings-kept`",
    "fifty thousand": "{fact} with the id of a row that holds it, or {count} for rows of a table",
    "two thirds": "{fact} with the id of a row that holds it, or {count} for rows of a table",
    "20%": "{fact} with the id of a row that holds it, or {count} for rows of a table",
    "between 40 and 60": "{fact}`visitors-monthly`",
    "up to ninety": "{fact}`north-rock-mark`",
}
PLACES = {
    "prose": ("Sea and sky.\nThe keeper saw {} of it.\n", 2),
    "heading": ("# Sea\n\n## The keeper saw {} of it\n", 3),
    "list": ("- a\n- b\n  c\n- saw {} of it\n", 4),
    "numbered list": ("1. a\n2. saw {} of it\n", 2),
    "table cell": ("| a | b |\n|---|---|\n| c | d |\n| e | {} of it |\n", 4),
    "quotation": ("> Sea\n> saw {} of it\n", 2),
    "emphasis": ("Sea\n**saw {} of it**\n", 2),
    "link": ("Sea\n[saw {} of it](https://example.org/4)\n", 2),
    "title of a reference": ("Sea\n{{ref}}`saw {} of it <log>`\n", 2),
    "footnote": ("Sea[^a]\n\n[^a]: saw {} of it\n", 3),
    "alternative text": ("Sea\n\n![saw {} of it](https://example.org/sea.png)\n", 3),
    "HTML": ("Sea\n\n<p class='a3'>\nsaw {} of it</p>\n", 4),
    "caption": (
        "```{{code-cell}} python\n---\ntags: [hide-input]\nmystnb:\n  figure:\n    name: fig\n"
        '    caption: "saw {} of it"\n---\nx()\n```\n',
        7,
    ),
    "folded caption": (
        "```{{code-cell}} python\n---\nmystnb:\n  figure:\n    caption: >\n      Sea and sky,\n"
        "      saw {} of it\n---\nx()\n```\n",
        7,
    ),
    "caption in one line": (
        "Sea\n\n```{{code-cell}} python\n:mystnb: {{figure: {{caption: 'saw {} of it'}}}}\nx()\n```\n",
        4,
    ),
    "what a chart omits": (
        "```{{code-cell}} python\n---\nmystnb:\n  figure:\n    name: fig\n    shows: >-\n      Sea.\n    omits: >-\n"
        "      Sky.\n      Whether he saw {} of it.\n---\nx()\n```\n",
        10,
    ),
    "admonition": ("```{{note}}\n:class: wide\n\nSea\nsaw {} of it\n```\n", 5),
    "title of an admonition": ("Sea\n\n:::{{admonition}} saw {} of it\nSky\n:::\n", 3),
    "nested directives": ("::::{{note}}\n:::{{tip}}\nSea\n\nsaw {} of it\n:::\n::::\n", 5),
    "key figure": ("```{{key-figures}}\nreadings-kept: sea\nreadings-kept: saw {} of it\n```\n", 3),
    "glossary": ("```{{glossary}}\ngauge\n    Sea.\n\n    saw {} of it\nlamp\n  Sky\n```\n", 5),
    "caption of a table": ("```{{data-table}} places\n:caption: saw {} of it\n```\n", 2),
    "list in a directive in a list": ("- a\n\n  ```{{note}}\n  - saw {} of it\n  ```\n", 4),
}


@pytest.fixture(scope="module")
def typed(small_report: Callable[[], Book]) -> dict[str, list[str]]:
    """What is said of a page for each value at each place."""
    pages: dict[str, str | bytes] = {
        f"book/{number}-{at}.md": NOTEBOOK + "# Page\n\n" + template.format(value)
        for number, value in enumerate(VALUES)
        for at, (template, _) in enumerate(PLACES.values())
    }
    return read(small_report(), pages)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
def test_a_typed_value_is_reported_at_its_line_with_what_to_write(
    typed: dict[str, list[str]], place: str, value: str
) -> None:
    name = f"book/{list(VALUES).index(value)}-{list(PLACES).index(place)}.md"
    bar = r"\|" if "table" in place else "|"
    (found,) = (one for one in typed[name] if "untraced" in one)
    line = PLACES[place][1] + 6
    assert found.startswith(f'{name}:{line}: untraced number "{value}" - write {VALUES[value]}')
    assert found.endswith(f"or justify it: {{typed}}`{value} {bar} why it may be typed`")


ALLOWED = {
    "years": "In 2016, from 2016 to 2025, 2021/22, the 1990s, 2016–2025, the 2023 report, its 2019 harvest.",
    "dates": "On 8 February 2024, 5 or 6 April 2016, 2 to 4 September, the 21st, 14 August, 3 and on 28 July 2017.",
    "other dates": "August 14, 2024; 9–31 August 2018; 2019-01-31; 21 October 2021, 21 April 2022 and 21 July 2022.",
    "numbers of resolutions": "Resolutions 2371, 2375 and 2397; Resolution 2371 (2017), paragraph 8, OP 11, Article 3.",
    "a name introduced on the page": "Resolution 2397 came late. That fits 2397, and 2397 bars more.",
    "references": "See Table 2, Figure 3, step two and page 12 of version 1.2.",
    "names": "CC BY 4.0, MIT, SHA-256, ISO 4217, Python 3.11, UTF-8, WGS 84, Attribution 4.0.",
    "ordinals": "First, second, the sixth and the 24th; a third voice, the twenty-first, the second half of 2021.",
    "ordinary words": "One of them, both sides, once, someone, at one time.",
    "roles and code": "{fact}`half-of-two|words` {count}`sources` `3,000` {numref}`fig-3` {ref}`two-thirds` {src}`a-2`",
    "labels, comments and targets": "(two-hundred)=\n# Sea\n\n% 3,000 of them\n\n<!-- fifty -->\n\n[sea](https://a.org/300)",
    "addresses": "https://example.org/300/fifty and <https://example.org/300>",
    "code cells": "```{code-cell} python\n:tags: [a3]\nprint('3,000 men')\n```\n\n```python\nx = 'fifty men'\n```",
    "numbered lists": "1. a\n2. b\n3. c\n",
    "directives made from the tables": "```{data-table} claims\n```\n\n```{data-table} places\n:name: two-thirds\n```",
}


GUISES = [
    "about 2000 visitors came",
    "2000 visitors came",
    "a crowd of 2000 people",
    "In May 3,000 came",
    "May 20 visitors",
    "more than 2000",
    "Resolution 2397 and then 2397 people",
    "one or two lamps",
    "twice the sea",
    "a tenfold rise",
    "one percent of it",
    "**fifty** thousand",
    "{strong}`fifty lamps`",
    "US$300",
    "dozens of lamps",
    "a \\\nquarter of it",
]


@pytest.fixture(scope="module")
def disguised(small_report: Callable[[], Book]) -> dict[str, list[str]]:
    """What is said of pages that hold what may be typed, and of pages that hold what may not but looks like it."""
    pages: dict[str, str | bytes] = {
        f"book/a{at}.md": f"{NOTEBOOK}# Page\n\n{text}\n" for at, text in enumerate(ALLOWED.values())
    }
    pages |= {f"book/b{at}.md": f"# Page\n\nSea: {text}.\n" for at, text in enumerate(GUISES)}
    return read(small_report(), pages)


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_may_be_typed_is_no_problem(disguised: dict[str, list[str]], kind: str) -> None:
    said = disguised[f"book/a{list(ALLOWED).index(kind)}.md"]
    assert [one for one in said if "untraced" in one] == []


@pytest.mark.parametrize("text", GUISES)
def test_an_amount_in_the_guise_of_a_date_a_name_or_a_common_word_is_found(
    disguised: dict[str, list[str]], text: str
) -> None:
    assert any("untraced number" in one for one in disguised[f"book/b{GUISES.index(text)}.md"])


def cell(kind: str, source: str) -> dict[str, object]:
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"a{len(source)}", "metadata": {}, "source": source, **more}


def notebook(*cells: dict[str, object]) -> str:
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return json.dumps({"cells": cells, "metadata": python, "nbformat": 4, "nbformat_minor": 5})


# A page in each form that Sphinx reads, and the place at which its number is reported.
FORMS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a notebook": (
        {"book/a.ipynb": notebook(cell("markdown", "# A"), cell("code", "x = 5"), cell("markdown", "Some 4711 came."))},
        "book/a.ipynb: cell 3",
    ),
    "reStructuredText": ({"book/a.rst": "A\n=\n\nSea and\nsome 4711 came.\n"}, "book/a.rst:5"),
    "an included file": (
        {"book/a.md": "# A\n\n```{include} part.txt\n```\n", "book/part.txt": "Sea\n\nSome 4711 came.\n"},
        "book/part.txt:3",
    ),
    "a table in an included file": (
        {"book/a.md": "# A\n\n```{include} part.txt\n```\n", "book/part.txt": "| a | b |\n|---|---|\n| c | 4711 |\n"},
        "book/part.txt:3",
    ),
    "a table of rst": (
        {"book/a.md": "# A\n\n```{eval-rst}\n.. csv-table:: Sea\n\n   a,b\n   c,4711 lamps\n```\n"},
        "book/a.md:7",
    ),
    "a list table": (
        {"book/a.md": "# A\n\n```{list-table}\n* - a\n  - b\n* - c\n  - some 4711 lamps\n```\n"},
        "book/a.md:7",
    ),
    "the description of a page": (
        {"book/a.md": "---\nmyst:\n  html_meta:\n    description: Some 4711 came.\n---\n# A\n"},
        "book/a.md",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_typed_value_is_found_in_every_form_that_sphinx_reads(book: Book, form: str) -> None:
    pages, place = FORMS[form]
    (found,) = (one for ones in read(book, pages).values() for one in ones)
    assert found.startswith(f"{place}:")
    assert "4711" in found and "untraced" in found


def test_what_a_cell_has_printed_and_what_stands_in_the_dictionary_was_not_typed(book: Book) -> None:
    printed = {**cell("code", "print(4711)"), "outputs": [{"output_type": "stream", "name": "stdout", "text": "4711"}]}
    package = book.package()
    package["resources"][0]["description"] = "Some 4711 rows."
    book.write_package(package)
    included = "# Dictionary\n\n```{include} ../data/README.md\n:start-after: '-->'\n```\n"
    said = read(book, {"book/a.ipynb": notebook(cell("markdown", "# A"), printed), "book/d.md": included})
    assert [one for ones in said.values() for one in ones if "untraced" in one] == []


def test_the_nearest_facts_come_first_and_counts_of_rows_are_offered(book: Book) -> None:
    rows = book.rows("claims")
    rows[2] |= {"low": "60", "high": "60", "qualifier": "exact"}
    shutil.rmtree(book.texts)  # the text says otherwise, which is not the matter here
    book.write("claims", rows)
    said = read(book, {"book/a.md": "# A\n\nSome 60 visitors came each month.\n", "book/b.md": "# B\n\nTwo sources.\n"})
    assert "write {fact}`visitors-monthly` or another of readings-kept, or justify" in said["book/a.md"][0]
    assert "write {count}`sources`, or justify" in said["book/b.md"][0]


def test_numbers_of_all_pages_are_reported_in_order_beside_the_problems_of_tables(book: Book) -> None:
    book.edit("claims", 5, place_id="nowhere")
    pages: dict[str, str | bytes] = {
        "seeds/harbour-2019.md": "# Sea\n\n3,000 and fifty\n",
        "book/b.md": "# Sea\n\nTwelve, 3 lamps\n",
    }
    said = read(book, pages)
    assert [one.partition(": ")[0] for one in said["seeds/harbour-2019.md"]] == [
        "seeds/harbour-2019.md:3",
        "seeds/harbour-2019.md:3",
    ]
    assert [one.partition(": ")[0] for one in said["book/b.md"]] == ["book/b.md:3", "book/b.md:3"]
    assert [one.partition(": ")[0] for one in said[""] if "_toc.yml" not in one] == ["data/claims.csv:5"]


def test_a_page_that_names_a_row_which_is_reported_already_is_not_blamed(book: Book) -> None:
    book.edit("claims", 4, low="many")
    said = read(book, {"book/a.md": "# A\n\nOf {fact}`readings-kept` and {fact}`readings-kep`.\n"})
    assert [one.partition(" - ")[0] for one in said["book/a.md"]] == ["book/a.md:3: unknown fact 'readings-kep'"]
    assert len(said[""]) == 1 and said[""][0].startswith("data/claims.csv:4: low:")


def test_a_justified_number_is_listed_and_one_without_a_reason_is_a_problem(book: Book) -> None:
    page = "# A\n\n| a |\n|---|\n| {typed}`3,000 \\| counted by hand` |\n\nand {typed}`fifty | a saying` lamps\n"
    wrong = [f"# A\n\n{one} lamps\n" for one in ("{typed}`fifty`", "{typed}`fifty |`", "{typed}`fifty |  `")]
    said = read(book, {"book/a.md": page, **{f"book/w{at}.md": text for at, text in enumerate(wrong)}})
    assert said["book/a.md"] == []
    listed = checking.check(book.root, book.texts, with_pages=True).exceptions
    assert [(one.file, one.words, one.reason) for one in listed] == [
        ("book/a.md", "3,000", "counted by hand"), ("book/a.md", "fifty", "a saying"),
    ]  # fmt: skip
    assert listed[1].line == 7
    for at in range(len(wrong)):
        (found,) = said[f"book/w{at}.md"]
        assert found.startswith(f'book/w{at}.md:3: "fifty" is typed without a reason - write {{typed}}`fifty | why')


def test_the_same_number_is_told_at_each_of_its_lines(book: Book) -> None:
    said = read(book, {"book/a.md": "# A\n\nHe saw 61 of it,\nand 61 more,\nand again 61.\n"})["book/a.md"]
    assert [one.partition(": ")[0] for one in said] == ["book/a.md:3", "book/a.md:4", "book/a.md:5"]


def test_how_to_justify_a_number_is_told_as_it_is_typed_there(book: Book) -> None:
    places = {
        "alt": "![saw 61 of it](https://example.org/sea.png)",
        "prose": "Saw 61 of it.",
        "table": "| 61 of it |\n|---|",
    }
    said = read(book, {f"book/{name}.md": f"# A\n\n{text}\n" for name, text in places.items()})
    for name in places:
        (found,) = (one for one in said[f"book/{name}.md"] if "untraced" in one)
        bar = r"\|" if name == "table" else "|"
        assert found.endswith(f"or justify it: {{typed}}`61 {bar} why it may be typed`"), found


def test_words_of_the_report_s_own_make_names_of_the_numbers_behind_them(book: Book) -> None:
    said = read(book, {"book/a.md": "# A\n\nBuoy 300 and Buoys 12 and 14\n", "book/b.md": "# A\n\nGauge 300\n"})
    assert (said["book/a.md"], len(said["book/b.md"])) == ([], 1)


def test_the_report_has_no_untraced_number_and_no_other_problem() -> None:
    report = checking.check(ROOT, anchors.texts_dir(ROOT), with_pages=True)
    assert [str(one) for one in report.problems] == []
    assert all(one.reason for one in report.exceptions)


def test_every_page_of_the_report_still_fails_when_a_number_is_typed_into_it(tmp_path: Path) -> None:
    for name in ("book", "data", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("texts"))
    for name in ("_toc.yml", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path / name)
    config = (
        (ROOT / "_config.yml")
        .read_text("utf-8")
        .replace("evidencebook.extension: src", f"evidencebook.extension: {ROOT}/src")
    )
    (tmp_path / "_config.yml").write_text(config, "utf-8")
    lines = {}
    for path in [*(tmp_path / "book").rglob("*.md"), *(tmp_path / "seeds").glob("*.md")]:
        text = path.read_text("utf-8")
        lines[path.relative_to(tmp_path).as_posix()] = text.count("\n") + 2
        path.write_text(f"{text}\nAbout 3,000 came.\n", "utf-8")
    found = checking.check(tmp_path, tmp_path, with_pages=True).problems
    assert {one.file: one.row for one in found} == lines
    assert len(found) == len(lines)


@pytest.mark.slow
def test_a_typed_number_stops_the_build_at_its_line_and_a_justified_one_is_printed(root: Path) -> None:
    page = root / "book/index.md"
    text = page.read_text("utf-8")
    line = text.count("\n") + 2
    page.write_text(f"{text}\nSome fifty lamps.\n", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    done = build(root)
    assert done.returncode == 1
    assert f'book/index.md:{line}: WARNING: untraced number "Some fifty"' in done.stderr
    assert not (root / "_build/html/book").exists()
    cell = "| a |\n|---|\n| {typed}`308 \\| a saying` boats |\n"
    page.write_text(f"{text}\nSome {{typed}}`fifty | a saying` lamps.\n\n{cell}", "utf-8")
    assert build(root).returncode == 0
    built = soup(root / "_build/html/book/index.html")
    assert "Some fifty lamps." in built.get_text()
    assert "308 boats" in [one.get_text().strip() for one in built.select("td")]
    assert "a saying" not in built.get_text()
