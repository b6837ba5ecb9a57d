"""What MyST-NB's settings do is what they do here, in books that use nothing else of the engine."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat.v4
import pytest
from bs4 import BeautifulSoup
from myst_nb.core.execute import ExecutionError
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
HEAD = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
Notebook = dict[str, Any]


class Built:
    """A book, and what came of its last build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told = self.warned = ""

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")

    def page(self, *cells: str, head: str = HEAD, name: str = "index.md", prose: str = "") -> None:
        blocks = "".join(f"```{{code-cell}} python\n{cell}\n```\n\n" for cell in cells)
        self.write(name, f"{head}# A page\n\n{blocks}{prose}")

    def notebook(self, *cells: tuple[str, list[Notebook]], name: str = "index.ipynb", **metadata: Any) -> None:
        made = [nbformat.v4.new_code_cell(source, outputs=outputs) for source, outputs in cells]
        made.insert(0, nbformat.v4.new_markdown_cell("# A page"))
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, **metadata}
        self.write(name, nbformat.writes(nbformat.v4.new_notebook(cells=made, metadata=kernel)))

    def build(self, **settings: Any) -> int:
        told, warned = io.StringIO(), io.StringIO()
        extensions = ["myst_nb", "evidencebook.execution", *settings.pop("extensions", ())]
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                self.root, None, self.root / "_build/html", self.root / "_build/trees", "html",
                {"extensions": extensions, "html_theme": "basic", "nb_execution_timeout": 60, **settings},
                told, warned, keep_going=True,
            )  # fmt: skip
            try:
                app.build()
            finally:
                self.told, self.warned = told.getvalue(), COLOURS.sub("", warned.getvalue())
        return int(app.statuscode)

    @property
    def shown(self) -> str:
        """All outputs of the first page, in one line."""
        html = BeautifulSoup((self.root / "_build/html/index.html").read_text("utf-8"), "html.parser")
        return " | ".join(" ".join(one.get_text().split()) for one in html.select(".cell_output, .pasted-text, p"))

    @property
    def executed(self) -> bool:
        return "executed in" in self.told.replace("pages executed in", "")


@pytest.fixture
def book(tmp_path: Path) -> Built:
    return Built(tmp_path / "book")


def stored(text: str) -> list[Notebook]:
    return [nbformat.v4.new_output("stream", name="stdout", text=text)]


def test_a_page_is_executed_and_its_notebook_written(book: Built) -> None:
    book.page("print('one')", "1 + 1")
    book.build()
    assert book.warned == ""
    assert book.shown == "one | 2"
    made = json.loads((book.root / "_build/jupyter_execute/index.ipynb").read_text("utf-8"))
    assert [cell.get("execution_count") for cell in made["cells"] if cell["cell_type"] == "code"] == [1, 2]
    assert made["metadata"]["language_info"]["name"] == "python"


@pytest.mark.parametrize("mode", ["auto", "cache", "force"])
def test_missing_outputs_are_made_in_every_mode_that_executes(book: Built, mode: str) -> None:
    book.notebook(("print('made')", []))
    book.build(nb_execution_mode=mode)
    assert (book.shown, book.executed) == ("made", True)


@pytest.mark.parametrize(
    ("mode", "shown"), [("auto", "stored"), ("off", "stored"), ("force", "made"), ("cache", "made")]
)
def test_stored_outputs_are_taken_where_mystnb_takes_them(book: Built, mode: str, shown: str) -> None:
    book.notebook(("print('made')", stored("stored\n")))
    book.build(nb_execution_mode=mode)
    assert (book.shown, book.executed) == (shown, shown == "made")


def test_one_missing_output_has_the_whole_notebook_executed(book: Built) -> None:
    book.notebook(("print('made')", stored("stored\n")), ("x = 1", []))
    book.build(nb_execution_mode="auto")
    assert book.shown.startswith("made")


def test_pages_may_be_left_out_by_pattern(book: Built) -> None:
    book.notebook(("print('made')", []))
    book.build(nb_execution_excludepatterns=["*.ipynb"])
    assert (book.shown, book.executed) == ("", False)


def test_a_page_may_say_for_itself_that_it_is_not_executed(book: Built) -> None:
    book.page("print('made')", head=HEAD.replace("---\nfile", "---\nmystnb: {execution_mode: 'off'}\nfile"))
    book.build()
    assert (book.shown, book.executed) == ("", False)


def test_a_page_may_ask_for_execution_where_the_book_does_not(book: Built) -> None:
    book.page("print('made')", head=HEAD.replace("---\nfile", "---\nmystnb: {execution_mode: 'force'}\nfile"))
    book.build(nb_execution_mode="off")
    assert (book.shown, book.executed) == ("made", True)


