"""The report itself: its tables, its pages as written, and what must never be in the repository."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from evidencebook.check import anchors, checking
from evidencebook.evidence.sources import short_citation
from evidencebook.tables import reading

ROOT = Path(__file__).parents[1]
TEXTS = anchors.texts_dir(ROOT)
GIT = ("git", "-c", "safe.directory=*")  # a clone may be somebody else's, and a home that allows it missing
CHAPTERS = ("workforce", "surveillance", "wages", "sanctions", "defections", "together")
SHORT = ("together",)  # what the others have in common


def page(name: str) -> str:
    return (ROOT / "book" / f"{name}.md").read_text("utf-8")


def cells(text: str) -> list[str]:
    found = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", text, re.M | re.S)
    return [re.sub(r"\A(?:---\n.*?^---\n|(?::[^\n]*\n)+)", "", cell, flags=re.M | re.S).strip() for cell in found]


def prose_words(text: str) -> int:
    body = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.M | re.S)
    body = re.sub(r"^```.*?^```", "", body, flags=re.M | re.S)
    body = re.sub(r"^#+ .*$|^\(.*\)=$", "", body, flags=re.M)
    return len(body.split())


def spoken(text: str) -> str:
    """Return prose as it is read: without front matter, blocks, headings and sources, a role as its words or one."""
    text = re.sub(r"\A---\n.*?^---\n|^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"^#+ .*$|^\(.*\)=$", "", text, flags=re.M)
    text = re.sub(r" ?\(\{(?:src|ref)\}`[^`]*`\)", "", text)
    text = re.sub(r"\{quote\}`[^|`]*\|([^`]*)`", r"\1", text)
    return re.sub(r"\{\w+\}`[^`]*`", "value", text)


def test_the_tables_have_no_problem() -> None:
    report = checking.check(ROOT, TEXTS)
    assert [str(problem) for problem in report.problems] == []
    assert report.counts["claims"] >= 200


@pytest.mark.needs("texts")
def test_every_passage_stands_in_its_article_as_recorded() -> None:
    report = checking.check(ROOT, TEXTS)
    assert report.anchors_verified == report.counts["claims"]
    assert report.anchors_unverified == 0


def words(text: str) -> list[str]:
    return [w.lower() for w in re.findall(r"[A-Za-z0-9']+", text.replace("\u2019", "'").replace("\u2018", "'"))]


def titles() -> list[str]:
    with (ROOT / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def shared_runs(length: int) -> Iterator[str]:
    grams = set()
    for path in TEXTS.glob("*.txt"):
        own = words(path.read_bytes().decode("utf-8"))
        grams |= {tuple(own[i : i + length]) for i in range(len(own) - length + 1)}
    tracked = subprocess.run([*GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if path.suffix in {".woff2", ".png", ".webp"} or path.name.startswith("requirements") or not path.is_file():
            continue
        text = path.read_text("utf-8")
        for title in titles():
            text = text.replace(title, " \u00b6 ")
        own = words(text)
        for i in range(len(own) - length + 1):
            if tuple(own[i : i + length]) in grams:
                yield f"{name}: {' '.join(own[i : i + length])}"


@pytest.mark.needs("texts")
def test_no_run_of_more_than_ten_words_is_shared_with_an_article() -> None:
    assert list(shared_runs(11)) == []


@pytest.mark.needs("texts")
def test_the_search_for_shared_runs_finds_what_it_looks_for() -> None:
    assert any(shared_runs(3))


def test_the_articles_are_not_in_the_repository() -> None:
    done = subprocess.run([*GIT, "ls-files", "seeds/texts"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_neither_a_stub_nor_a_book(name: str) -> None:
    assert (300 if name in SHORT else 850) <= prose_words(page(name)) <= (600 if name in SHORT else 1_600)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_opens_with_its_answer_and_speaks_in_short_sentences(name: str) -> None:
    text = page(name)
    opening = re.split(r"^# .*\n", text, maxsplit=1, flags=re.M)[1]
    opening = re.split(r"^(?:```|## )", opening, maxsplit=1, flags=re.M)[0]
    assert prose_words(spoken(opening)) <= 90
    sentences = [one for one in spoken(text).splitlines() if len(one.split()) > 3 and one.rstrip().endswith((".", "?"))]
    assert sum(len(one.split()) for one in sentences) / len(sentences) <= 22


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_ends_with_what_its_evidence_cannot_show(name: str) -> None:
    headings = re.findall(r"^## (.*)$", page(name), re.M)
    assert headings[-1] == "What the evidence cannot show"


@pytest.mark.parametrize("name", CHAPTERS)
def test_cells_are_calls_and_no_plumbing(name: str) -> None:
    for cell in cells(page(name)):
        assert len(cell.splitlines()) <= 5
        tree = ast.parse(cell)
        for node in tree.body:
            is_import = isinstance(node, ast.ImportFrom) and node.module == "figures"
            is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            assert is_import or is_call, ast.unparse(node)


def figures() -> list[tuple[str, dict[str, str]]]:
    found = []
    for name in ("index", *CHAPTERS, "events", "carrying"):
        for block in re.findall(r"^```\{code-cell\}[^\n]*\n---\n(.*?)^---\n", page(name), re.M | re.S):
            found.append((name, yaml.safe_load(block)["mystnb"]["figure"]))
    return found


def test_there_are_at_least_twelve_figures_each_named_once_captioned_and_sourced() -> None:
    names = [figure["name"] for _, figure in figures()]
    assert len(names) == len(set(names)) >= 12
    for name, figure in figures():
        says = re.search(r"\{src\}`drawn`|Sources?: .*(?:\{src\}`|reference table)", figure["caption"])
        assert says, (name, figure["name"])


def test_sources_in_captions_are_parted_by_semicolons_since_each_holds_a_comma() -> None:
    for name, figure in figures():
        assert not re.search(r"`, (?:and )?\{src\}", figure["caption"]), (name, figure["name"])


def test_every_figure_says_in_sentences_what_it_shows_and_what_it_omits() -> None:
    for name, figure in figures():
        for said in (figure["shows"], figure["omits"]):
            assert said.endswith(".") and len(said.split()) > 5, (name, figure["name"])


def test_every_figure_is_announced_before_it_appears() -> None:
    for name, figure in figures():
        text = page(name)
        assert 0 < text.find("{numref}`" + figure["name"]) < text.find(f"name: {figure['name']}\n"), figure["name"]


def test_every_page_of_the_contents_exists_and_every_page_is_in_the_contents() -> None:
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    listed = set(re.findall(r"(?:file|root): (\S+)", toc))
    present = {
        p.relative_to(ROOT).with_suffix("").as_posix() for f in ("book", "seeds") for p in (ROOT / f).rglob("*.md")
    }
    included = {
        f"book/appendix/{name}" for name in re.findall(r"\{include\} (\S+)\.md", page("appendix/method"))
    }  # a part of a page
    assert listed == present - included and len(included) == 1


def test_every_source_has_a_page_with_its_card() -> None:
    with (ROOT / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            note = (ROOT / "seeds" / f"{row['source_id']}.md").read_text("utf-8")
            assert "{source-card} " + row["source_id"] in note


def test_the_page_of_a_source_bears_the_name_by_which_every_page_calls_it() -> None:
    for source in reading.read(ROOT)["sources"].rows:
        note = (ROOT / "seeds" / f"{source['source_id']}.md").read_text("utf-8")
        assert f"\n# {short_citation(source)}\n" in note


def test_the_engine_knows_nothing_of_the_topic() -> None:
    topical = {row["source_id"] for row in _rows("sources")} | {row["claim_id"] for row in _rows("claims")}
    for path in (ROOT / "src/evidencebook").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"north korea|pyongyang|in china|dandong|defect|resolution 2\d{3}", text, re.I), path
        assert not [name for name in topical if name in text], path


def _rows(table: str) -> list[dict[str, str]]:
    with (ROOT / f"data/{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_citation_file_and_the_data_package_name_the_same_edition() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    package = yaml.safe_load((ROOT / "data/datapackage.json").read_text("utf-8"))
    assert str(citation["version"]) == package["version"]
    assert str(citation["date-released"]) == package["created"][:10]
    assert citation["title"] == package["title"]
