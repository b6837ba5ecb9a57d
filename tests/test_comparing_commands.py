"""Commands that compare and record: what they refuse, and the rows that stand behind what a page shows."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from docutils import nodes

from evidencebook import cli
from evidencebook.build import telling
from evidencebook.changes import bases, commands, noting, recording
from evidencebook.changes import manifest as manifests
from evidencebook.changes import page as changes_page
from evidencebook.changes import telling as telling_changes
from evidencebook.changes.causes import Behind
from evidencebook.changes.comparing import Difference
from evidencebook.changes.manifest import Kept, Manifest, PageSaid
from evidencebook.changes.noting import Noting
from evidencebook.changes.sentences import Sentence, Shown, sentences
from evidencebook.edition import edition
from evidencebook.evidence.history import Change
from tests.building import copy_book


@pytest.fixture
def tides(tmp_path: Path) -> Path:
    return copy_book(tmp_path)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli.main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def manifest(*sentences: Sentence, digest: str = "0" * 12, **facts: str) -> Manifest:
    page = PageSaid("Page", "page.html", "1", "same", list(sentences), [])
    rows = {("claims", name): {"claim_id": name, "value": value} for name, value in facts.items()}
    return Manifest("1", digest, {"page": page}, {name: (value, "") for name, value in facts.items()}, rows)


# --- diff -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nothing", "is no manifest that is kept, and the report lies in no repository of git"),
        (
            "FILE",
            "it is no manifest of an edition (BadGzipFile) - name a file that a build has kept in _build/manifests",
        ),
    ],
)
def test_what_cannot_be_compared_with_is_told(
    tides: Path, named: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tides.parent))
    file = tides / "x.json.gz"
    file.write_bytes(b"{}")
    code, _, err = run("diff", "--root", str(tides), str(file) if named == "FILE" else named)
    assert code == 1 and said in err and "Traceback" not in err


def test_without_git_a_kept_manifest_can_be_named(tides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(tides / "_build").keep(manifest(), is_latest=False)
    monkeypatch.setenv("PATH", "")
    assert bases.find(tides, "0" * 12, print).digest == "0" * 12
    with pytest.raises(bases.NoBase, match="git is not installed - install it, or name a manifest that is kept"):
        bases.find(tides, "HEAD", print)


def committed(root: Path, message: str) -> str:
    git = ("git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", message], check=True)
    return subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()


def test_a_base_is_a_revision_or_the_version_of_an_edition_that_holds_the_report(
    tides: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    subprocess.run(["git", "init", "-q", str(tides.parent)], check=True)
    (tides.parent / "x").touch()
    root, aside = tides, tides.rename(tides.with_name("aside"))
    (tides.parent / ".gitignore").write_text("aside\nout\n", "utf-8")
    before = committed(tides.parent, "Nothing yet")
    aside.rename(root)
    editions = root / bases.EDITIONS
    editions.write_text("version,released,why\n1.0,2020-01-01,It began\n", "utf-8")
    (root / "src/evidencebook").mkdir(parents=True)
    (root / "src/evidencebook/old.py").write_text("old\n", "utf-8")
    first = committed(root, "The first edition")
    editions.write_text("version,released,why\n1.0,2020-01-01,It began\n1x0,2021-01-01,More\n", "utf-8")
    last = committed(root, "Another")
    assert [bases._revision(root, one) for one in ("1.0", "1x0", "HEAD", last[:9])] == [first, last, last, last]
    for named in ("2.0", "no/such", "--all"):
        with pytest.raises(bases.NoBase, match="is no revision, recorded edition or kept manifest - `git log`"):
            bases._revision(root, named)
    with pytest.raises(bases.NoBase, match=f"the report is not in {before[:12]} - name a revision that has it"):
        bases._check_out(root, before, out)
    bases._check_out(root, first, out)
    assert (out / bases.EDITIONS).read_text("utf-8").count("\n") == 2
    assert (out / "src/evidencebook/changes/bases.py").is_file() and not (out / "src/evidencebook/old.py").exists()


@pytest.mark.parametrize("without", [False, True])
def test_what_a_build_of_a_base_said_is_told_where_it_failed(
    tides: Path, tmp_path: Path, without: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "\n".join(f"line {number}" for number in range(100))
    monkeypatch.setattr(bases, "_run", lambda *_, **__: subprocess.CompletedProcess([], 2, said, ""))
    told = "the book cannot be built without a, b; it said" if without else "old cannot be built with today's engine"
    with pytest.raises(bases.NoBase, match=told) as raised:
        if without:
            bases.built_without(tides, ("a", "b"), tmp_path)
        else:
            bases.built(tides, Kept(tmp_path), "old")
    assert str(raised.value).endswith("line 99") and "line 1\n" not in str(raised.value)


def test_a_revision_of_the_same_tables_is_not_built(tides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_out(root: Path, commit: str, folder: Path) -> None:
        copy_book(folder.parent, folder.name)

    monkeypatch.setattr(bases, "_revision", lambda *_: "c" * 40)
    monkeypatch.setattr(bases, "_check_out", check_out)
    digest = edition(tides).digest
    Kept(tides / "_build").keep(manifest(digest=digest), is_latest=False)
    assert bases.find(tides, "HEAD", print).digest == digest


@pytest.mark.parametrize("does", ["fail", "nothing", "keep"])
def test_an_edition_that_is_not_there_is_built_first(tides: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    def build(teller: telling.Teller, kind: str) -> None:
        if does == "fail":
            raise telling.BuildFailed(kind)
        if does == "keep":
            kept.keep(manifest(Sentence("", "text", "More."), digest=edition(tides).digest), is_latest=True)

    monkeypatch.setattr(telling, "build", build)
    kept = Kept(tides / "_build")
    kept.keep(manifest(Sentence("", "text", "Much.")), is_latest=False)
    code, out, err = run("diff", "--root", str(tides), "0" * 12, "--html")
    assert code == (0 if does == "keep" else 1) and "Building the web edition" in err
    assert ("the build kept no manifest" in err) is (does == "nothing")
    if does == "keep":
        assert "More." in out and "<ins>More.</ins>" in (tides / "_build" / changes_page.PAGE).read_text("utf-8")


# --- edition, rename, without -----------------------------------------------------------------------------------------


def test_of_many_changes_the_first_are_told(tides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [Change("1.0", f"fact-{n}", "restated", "", "40") for n in range(commands.MOST_TOLD + 2)]
    monkeypatch.setattr(recording, "record", lambda *_: changes)
    code, out, _ = run("edition", "new", "1.0", "--why", "All.", "--root", str(tides))
    assert code == 0 and f"fact-{commands.MOST_TOLD - 1}: (new) -> 40\nand 2 more\n" in out


def test_what_cannot_be_recorded_or_renamed_is_refused_in_a_line(tides: Path) -> None:
    said = [
        (("edition", "new", "1.0", "--why", "x"), "there is no table 'editions' - describe it"),
        (("rename", "lookers", "Onlookers!"), "'Onlookers!' is no id - write small letters, digits and hyphens"),
        (("rename", "lokers", "onlookers"), "there is no claim or derived value 'lokers' - did you mean lookers?"),
        (("rename", "zzzz-zzzz", "onlookers"), "there is no claim or derived value 'zzzz-zzzz'\n"),
        (("rename", "lookers", "sum-paid"), "'sum-paid' is or was the id of another fact"),
        (("rename", "lookers", "onlookers"), "the report has no table 'history', in which the old id would live on"),
    ]
    for words, what in said:
        code, _, err = run(*words, "--root", str(tides))
        assert code == 1 and what in err, err


def test_a_package_without_a_version_cannot_be_given_one(tides: Path) -> None:
    path = tides / "data/datapackage.json"
    for version in (False, True):
        text = path.read_text("utf-8")
        if version:
            path.write_text(
                text.replace("{", '{\n  "version": "0.1",\n  "created": "2026-01-01T00:00:00Z",', 1), "utf-8"
            )
        if '"version"' not in path.read_text("utf-8"):
            with pytest.raises(recording.Refused, match=r'datapackage\.json has no "version" - add it'):
                recording._versioned(tides, "1.0", "2026-11-30")
    (tides / "CITATION.cff").unlink(missing_ok=True)
    package, cited = recording._versioned(tides, "1.0", "2026-11-30")
    assert '"version": "1.0"' in package and '"created": "2026-11-30T00:00:00Z"' in package and cited == ""


def test_a_report_without_some_source_is_told_before_and_after(tides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("without", "--root", str(tides), "harbour-lug")
    assert code == 2 and "unknown source 'harbour-lug' - did you mean harbour-log?" in err
    code, _, err = run("without", "--root", str(tides), "zzzzzzzzz")
    assert code == 2 and "harbour-log" in err

    def fails(*_: object) -> Manifest:
        raise bases.NoBase("the book cannot be built without it")

    monkeypatch.setattr(bases, "built_without", fails)
    assert run("without", "--root", str(tides), "harbour-log")[0] == 1
    gap = Sentence("", "text", "There were [gone without harbour-log].")
    monkeypatch.setattr(bases, "built_without", lambda *_: manifest(gap))
    assert "can be told once the report itself is built" in run("without", "--root", str(tides), "harbour-log")[1]
    Kept(tides / "_build").keep(
        manifest(Sentence("", "text", "There were 40."), digest=edition(tides).digest), is_latest=True
    )
    assert "1 sentence with a gap" in run("without", "--root", str(tides), "harbour-log")[1]


# --- what stands behind, and what contradicts -------------------------------------------------------------------------

ROWS = {
    ("claims", "few"): {"claim_id": "few", "theme": "wages", "event_id": "fire", "source_id": "paper"},
    ("claims", "many"): {"claim_id": "many", "theme": "work"},
    ("derived", "broken"): {"derived_id": "broken", "formula": "{few"},
    ("contradictions", "pair"): {"pair_id": "pair", "claim_a": "few", "claim_b": "many"},
    ("events", "fire"): {"event_id": "fire"},
    ("sources", "paper"): {"source_id": "paper"},
    ("checks", "c"): {"check_id": "c", "claim_id": "few"},
}


@pytest.mark.parametrize(
    ("kind", "entry", "rows"),
    [
        ("event", "fire", {("events", "fire"), ("claims", "few")}),
        ("source", "paper", {("sources", "paper")}),
        ("source-card", "paper", {("sources", "paper"), ("claims", "few")}),
        ("contradiction", "pair", {("contradictions", "pair")}),
        ("value", "events-fire", {("events", "fire")}),
        ("table", "checks", {("checks", "c")}),
        ("count", "claims theme=wages", {("claims", "few")}),
        ("count", "claims theme!=wages by theme", {("claims", "many")}),
        ("fact", "broken", {("derived", "broken")}),
        ("fact", "nobody", set()),
        ("legend", "few", set()),
        ("ledger", "few", set(ROWS) - {("claims", "many"), ("derived", "broken")}),
    ],
)  # fmt: skip
def test_behind_each_kind_of_what_is_shown_stand_its_rows(kind: str, entry: str, rows: set[tuple[str, str]]) -> None:
    behind = Behind(ROWS, ROWS.keys())
    assert behind.of(kind, entry) == rows == behind.of(kind, entry)


def shown(text: str, *values: str) -> Sentence:
    return Sentence("", "text", text, tuple(Shown("fact", f"fact-{n}", words) for n, words in enumerate(values)))


@pytest.mark.parametrize(
    ("text", "values", "told"),
    [
        ("It fell from 60 to 70.", ("60", "70"), "“fell from 60 to 70” runs the other way"),
        ("It fell from 70 to 60.", ("70", "60"), ""),
        ("Between 70 and 60 came.", ("70", "60"), "“Between 70 and 60” runs the other way"),
        ("They went from 70 to 60.", ("70", "60"), ""),  # whichever way that is
        ("It rose from 40–50 to 30.", ("40–50", "30"), ""),  # of a range nobody knows
        ("It rose from 70 and, of late, many days on, 60.", ("70", "60"), ""),
        ("up to over 50", ("over 50",), "“up to” stands before “over 50”"),
        ("It had none of them.", ("50",), ""),
    ],
)
def test_a_sentence_that_says_the_contrary_of_its_values_is_told(text: str, values: tuple[str, ...], told: str) -> None:
    old = manifest(shown("As it was.", "1"), **{"fact-0": "1"})
    found = [reason for _, reason in Difference(old, manifest(shown(text, *values), **{"fact-0": "1"})).contradicting]
    assert found == ([told] if told else [])


def test_a_number_that_a_value_has_lost_is_told_where_it_still_stands() -> None:
    old = manifest(shown("It was 50, and 7 in all, not 1.", "50"), **{"fact-0": "1, 7 and 50"})
    new = manifest(shown("It was 60, and 7 in all, not 1.", "60"), **{"fact-0": "60"})
    assert [reason for _, reason in Difference(old, new).contradicting] == ["“7” is what fact-0 was before"]


def pages(name: str, *sentences: Sentence, source: str = "same") -> dict[str, PageSaid]:
    return {name: PageSaid(name.title(), f"{name}.html", "", source, list(sentences), [])}


def edition_of(found: dict[str, PageSaid], rows: dict[tuple[str, str], dict[str, str]], **facts: str) -> Manifest:
    return Manifest(
        "1", "0" * 12, found, {name: (value, "doubtful" * (value == "")) for name, value in facts.items()}, rows
    )


def test_everything_that_moved_is_told_in_both_forms_and_nothing_that_did_not() -> None:
    seen = Sentence("ledger-a", "text", "See \ue000entry 4\ue001.")
    old = edition_of(
        {**pages("one", seen, Sentence("", "text", "It was 4.")), **pages("gone", Sentence("", "text", "Bye."))},
        {("claims", "a"): {"value": "4", "note": "x"}, ("claims", "b"): {"value": "1"}},
        a="4", b="1", c="9",
    )  # fmt: skip
    new = edition_of(
        {**pages("one", seen._replace(marked="See \ue000entry 5\ue001."), Sentence("", "text", "It was 5.")),
         **pages("new", Sentence("", "text", "Hello."))},
        {("claims", "a"): {"value": "", "note": "x"}, ("claims", "b"): {"value": "1"}},
        a="", b="1", d="2",
    )  # fmt: skip
    difference = Difference(old, new)
    told = "\n".join(telling_changes.text(difference))
    assert "  changed   claims a\n    value: 4 -> (empty)" in told and "claims b" not in told and "note" not in told
    assert "  a: 4 -> no figure (doubtful)" in told and "  c: 9 -> (gone)" in told and "  d: (new) -> 2" in told
    assert "    - It was 4.\n    + It was 5.\n      because of what the page counts, lists or computes" in told
    assert (
        "    + Hello.\n      because of the page came" in told and "    - Bye.\n      because of the page went" in told
    )
    assert "In 1 sentence only numbers of entries or the digest moved." in told
    assert "Figures" not in told and "contradict" not in told
    marked = "\n".join(telling_changes.markdown(difference))
    assert "- Rows changed: `claims a`." in marked and "Rows added" not in marked
    assert "- ~~It was 4.~~ It was 5. (" in marked and "- Hello. (" in marked and "- ~~Bye.~~ (" in marked
    assert "### Figures" not in marked
    assert "1 sentence with nothing new but numbers" in changes_page.page(difference)


def test_of_two_that_are_the_same_nothing_is_told() -> None:
    one = edition_of(pages("one", Sentence("", "text", "Much.")), {})
    assert len(list(telling_changes.text(Difference(one, one)))) == 1
    other = edition_of(pages("one", Sentence("", "text", "More."), source="edited"), {})
    assert "because of an edit of the page" in "\n".join(telling_changes.text(Difference(one, other)))
    code = edition_of(pages("one", Sentence("", "text", "More.")), {})
    marked = "\n".join(telling_changes.markdown(Difference(one, code)))
    assert "(code or settings of the book)" in marked and "| value |" not in marked


def test_words_of_html_that_an_edition_adds_and_rows_of_tables_are_sentences() -> None:
    row = nodes.row("", nodes.entry("", nodes.paragraph("", "Many came. Few left.")))
    named = nodes.reference("", "entry 4 of it", refuri="ledger.html#ledger-many")
    count = nodes.inline("{count}`claims theme=wages|digits`", "7", classes=["count"])
    inner = nodes.paragraph(
        "", "", nodes.Text("Beside "), named, nodes.Text(" and "), count, nodes.raw("", "<b>&amp; x</b>", format="html")
    )
    inner += nodes.raw("", "\\LaTeX", format="latex")
    tree = nodes.section("", nodes.title("", "Title"), ids=["top"])
    tree += nodes.table("", nodes.tgroup("", nodes.tbody("", row)), ids=["tab-x"])
    tree += nodes.figure("", nodes.caption("", "Words"), ids=["fig-x"])
    tree += [inner, nodes.raw("", "<p>So it is.</p>", format="html"), nodes.raw("", "no", format="latex")]
    tree += nodes.container("", nodes.Text("Loose "), nodes.paragraph("", "within"), nodes.Text("  "))
    tree += nodes.container("", nodes.raw("", "<p>&lt;Within.</p>", format="html"), nodes.raw("", "no", format="latex"))
    tree += nodes.paragraph("", "", nodes.comment("", "unread"), nodes.Text(" "))
    tree += nodes.inline("", "x", ids=["row-events-fire"])
    found = list(sentences(tree, digest="within"))
    assert [(one.anchor, one.block, one.text) for one in found] == [
        ("top", "heading", "Title"), ("tab-x", "table", "Many came."), ("tab-x", "table", "Few left."),
        ("fig-x", "caption", "Words"), ("top", "text", "Beside entry 4 of it and 7& x"), ("top", "text", "So it is."),
        ("top", "text", "Loose"), ("top", "text", "within"), ("top", "text", "<Within."), ("top", "text", "x"),
    ]  # fmt: skip
    shows = {(what.kind, what.entry) for one in found for what in one.shown}
    assert shows == {("entry", "many"), ("count", "claims theme=wages"), ("value", "events-fire")}


def test_only_the_newest_manifests_are_kept_and_one_of_another_form_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path)
    for number in range(manifests.KEPT + 2):
        kept.keep(manifest(digest=f"{number:012x}"), is_latest=True)
        os.utime(tmp_path / "manifests" / f"{number:012x}{manifests.ENDING}", (number, number))
    assert [kept.of(f"{number:012x}") is not None for number in (0, 1, 2)] == [False, False, True]
    assert kept.latest() is not None and kept.of("../../etc") is None
    path = tmp_path / f"x{manifests.ENDING}"
    path.write_bytes(gzip.compress(json.dumps({"form": 0}).encode()))
    with pytest.raises(bases.NoBase, match="it was made by another version of the engine - name a file"):
        bases.find(tmp_path, str(path), print)


def test_the_page_of_changes_leaves_out_what_did_not_move() -> None:
    same = Difference(manifest(shown("Much.", "1")), manifest(shown("Much.", "1")))
    told = changes_page.page(same)
    assert "<h2>" not in told and "<details>" not in told


# --- after a build ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", [False, True])
def test_an_edition_is_compared_beside_other_work_and_once_more_where_that_fails(
    tides: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    asked, here = list[bool](), os.getpid()

    def compared(_: Noting, app: Any) -> tuple[bytes, str, bytes]:
        asked.append(True)
        if fails and os.getpid() != here:
            raise RuntimeError("the process that helps")
        return b"manifest", "3 sentences moved", b"the page"

    build = tides / "_build"
    app: Any = SimpleNamespace(
        srcdir=str(tides), doctreedir=str(build / ".doctrees"), connect=lambda *_, **__: None,
        keep_going=False, warningiserror=False, statuscode=0, _warncount=0,
    )  # fmt: skip
    monkeypatch.setattr(noting, "processors", lambda: 2)
    monkeypatch.setattr(Noting, "_compared", compared)
    noted = Noting(app)
    noted.begin(app, None)
    noted.end(app, None)
    assert asked == [True] * fails  # what another process did does not show here
    assert (build / changes_page.PAGE).read_text("utf-8") == "the page"
    assert (build / manifests.MOVED).read_text("utf-8") == "3 sentences moved"
    assert (build / manifests.FOLDER / f"{edition(tides).digest}{manifests.ENDING}").read_bytes() == b"manifest"