def test_a_failing_cell_is_told_with_page_cell_and_line_and_what_was_shown_stays(book: Built) -> None:
    book.page("print('before')", "x = 1\nprint('printed')\n1 / 0", "print('never')")
    assert book.build() == 0
    assert re.search(r"index\.md:14: WARNING: cell 2, line 3: ZeroDivisionError: division by zero", book.warned)
    assert book.shown.startswith("before | printed ---")
    assert "ZeroDivisionError" in book.shown
    assert "never" not in book.shown
    report = book.root / "_build/html/reports/index.err.log"
    assert "ZeroDivisionError: division by zero" in COLOURS.sub("", report.read_text("utf-8"))
    assert "(its traceback: _build/reports/index.err.log)" in book.warned
    assert (book.root / "_build/reports/index.err.log").read_text("utf-8") == report.read_text("utf-8")
    assert "Traceback" not in book.warned


def test_the_traceback_is_shown_on_request(book: Built) -> None:
    book.page("1 / 0")
    book.build(nb_execution_show_tb=True)
    assert "Traceback (most recent call last)" in book.warned


def test_errors_may_be_allowed_for_all(book: Built) -> None:
    book.page("1 / 0", "print('goes on')")
    book.build(nb_execution_allow_errors=True)
    assert book.warned == ""
    assert "ZeroDivisionError" in book.shown
    assert book.shown.endswith("goes on")


@pytest.mark.parametrize("tag", ["raises-exception"])
def test_errors_may_be_allowed_for_a_cell(book: Built, tag: str) -> None:
    book.page(f":tags: [{tag}]\n1 / 0", "print('goes on')")
    book.build()
    assert book.warned == ""
    assert book.shown.endswith("goes on")


def test_a_cell_may_be_skipped(book: Built) -> None:
    book.page("x = 1", ":tags: [skip-execution]\nx = 2", "print(x)")
    book.build()
    assert book.shown == "1"


def test_a_program_that_calls_sphinx_gets_an_execution_error(book: Built) -> None:
    book.page("1 / 0")
    with pytest.raises(ExecutionError, match="index"):
        book.build(nb_execution_raise_on_error=True)
    assert "cell 1, line 1: ZeroDivisionError" in book.warned
    book.page("print('mended')")
    book.build(nb_execution_raise_on_error=True)
    assert book.shown == "mended"


def test_a_page_may_take_too_long(book: Built) -> None:
    book.page("print('kept')", "import time; time.sleep(60)")
    book.build(nb_execution_timeout=1)
    assert "cell 2: it took longer than 1 seconds and was stopped" in book.warned
    assert book.shown == "kept"


def test_a_page_may_set_its_own_limit(book: Built) -> None:
    book.page("import time; time.sleep(60)", head=HEAD.replace("file_f", "execution: {timeout: 1}\nfile_f"))
    book.build()
    assert "it took longer than 1 seconds" in book.warned


def test_pages_may_run_in_a_folder_that_goes_away(book: Built) -> None:
    book.write("beside.txt", "beside")
    book.page("from pathlib import Path\nprint(sorted(path.name for path in Path().iterdir()))\nPath('left').touch()")
    book.build(nb_execution_in_temp=True)
    assert book.shown == "[]"
    assert not (book.root / "left").exists()
    book.write("other.md", "# Another page\n")
    book.build(nb_execution_in_temp=True)
    assert not book.executed
    book.build(nb_execution_in_temp=False)
    assert "'beside.txt'" in book.shown


def test_an_unknown_kernel_is_a_warning_of_its_page(book: Built) -> None:
    book.page("print(1)", head=HEAD.replace("python3", "unheard"))
    book.page("print('fine')", name="other.md")
    book.build()
    assert re.search(r"index\.md:\d+: WARNING: cell 1: there is no kernel named 'unheard' here", book.warned)
    assert "fine" in (book.root / "_build/html/other.html").read_text("utf-8")


def test_a_kernel_may_have_another_name(book: Built) -> None:
    book.page("print('by the alias')", head=HEAD.replace("python3", "my-env"))
    book.build(nb_kernel_rgx_aliases={"my-.*": "python3"})
    assert (book.shown, book.warned.count("WARNING")) == ("by the alias", book.warned.count("toctree"))


def test_streams_may_be_merged_and_standard_error_left_out(book: Built) -> None:
    book.page("import sys\nprint('out')\nprint('err', file=sys.stderr)")
    book.build(nb_output_stderr="remove")
    assert book.shown == "out"


@pytest.mark.parametrize(("tag", "shown"), [("remove-output", ""), ("remove-input", "1"), ("remove-cell", "")])
def test_tags_of_cells_hold(book: Built, tag: str, shown: str) -> None:
    book.page(f":tags: [{tag}]\nprint(1)")
    book.build()
    assert book.shown == shown


