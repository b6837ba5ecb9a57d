"""What check says of pages is what a build would stumble over: at its place, all at once, and nothing is executed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evidencebook.check import anchors, checking
from tests.building import build, change, copy_book
from tests.tabled import add_checks, renew_dictionary

CASES = Path(__file__).parent / "roots"
FIGURE = """
```{code-cell} python
---
mystnb:
  figure:
    name: fig-lamps
    caption: Lamps of {fact}`nada`, in a cell.
---
from pathlib import Path
Path("executed").touch()
```
"""
# A line of a page, and what is said of it.
FAULTS = {
    "{fact}`no-such-fact`": "unknown fact 'no-such-fact'",
    "{src}`no-such-source`": "unknown source 'no-such-source'",
    "{src}`drawn`": "'drawn' stands for the sources of a chart that draws facts, in its caption - name each by its id",
    "{ref}`no-such-label`": "undefined label: 'no-such-label'",
    "{numref}`fig-lamp`": "undefined label: 'fig-lamp' - did you mean fig-lamps",
    "{term}`no-such-term`": "term not in glossary: 'no-such-term'",
    "{doc}`no-such-page`": "unknown document: 'no-such-page'",
    "{count}`boats`": "unknown table 'boats'",
    "[words](#no-such-anchor)": "cross-reference target not found: 'no-such-anchor'",
    "{nonsense}`x`": 'Unknown interpreted text role "nonsense"',
}


def said(root: Path) -> list[str]:
    return [str(one) for one in checking.check(root, anchors.texts_dir(root), with_pages=True).problems]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], dict[str, int]]:
    """A book with every fault, what is said of it, and the line of each fault on its page."""
    root = copy_book(tmp_path_factory.mktemp("faulty"))
    page = root / "book/tide.md"
    text = page.read_text("utf-8") + FIGURE
    lines = {}
    for fault in FAULTS:
        text += f"\nA sentence before it.\nThen {fault} stands here.\n"
        lines[fault] = text.count("\n")
    page.write_text(text, "utf-8")
    (root / "book/unlisted.md").write_text("# Unlisted\n", "utf-8")
    (root / "book/plain.md").write_text("# Plain\n\n```{code-cell} python\n1\n```\n", "utf-8")
    (root / "book/part.md").write_text("Words of a part.\n", "utf-8")
    with (root / "book/index.md").open("a", encoding="utf-8") as index:
        index.write("\n```{include} part.md\n```\n")
    change(root / "_toc.yml", "      - file: book/tide\n", "      - file: book/tide\n      - file: book/plain\n")
    return root, said(root), lines


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_page_is_told_at_its_line(faulty: tuple[Path, list[str], dict[str, int]], fault: str) -> None:
    _, found, lines = faulty
    (one,) = (one for one in found if FAULTS[fault] in one)
    assert one.startswith(f"book/tide.md:{lines[fault]}: ")


def test_captions_in_the_settings_of_cells_are_read_too(faulty: tuple[Path, list[str], dict[str, int]]) -> None:
    root, found, _ = faulty
    lines = (root / "book/tide.md").read_text("utf-8").split("\n")
    line = next(at for at, words in enumerate(lines, 1) if "`nada`" in words)
    assert [one.partition(" - ")[0] for one in found if "nada" in one] == [f"book/tide.md:{line}: unknown fact 'nada'"]


def test_a_chart_says_what_it_shows_and_omits_and_both_are_read_as_captions_are(root: Path) -> None:
    change(root / "book/tide.md", "    shows: What the logs give.\n", "    shows: What {fact}`nada` gives.\n")
    change(root / "book/tide.md", "    omits: Who the others were.\n", "")
    lines = (root / "book/tide.md").read_text("utf-8").split("\n")
    name, shows = (next(at for at, words in enumerate(lines, 1) if part in words) for part in ("name: fig-", "`nada`"))
    assert [one.partition(" - ")[0] for one in said(root)] == [
        f"book/tide.md:{name}: figure 'fig-lookers' does not say what it omits",
        f"book/tide.md:{shows}: unknown fact 'nada'",
    ]


def test_a_page_that_no_contents_list_is_told_of_and_a_part_of_another_is_not(
    faulty: tuple[Path, list[str], dict[str, int]],
) -> None:
    _, found, _ = faulty
    assert [one.partition(" - ")[0] for one in found if "_toc.yml" in one] == [
        "book/unlisted.md: the page is not in _toc.yml"
    ]


def test_a_page_with_cells_that_is_no_notebook_is_told_what_to_begin_with(
    faulty: tuple[Path, list[str], dict[str, int]],
) -> None:
    (found,) = (one for one in faulty[1] if one.startswith("book/plain.md"))
    assert found.startswith("book/plain.md:3: ")
    assert "file_format: mystnb" in found and "kernelspec" in found


def test_nothing_else_is_told_nothing_is_executed_and_nothing_written(
    faulty: tuple[Path, list[str], dict[str, int]],
) -> None:
    root, found, _ = faulty
    assert len(found) == len(FAULTS) + 3
    assert not (root / "book/executed").exists()
    assert not (root / "_build").exists()


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("_toc.yml", "format: jb-book\nroot: book/index\nchapters: nonsense\n", "_toc.yml"),
        ("_toc.yml", "format: [\n", "_toc.yml"),
        ("_config.yml", "title: [\n", "_config.yml"),
        ("_config.yml", "title: No engine\n", "_config.yml"),
        ("_config.yml", "sphinx: {extra_extensions: [no_such_extension]}\n", "_config.yml"),
    ],
)
def test_settings_that_cannot_be_used_are_one_problem_and_no_traceback(
    root: Path, file: str, text: str, expected: str
) -> None:
    (root / file).write_text(text, "utf-8")
    (found,) = said(root)
    assert found.startswith(f"{expected}:")


def test_an_environment_of_python_in_the_folder_is_no_content(root: Path) -> None:
    (root / "env/lib").mkdir(parents=True)
    (root / "env/pyvenv.cfg").write_text("home = /usr\n", "utf-8")
    (root / "env/lib/readme.md").write_text("Some 4711 lamps, without a title.\n", "utf-8")
    assert said(root) == []


def test_without_contents_only_tables_are_checked(root: Path) -> None:
    (root / "_toc.yml").unlink()
    shutil.copy(root / "book/index.md", root / "book/other.md")
    assert said(root) == []


def test_a_page_that_the_contents_name_and_that_is_not_there_is_told_at_its_line(root: Path) -> None:
    change(root / "_toc.yml", "book/tide", "book/tidal")
    lines = (root / "_toc.yml").read_text("utf-8").split("\n")
    line = next(at for at, one in enumerate(lines, 1) if "book/tidal" in one)
    told = [one for one in said(root) if one.startswith(f"_toc.yml:{line}: there is no page book/tidal - ")]
    assert len(told) == 1 and "did you mean book/tide" in told[0]


def test_a_setting_that_stands_twice_and_an_address_that_is_none_are_told(root: Path) -> None:
    change(root / "_config.yml", "html_static_path: []", "html_static_path: []\n    html_baseurl: example.org/tides/")
    with (root / "_config.yml").open("a", encoding="utf-8") as config:
        config.write("title: Another\n")
    found = said(root)
    line = (root / "_config.yml").read_text("utf-8").count("\n")
    assert any(one.startswith(f"_config.yml:{line}: title stands there a second time") for one in found)
    assert any("html_baseurl 'example.org/tides/' is not a web address" in one for one in found)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("claims", "lookers,harbour-log", "lookers,harbour-lag"), ("claims", ",,90,up_to", ",,ninety,up_to"),
    ("contradictions", "visitors,How many", "Visitors,How many"), ("events", "1953", "soon"),
])  # fmt: skip
def test_pages_are_read_whichever_row_is_at_fault(root: Path, name: str, old: str, new: str) -> None:
    change(root / f"data/{name}.csv", old, new)
    with (root / "book/tide.md").open("a", encoding="utf-8") as page:
        page.write("\nSome 4711 came, {fact}`lookers` and {fact}`counted-share`.\n")
    found = said(root)
    assert not any("cannot be read" in one for one in found)
    assert sum("untraced" in one for one in found) == 1
    assert not any("unknown fact" in one for one in found)


def test_what_only_a_run_can_know_is_not_missed(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    with (root / "book/tide.md").open("a", encoding="utf-8") as page:
        page.write("\nIt is {glue}`number`, or {eval}`number`.\n")
    assert said(root) == []


def test_what_an_edition_needs_of_the_data_package_is_asked_for(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    path = root / "data/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    for wrong in (None, "soon", "2026-13-01"):
        path.write_text(json.dumps({**package, "title": "", "created": wrong or ""}), "utf-8")
        renew_dictionary(root)
        assert said(root) == [
            "data/datapackage.json: created: there is no day on which the edition was made - "
            "write one, such as 2026-11-30",
            "data/datapackage.json: title: the report has no title - write one, which every edition shows",
        ]
    done = build(root)
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    assert "created: there is no day on which the edition was made" in done.stderr


def test_a_page_that_asks_for_rows_is_not_blamed_for_a_table_at_fault(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    table = "\n```{claims-table}\n:source_id: mainland-letter\n:theme: lamps\n```\n"
    page = root / "book/tide.md"
    page.write_text(page.read_text("utf-8") + table, "utf-8")
    (found,) = said(root)
    assert "no claim fits source_id mainland-letter and theme lamps - correct it" in found
    page.write_text(page.read_text("utf-8").replace(table, table.replace("\n:theme: lamps", "")), "utf-8")
    assert said(root) == []
    change(root / "data/sources.csv", "https://example.org/mainland-letter", "http://127.0.0.1/")
    (found,) = said(root)
    assert found.startswith("data/sources.csv:3: url: 'http://127.0.0.1/' is not a web address")


def test_a_formula_that_cannot_be_read_is_told_at_its_row_alone(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    change(root / "data/derived.csv", "{lookers} / {visitors-counted}", "1_000 / {visitors-counted}")
    (found,) = said(root)
    assert found.startswith("data/derived.csv:2: formula: 1_000 is not a plain number")


def test_a_verdict_is_not_judged_while_what_bears_it_out_may_be_left_out(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    add_checks(root)
    checks = root / "data/reference/checks.csv"
    with (root / "book/tide.md").open("a", encoding="utf-8") as page:
        page.write("\n```{verdict} disputed\nlamps-lit: The lamps were lit.\n```\n")
    assert said(root) == []
    change(checks, "A ledger of oil", "A ledger\x07 of oil")
    (found,) = said(root)
    assert found.startswith("data/reference/checks.csv:2: finding: U+0007")
    change(checks, "A ledger\x07 of oil", "A ledger of oil")
    change(checks, "lamps-lit", "water-rise")
    (found,) = said(root)
    assert "'lamps-lit' is credible by the tables, not disputed" in found
