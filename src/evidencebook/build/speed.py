"""Pages of the web edition resolved and written side by side.

Sphinx writes side by side too, but resolves the references of every page in one process before: half of the work.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.build_phase import BuildPhase
from sphinx.util.display import progress_message
from sphinx.util.parallel import ParallelTasks

from evidencebook.build import trees
from evidencebook.build.freshness import memory_of
from evidencebook.build.lending import lent
from evidencebook.execution.environment import can_fork, processors

BUILDERS = {"html", "dirhtml"}
HEAPS = 3  # for each processor: pages of a size take unequal time, and a small heap at the end evens that out


class Writer:
    """Writes the pages of one build in as many processes as there are processors."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._builder: Any = app.builder

    def write(self, docnames: Sequence[str], nproc: int) -> None:
        """Write all pages, in place of Sphinx's own method of the same signature."""
        with lent(self._app.env):  # a reference to a numbered figure looks at the page on which that stands
            self._write(docnames)

    def _write(self, docnames: Sequence[str]) -> None:
        sizes = {name: self._size(name) for name in docnames}
        # Templates and lexers that it compiles are known to all processes that come after.
        noted = getattr(self._app.env, "nb_metadata", {})
        executed = [name for name in docnames if "exec_data" in noted.get(name, ())]
        first = min(executed or docnames, key=lambda name: (sizes[name], name))
        self._write_pages([first])
        self._compile_lexers(max(executed, key=sizes.__getitem__, default=first))
        heaps = _shared_out({name: size for name, size in sizes.items() if name != first}, HEAPS * processors())
        with progress_message(f"writing {len(docnames)} pages side by side"):
            tasks = ParallelTasks(processors())
            for heap in heaps:
                tasks.add_task(self._write_heap, heap, self._take_over)
            tasks.join()

    def _compile_lexers(self, docname: str) -> None:
        """Compile what highlights the code of a page, as that of most others is."""
        blocks = self._app.env.get_doctree(docname).findall(nodes.literal_block)
        for language in {str(block["language"]) for block in blocks if "language" in block}:
            self._builder.highlighter.get_lexer("", language)

    def _size(self, docname: str) -> int:
        return os.path.getsize(Path(self._builder.doctreedir, f"{docname}.doctree"))

    def _write_heap(self, docnames: Sequence[str]) -> dict[str, str]:
        self._write_pages(docnames)
        images: dict[str, str] = self._builder.images
        return images

    def _take_over(self, _: Any, images: dict[str, str]) -> None:
        # All that a page leaves behind besides its file: which pictures have to be copied.
        self._builder.images.update(images)

    def _write_pages(self, docnames: Sequence[str]) -> None:
        env = self._app.env
        for docname in docnames:
            self._app.phase = BuildPhase.RESOLVING
            # Sphinx keeps the tree of the front page, for the contents of all pages: what is resolved is another one.
            own = BuildEnvironment.get_doctree(env, docname) if docname == env.config.root_doc else None
            tree = env.get_and_resolve_doctree(docname, self._builder, own)
            self._app.phase = BuildPhase.WRITING
            self._builder.write_doc_serialized(docname, tree)
            self._builder.write_doc(docname, tree)


def _shared_out(sizes: dict[str, int], number: int) -> list[list[str]]:
    """Return the pages in heaps of about the same size, the largest heap first."""
    heaps: list[list[str]] = [[] for _ in range(number)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(heaps, key=lambda heap: sum(sizes[one] for one in heap)).append(name)
    heaps.sort(key=lambda heap: -sum(sizes[one] for one in heap))
    return [heap for heap in heaps if heap]


def write_side_by_side(app: Sphinx, env: BuildEnvironment) -> None:
    """Let pages be written on all processors; Jupyter Book has no option for it."""
    if memory_of(app) is None or not can_fork() or processors() < 2:
        return
    app.parallel = max(app.parallel, processors() + 1)  # in Sphinx's own way one of them hands out the work
    # Sphinx's search index and other builders want to see every page in one process.
    if app.builder.name in BUILDERS and not getattr(app.builder, "search", True):
        app.builder._write_parallel = Writer(app).write  # type: ignore[method-assign]


def setup(app: Sphinx) -> None:
    trees.setup()
    app.connect("env-check-consistency", write_side_by_side)