def test_values_are_evaluated_in_the_page(book: Built) -> None:
    book.page(
        "a = 1", prose="It is {eval}`a + 0`, and {eval}`a`.\n\n```{code-cell} python\na = 2\n```\n\nNow {eval}`a`.\n"
    )
    book.build(nb_execution_mode="inline", nb_eval_name_regex=r"[a-z+ 0]+")
    assert re.sub(r"\s+", " ", book.shown) == "It is 1, and 1. | Now 2."


def test_a_page_of_which_nobody_sees_what_it_reads_is_executed_in_every_build(book: Built) -> None:
    book.page("print(open('../value.txt').read())")
    for value in ("1", "2"):
        book.write("../value.txt", value)
        book.build(nb_execution_mode="inline")
        assert book.shown == value


GLUED = """\
from myst_nb import glue
glue("a number", 5)
glue("a text", "words")
glue("a hidden one", 7, display=False)
"""


def test_glued_values_stand_where_they_are_pasted(book: Built) -> None:
    prose = "Here {glue:}`a number`, {glue:text}`a text`, {glue:}`a hidden one`.\n\n```{glue:} a text\n```\n"
    book.page(GLUED, prose=prose)
    book.build()
    assert "Here 5, words, 7." in book.shown
    assert book.warned == ""


def test_glued_values_reach_other_pages(book: Built) -> None:
    book.page(GLUED)
    book.write("other.md", "# Other\n\n```{glue:} a number\n:doc: index.md\n```\n\nHere {glue:text}`a number`\n")
    book.build()
    assert "a number" not in book.warned.replace("'a number'", "")


def test_an_unknown_glued_name_is_a_warning(book: Built) -> None:
    book.page(GLUED, prose="Here {glue:}`nothing of the kind`.\n")
    book.build()
    assert "nothing of the kind" in book.warned


def test_a_text_based_notebook_has_cells_with_settings_of_their_own(book: Built) -> None:
    book.page("---\ntags: [hide-input]\nmystnb: {image: {width: 5px}}\n---\nprint('with settings')")
    book.build()
    assert book.shown.endswith("with settings")


def test_text_without_a_kernel_is_no_notebook(book: Built) -> None:
    book.write("index.md", "# A page\n\n```python\nprint('never')\n```\n")
    book.build()
    assert (book.shown, book.executed) == ("", False)


def test_a_loaded_cell_takes_its_code_from_a_file(book: Built) -> None:
    book.write("code.py", "print('loaded')\n")
    book.write("index.md", HEAD + "# A page\n\n```{code-cell} python\n:load: code.py\n```\n")
    book.build()
    assert book.shown == "loaded"


def test_a_format_of_its_own_is_read_by_its_reader(book: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    book.write("reader_of_tests.py", """\
        import nbformat.v4
        def read(text, **_):
            return nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_markdown_cell("# A page"), nbformat.v4.new_code_cell(text)],
                metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        """)  # fmt: skip
    book.write("index.own", "print('of a format of its own')")
    monkeypatch.syspath_prepend(str(book.root))
    book.build(nb_custom_formats={".own": "reader_of_tests.read"}, source_suffix={".own": "myst-nb", ".md": "myst-nb"})
    assert book.shown == "of a format of its own"
    sys.modules.pop("reader_of_tests")


def test_the_table_of_executed_pages_knows_what_failed(book: Built) -> None:
    book.page("print(1)", prose="```{nb-exec-table}\n```\n")
    book.page("1 / 0", name="failing.md")
    book.build()
    html = BeautifulSoup((book.root / "_build/html/index.html").read_text("utf-8"), "html.parser")
    rows = {row.find("a").get_text(): row.get_text() for row in html.select("table tbody tr")}
    assert "✅" in rows["index"] and "❌" in rows["failing"]


def test_widgets_leave_their_state_on_the_page(book: Built) -> None:
    book.page("import ipywidgets\nipywidgets.IntSlider(value=42)")
    book.build()
    html = BeautifulSoup((book.root / "_build/html/index.html").read_text("utf-8"), "html.parser")
    (state,) = html.select('script[type="application/vnd.jupyter.widget-state+json"]')
    assert any(model["state"].get("value") == 42 for model in json.loads(state.get_text())["state"].values())


def test_another_build_of_the_same_process_is_its_own(book: Built, tmp_path: Path) -> None:
    book.page("print('ours')")
    book.build()
    stock = Built(tmp_path / "stock")
    stock.page("print('theirs')")
    stock.build(evidence_execution="stock", nb_execution_mode="force")
    assert (stock.shown, stock.executed) == ("theirs", False)


def test_a_program_with_a_loop_of_its_own_may_build(book: Built) -> None:
    async def within() -> None:
        book.page("print('in a loop')")
        book.build()

    asyncio.run(within())
    assert book.shown == "in a loop"
