"""Untraced numbers in pages: found wherever readers see them, at their line, with what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evidencebook import anchors, checking, prose
from tests.building import build, copy_book, soup
from tests.conftest import Book

ROOT = Path(__file__).parents[1]


def problems(book: Book, text: str, name: str = "book/log.md") -> list[str]:
    """What the check says of a report with this page."""
    path = book.root / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    return book.messages()


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
    "alternative text": ("Sea\n\n![saw {} of it](sea.png)\n", 3),
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
    "admonition": ("```{{note}}\n:class: wide\n\nSea\nsaw {} of it\n```\n", 5),
    "title of an admonition": ("Sea\n\n:::{{admonition}} saw {} of it\nSky\n:::\n", 3),
    "nested directives": ("::::{{note}}\n:::{{tip}}\nSea\n\nsaw {} of it\n:::\n::::\n", 5),
    "key figure": ("```{{key-figures}}\nreadings-kept: sea\nreadings-kept: saw {} of it\n```\n", 3),
    "glossary": ("```{{glossary}}\ngauge\n    Sea.\n\n    saw {} of it\nlamp\n  Sky\n```\n", 5),
    "caption of a table of claims": ("```{{claims-table}}\n:theme: sea\n:caption: saw {} of it\n```\n", 3),
    "list in a directive in a list": ("- a\n\n  ```{{note}}\n  - saw {} of it\n  ```\n", 4),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
def test_a_typed_value_is_reported_at_its_line_with_what_to_write(book: Book, place: str, value: str) -> None:
    template, line = PLACES[place]
    bar = r"\|" if place == "table cell" else "|"
    (found,) = problems(book, "---\nfile_format: mystnb\n---\n" + template.format(value))
    assert found.startswith(f'book/log.md:{line + 3}: untraced number "{value}" - write {VALUES[value]}')
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
    "directives made from the tables": "```{evidence-ledger}\n```\n\n```{claims-table}\n:topic: two-thirds\n```",
}


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_may_be_typed_is_no_problem(book: Book, kind: str) -> None:
    assert problems(book, ALLOWED[kind] + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
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
    ],
)
def test_an_amount_in_the_guise_of_a_date_a_name_or_a_common_word_is_found(book: Book, text: str) -> None:
    assert any("untraced number" in one for one in problems(book, f"Sea: {text}.\n"))


def test_the_nearest_facts_come_first_and_counts_of_rows_are_offered(book: Book) -> None:
    rows = book.rows("claims")
    rows[2] |= {"low": "60", "high": "60", "qualifier": "exact"}
    shutil.rmtree(book.texts)  # the text says otherwise, which is not the matter here
    book.write("claims", rows)
    (found,) = problems(book, "Some 60 visitors came each month.\n")
    assert "write {fact}`visitors-monthly` or another of readings-kept, or justify" in found
    (found,) = problems(book, "This rests on two sources.\n")
    assert "write {count}`sources`, or justify" in found


def test_all_numbers_of_all_pages_are_reported_in_order_beside_the_problems_of_tables(book: Book) -> None:
    problems(book, "Sea\n\n3,000 and fifty\n", "seeds/harbour-2019.md")
    problems(book, "Twelve and 3 lamps\n", "book/appendix/b.md")
    book.edit("claims", 5, place_id="nowhere")
    places = [one.partition(": ")[0] for one in book.messages()]
    assert places == [
        "book/appendix/b.md:1",
        "book/appendix/b.md:1",
        "data/claims.csv:5",
        "seeds/harbour-2019.md:3",
        "seeds/harbour-2019.md:3",
    ]


def test_texts_of_articles_are_no_pages(book: Book) -> None:
    assert problems(book, "3,000 lamps\n", "seeds/texts/article.md") == []


def test_a_justified_number_is_listed_and_one_without_a_reason_is_a_problem(book: Book) -> None:
    page = "Sea\n\n| a |\n|---|\n| {typed}`3,000 \\| counted by hand` |\n\nand {typed}`fifty | a saying` lamps\n"
    assert problems(book, page) == []
    listed = [(one.file, one.line, one.words, one.reason) for one in book.check().exceptions]
    assert listed == [("book/log.md", 5, "3,000", "counted by hand"), ("book/log.md", 7, "fifty", "a saying")]
    for wrong in ("{typed}`fifty`", "{typed}`fifty |`", "{typed}`fifty |  `"):
        (found,) = problems(book, f"Sea\n{wrong} lamps\n")
        assert found.startswith('book/log.md:2: "fifty" is typed without a reason - write {typed}`fifty | why')


def test_a_report_can_name_words_of_its_own_after_which_numbers_are_names(book: Book) -> None:
    assert len(problems(book, "Buoy 300 and Buoys 12 and 14\n")) == 3
    (book.root / "_config.yml").write_text("sphinx: {config: {evidence_naming: [Buoy]}}\n", "utf-8")
    assert book.messages() == []


def test_a_page_that_is_not_utf_8_is_a_problem(book: Book) -> None:
    (book.root / "book").mkdir()
    (book.root / "book/log.md").write_bytes(b"Sea \xff")
    assert book.messages() == ["book/log.md: the page is not UTF-8 - save it as UTF-8"]


def test_the_report_has_no_untraced_number() -> None:
    report = checking.check(ROOT, anchors.texts_dir(ROOT))
    assert [str(one) for one in report.problems] == []
    assert all(one.reason for one in report.exceptions)


def test_every_page_of_the_report_still_fails_when_a_number_is_typed_into_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for path in prose.pages(ROOT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8") + "\nAbout 3,000 came.\n", "utf-8")
    lines = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8").count("\n") + 2 for path in prose.pages(ROOT)}
    found = checking.check(tmp_path, tmp_path).problems
    assert {one.file: one.row for one in found} == lines
    assert len(found) == len(lines)


@pytest.mark.slow
def test_a_typed_number_stops_the_build_at_its_line_and_a_justified_one_is_printed(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    page = root / "book/index.md"
    text = page.read_text("utf-8")
    line = text.count("\n") + 2
    page.write_text(f"{text}\nSome fifty lamps.\n", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    done = build(root)
    assert done.returncode == 1
    assert f'book/index.md:{line}: untraced number "Some fifty"' in done.stderr
    assert not (root / "_build/html/book").exists()
    cell = "| a |\n|---|\n| {typed}`308 \\| a saying` boats |\n"
    page.write_text(f"{text}\nSome {{typed}}`fifty | a saying` lamps.\n\n{cell}", "utf-8")
    assert build(root).returncode == 0
    built = soup(root / "_build/html/book/index.html")
    assert "Some fifty lamps." in built.get_text()
    assert "308 boats" in [one.get_text().strip() for one in built.select("td")]
    assert "a saying" not in built.get_text()
