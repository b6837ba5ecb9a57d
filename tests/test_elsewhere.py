"""What a new source changes outside its own files is done where nothing is to choose, and listed by line elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.intake import elsewhere

CONTENTS = """format: jb-book
root: book/index
chapters:
  - file: book/tide
  - file: seeds/one
  - file: seeds/two.md
"""
ABOUT = "Two articles of 1953 to 1960 say so; two newsrooms, two boats, and 2 published sources.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "_toc.yml": CONTENTS,
        "README.md": ABOUT,
        "CITATION.cff": "abstract: Nothing is counted here.\n",
        "CHANGELOG.md": "# Changes\n",
        "book/index.md": "# A\n\nBoth say so, {src}`one` and {src}`two`.\nTwo texts are few.\n",
        "book/figures/all.py": "x = 1\nfor one in EVIDENCE.claims.values():\n    pass\n",
        "book/figures/some.py": "EVIDENCE.fact('a')\n",
        "data/events.csv": "event_id,description\na,Of two articles.\nb,Nothing.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_contents_and_counts_follow_a_source_more_and_one_fewer(root: Path) -> None:
    files: elsewhere.Files = {}
    assert elsewhere.follow(root, files, "three", 2, 1) == [
        "_toc.yml: seeds/three named", "README.md: two became three",
    ]  # fmt: skip
    assert files == {
        "_toc.yml": f"{CONTENTS}  - file: seeds/three\n".encode(),
        "README.md": ABOUT.replace("Two articles", "Three articles").replace("2 published", "3 published").encode(),
    }
    for name, content in files.items():
        (root / name).write_bytes(content or b"")
    back: elsewhere.Files = {}
    assert elsewhere.follow(root, back, "three", 3, -1) == [
        "_toc.yml: seeds/three taken out", "README.md: three became two",
    ]  # fmt: skip
    assert back == {"_toc.yml": CONTENTS.encode(), "README.md": ABOUT.encode()}
    assert elsewhere.follow(root, {}, "one", 9, 1) == [], "which is named already, and nothing counts nine"


def test_what_only_a_person_can_do_is_listed_with_its_line(root: Path) -> None:
    assert list(elsewhere.needs(root, "three", "1971", 2, True, ["one", "two"])) == [
        "seeds/three.md: write what the article reports, how reliably, and what was left out",
        "README.md:1: counts two newsrooms, and there is one more",
        "README.md:1: tells of articles of 1953 to 1960, and this one is of 1971",
        "data/events.csv:2: counts two articles, and there is one more",
        "book/index.md:4: counts two articles, and there is one more",
        "CHANGELOG.md: tell readers of the new source",
        "book/figures/all.py:2: goes over whole tables; look at its charts for rows of three",
        "book/index.md:3: names every source; add {src}`three` where its claims are drawn or told",
    ]
    left = list(elsewhere.needs(root, "three", "1955", 2, False, ["one", "two"]))
    assert not any("newsrooms" in one or "1953" in one for one in left)


def test_a_report_without_contents_and_pages_needs_the_note_alone(tmp_path: Path) -> None:
    files: elsewhere.Files = {}
    assert elsewhere.follow(tmp_path, files, "three", 2, 1) == [] and files == {}
    assert list(elsewhere.needs(tmp_path, "three", "XXXX", 2, True, ["one"])) == [
        "seeds/three.md: write what the article reports, how reliably, and what was left out",
        "_toc.yml: name the note, `- file: seeds/three`, where it belongs",
    ]
