"""What a new source changes outside its own files is done where nothing is to choose, and listed by line elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.intake import elsewhere
from evidencebook.tables import reading
from tests.building import copy_book

CONTENTS = """format: jb-book
root: book/index
chapters:
  - file: book/tide
  - file: seeds/one
  - file: seeds/two.md
"""
ABOUT = "Two articles of 1953 to 1960 say so; two newsrooms. Two articles and two boats came.\n"


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


OUTLETS = frozenset({"The Lamp", "The Mainland"})
TWO = elsewhere.Counted(2, 2, ("1953", "1960"), OUTLETS)
THREE = elsewhere.Counted(3, 3, ("1953", "1971"), OUTLETS | {"The Gull"})


def test_contents_and_counts_follow_a_source_more_and_one_fewer(root: Path) -> None:
    files: elsewhere.Files = {}
    done = elsewhere.follow(root, files, "three", TWO, THREE)
    assert done[0] == "_toc.yml: seeds/three named" and done[1].startswith("README.md: counts three articles now")
    assert files == {
        "_toc.yml": f"{CONTENTS}  - file: seeds/three\n".encode(),
        "README.md": b"Three articles of 1953 to 1971 say so; three newsrooms. Two articles and two boats came.\n",
    }, "a sentence with another number stays: it may follow from these"
    for name, content in files.items():
        (root / name).write_bytes(content or b"")
    back: elsewhere.Files = {}
    assert elsewhere.follow(root, back, "three", THREE, TWO)[0] == "_toc.yml: seeds/three taken out"
    assert back == {"_toc.yml": CONTENTS.encode(), "README.md": ABOUT.encode()}
    nine, ten = (elsewhere.Counted(number, 2, ("1953", "1960"), OUTLETS) for number in (9, 10))
    assert elsewhere.follow(root, {}, "one", nine, ten) == [], "which is named already, and nothing counts nine"


CARD = {"source_id": "three", "published": "1971-02", "origin_cluster": "gull", "outlet_original": "The Gull"}


def test_what_only_a_person_can_do_is_listed_with_its_line(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    for name, text in {
        "README.md": "Two articles of 1953 to 1960 say so; two newsrooms.\nThe Keeper and The Mainland say so.\n",
        "CHANGELOG.md": "# Changes\n",
        "book/both.md": "# A\n\nBoth say so, {src}`harbour-log` and {src}`mainland-letter`.\nTwo texts are few.\n",
        "book/figures/all.py": "x = 1\nfor one in EVIDENCE.claims.values():\n    pass\n",
        "data/more.csv": "event_id,description\na,Of two articles.\nb,Nothing.\n",
    }.items():
        (root / name).write_text(text, "utf-8")
    found = list(elsewhere.needs(root, CARD))
    for line in (
        "seeds/three.md: write what the article reports, how reliably, and what was left out",
        "README.md:1: counts two newsrooms, and there is one more",
        "README.md:2: names every newsroom; The Gull is one more",
        "README.md:1: tells of articles of 1953 to 1960, and this one is of 1971",
        "data/more.csv:2: counts two articles, and there is one more",
        "book/both.md:4: counts two articles, and there is one more",
        "CHANGELOG.md: tell readers of the new source",
        "book/figures/all.py:2: goes over whole tables; look at its charts for rows of three",
        "book/both.md:3: names every source; add {src}`three` where its claims are drawn or told",
    ):
        assert line in found, (line, found)
    known = {**CARD, "published": "1955", "origin_cluster": "keeper"}
    (cluster,) = {
        row["origin_cluster"] for row in reading.read(root)["sources"].rows if row["source_id"] == "harbour-log"
    }
    left = list(elsewhere.needs(root, {**known, "origin_cluster": cluster}))
    assert not [one for one in left if "newsroom" in one or "1953" in one]


def test_a_report_without_contents_is_told_where_the_note_belongs(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    (root / "_toc.yml").unlink()
    files: elsewhere.Files = {}
    assert elsewhere.follow(root, files, "three", TWO, THREE) == [] and files == {}
    assert "_toc.yml: name the note, `- file: seeds/three`, where it belongs" in elsewhere.needs(root, CARD)


def test_where_claims_of_a_topic_are_shown_by_their_ids_new_ones_are_missed(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    page = root / "book/figures/some.py"
    page.write_text("x = 1\nIDS = ('lookers', 'sum-paid', 'water-rise')\n", "utf-8")
    lacking = "book/figures/some.py:2: draws claims by ids, and not the new ones: visits (1 new)"
    assert lacking in elsewhere.shown(root, "mainland-letter")
    page.write_text("IDS = ('lookers', 'visitors-counted')\n", "utf-8")
    assert not [one for one in elsewhere.shown(root, "mainland-letter") if "some.py" in one]


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("In the {count}`sources` articles no other keeper speaks.", True),
        ("In the six articles behind this, only a keeper counts the lamps.", True),
        ("No article has a count of the lamps.", True),
        ("All articles but one tell of fog.", True),
        ("The tower is the tallest that the articles name.", False),  # of towers, which stay as tall
        ("Of the articles this is the first that names a keeper.", True),
        ("Most articles say that the fog had grown.", True),
        ("Nobody in these articles is paid.", True),
        ("The articles are cited by their keepers.", False),
        ("It is the only lamp outside the articles.", False),
        ("The keeper of the first lamp left.", False),
    ],
)
def test_what_one_article_more_could_make_wrong_is_to_be_read_again(root: Path, sentence: str, is_told: bool) -> None:
    (root / "book/tide.md").write_text(f"# Tide\n\nIt rose.\nIt fell. {sentence}\n", "utf-8")
    found = [one for one in elsewhere.read_again(root, "three") if one.startswith("book/tide.md")]
    assert [one.partition(": ")[0] for one in found] == (["book/tide.md:4"] if is_told else [])
    assert not found or " ".join(sentence.split()[:12]) in found[0]
