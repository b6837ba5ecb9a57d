"""The chapters give in a fork what they give in a real Jupyter kernel; and a kernel is watched as a fork is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from tests.executing import Book, book, project, text_of, warm

__all__ = ["book", "project", "warm"]  # fixtures
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

CELL = re.compile(r"<ipython-input[^>]*>|[^\s(]*\d{6,}\.py")


def plain(outcome: Outcome) -> list[Any]:
    """The results but for the name of a cell's code, which in a kernel holds the number of its process."""
    shown = []
    for ran in outcome.ran:
        outputs = [{key: value for key, value in one.items() if key != "traceback"} for one in ran.outputs]
        for one in outputs:
            one.update({key: CELL.sub("CELL", one[key]) for key in ("text", "evalue") if key in one})
        shown.append([ran.count, outputs])
    return shown


def chapters() -> list[Page]:
    """The executed pages of the report, as a build reads them."""
    found = []
    for path in sorted((ROOT / "book").glob("*.md")):
        text = path.read_text("utf-8")
        reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
        if reader is not None:
            found.append(Page.of(reader.read(text), f"book/{path.stem}", path.parent, text, 120))
    return found


@pytest.mark.thorough
def test_every_chapter_gives_in_a_fork_what_it_gives_in_a_fresh_kernel(tmp_path: Path) -> None:
    pages = chapters()
    assert sum(any(cell.is_executed for cell in page.cells) for page in pages) > 5
    folders = [ROOT / "book", ROOT / "src"]
    found = []
    for use_kernels in (False, True):
        store = Store(tmp_path / str(use_kernels))
        runner = Runner(ROOT, store, folders, lambda _: None, use_kernels=use_kernels)
        found.append(runner.run(pages))
        runner.close()
    for page in pages:
        ours, kernel = (outcomes[page.name] for outcomes in found)
        assert ours.failure is None and kernel.failure is None, page.name
        assert plain(ours) == plain(kernel), page.name
        pictures = [output for ran in ours.ran for output in ran.outputs if output["data"].get("image/svg+xml")]
        assert bool(pictures) == any(cell.is_executed for cell in page.cells), page.name


def test_a_kernel_is_watched_as_well(book: Book) -> None:
    path = book.write("data/a.txt", "1")
    page = book.page("from pathlib import Path", "Path('../data/a.txt').read_text()")
    for text in ("1", "2"):
        path.write_text(text, "utf-8")
        runner = Runner(book.folder, book.store, [book.root], book.decisions.append, use_kernels=True)
        assert text_of(runner.run([page])["page"]) == repr(text)
    assert "data/a.txt changed" in book.reasons


def test_a_result_of_which_nobody_knows_what_it_read_is_not_remembered(book: Book) -> None:
    path = book.write("data/a.txt", "1")
    # The page takes the recorder away, as one in a language without a recorder has none.
    meddling = "import sys\nsys.modules.pop('evidencebook_recorder', None)\nopen('../data/a.txt').read()"
    for text in ("1", "2"):
        path.write_text(text, "utf-8")
        runner = Runner(book.folder, book.store, [book.root], book.decisions.append, use_kernels=True)
        assert text_of(runner.run([book.page(meddling)])["page"]) == repr(text)
