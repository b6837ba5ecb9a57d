"""What a real Jupyter kernel gives is what a page gives in a fork; and a kernel is watched as a fork is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from evidencebook.execution import kernels
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from tests.executing import Book, book, project, text_of, warm

__all__ = ["book", "project", "warm"]  # fixtures
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

SAME = [
    "print('one')\nprint('two')\n3",
    "import sys\nprint('bad', file=sys.stderr)",  # a kernel tells its two streams in any order
    "_ + 1, In[1], Out[1]",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'))\ndisplay(Markdown('*y*'))\n'z'",
    "handle = display('first', display_id='d')\n'between'",
    "handle.update('second')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "print('shown until more comes')\nclear_output(wait=True)\nprint('more')",
    "1 / 0",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "%%capture told\nprint('captured')",
    "told.stdout",
    "!echo from a shell",
    "input('?')",
    "class Odd:\n    def _repr_html_(self): raise ValueError('in repr')\n    def __repr__(self): return 'odd'\nOdd()",
    "raise SystemExit(3)",
    "__name__, get_ipython().__class__.__name__",
    "from pathlib import Path\nPath.cwd().name, hash('fixed') == hash('fixed'), {'b', 'a', 'c'}",
    "import warnings\nwarnings.warn('careful')",
    "%matplotlib_is_not_here",
    "2 +",
    "'a;'; 4;",
]


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


def test_the_results_are_those_of_a_fresh_kernel(book: Book, project: Path) -> None:
    page = book.page(*SAME, may_fail=True)
    ours = book.build(page)["page"]
    kernel = kernels.run([page], (str(project),), 1, lambda *_: None)["page"]
    assert ours.failure is None and kernel.failure is None
    for code, mine, theirs in zip(SAME, plain(ours), plain(kernel), strict=True):
        assert mine == theirs, code
    assert ours.language == kernel.language


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
    assert len(pages) > 5
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
        assert any(output["data"].get("image/svg+xml") for ran in ours.ran for output in ran.outputs), page.name


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
