"""What keeps a wrong book from being built: problems are counted and listed, and refusals fail the build."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.build import checkfirst
from tests.small import Book


@pytest.fixture
def app(book: Book) -> Any:
    config = SimpleNamespace(evidence_execution="traced")
    return SimpleNamespace(srcdir=str(book.root), config=config, statuscode=0, env=object())


@pytest.mark.parametrize(
    ("edits", "last"),
    [
        ([("low", "70")], "1 problem in tables and pages; nothing was built.\n"),
        ([("low", "70"), ("unit", "")], "2 problems in tables and pages; nothing was built.\n"),
    ],
)
def test_all_problems_are_listed_before_anything_is_built(
    app: Any, book: Book, edits: list[tuple[str, str]], last: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("EVIDENCE_TEXTS", str(book.texts))
    checkfirst.check_first(app)  # nothing is wrong yet
    for line, (column, cell) in zip((5, 3), edits, strict=False):
        book.edit("claims", line, **{column: cell})
    with pytest.raises(SystemExit) as ended:
        checkfirst.check_first(app)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    assert err.startswith("data/claims.csv:") and err.endswith(last)
    assert len(err.splitlines()) == len(edits) + 1
    # Neither where the very same inputs were checked, nor where somebody checks them just now, nor for what was before.
    app.evidence_memory = SimpleNamespace(is_read=True)
    checkfirst.check_first(app)
    app.evidence_memory, app.config.evidence_execution = None, "never"
    checkfirst.check_first(app)
    app.config.evidence_execution = "stock"
    monkeypatch.setattr(checkfirst, "is_base", lambda root: root == Path(app.srcdir))
    checkfirst.check_first(app)
    assert capsys.readouterr() == ("", "")


def test_texts_that_are_named_and_not_there_stop_the_build(
    app: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVIDENCE_TEXTS", "none/here")
    app.evidence_memory = SimpleNamespace(is_read=True)
    with pytest.raises(SystemExit) as ended:
        checkfirst.check_first(app)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    assert err.count("\n") == 1 and "none/here" in err and err.endswith("; nothing was built.\n")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ({"a": 1}, "1 fault in pages, told above: nothing of this may be published, and no edition is made."),
        ({"a": 2, "b": 1}, "3 faults in pages, told above: nothing of this may be published, and no edition is made."),
        ({"a": 0}, ""),
        ({}, ""),
    ],
)
def test_what_was_refused_fails_the_build(
    app: Any, monkeypatch: pytest.MonkeyPatch, refused: dict[str, int], said: str
) -> None:
    told = list[str]()
    monkeypatch.setattr(checkfirst.LOGGER, "error", lambda text, *given: told.append(text % given))
    monkeypatch.setattr(checkfirst, "domain_of", lambda _: SimpleNamespace(data={"refused": refused}))
    checkfirst.fail_if_refused(app, ValueError())  # it fails anyway, and has said why
    assert (told, app.statuscode) == ([], 0)
    checkfirst.fail_if_refused(app, None)
    assert (told, app.statuscode) == (([said], 1) if said else ([], 0))
    app.statuscode = 0
    app.config.evidence_execution = "never"
    checkfirst.fail_if_refused(app, None)
    app.config.evidence_execution = "traced"
    monkeypatch.setattr(checkfirst, "is_base", lambda root: root == Path(app.srcdir))
    checkfirst.fail_if_refused(app, None)
    assert app.statuscode == 0 and len(told) == bool(said)
