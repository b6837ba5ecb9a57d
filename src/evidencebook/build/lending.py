"""Document trees lent to those who only look: Sphinx unpickles a page's tree once more for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import LoggingReporter

from evidencebook.build.freshness import memory_of
from evidencebook.build.state import Kept


@contextmanager
def lent(env: BuildEnvironment) -> Iterator[None]:
    """Give everybody who asks for a page's tree the same one meanwhile; whoever changes it must copy it before."""
    trees: dict[str, nodes.document] = env._write_doc_doctree_cache  # those that were just read
    load = env.get_doctree

    def lend(docname: str) -> nodes.document:
        tree = trees.get(docname)
        if tree is None:
            tree = trees[docname] = load(docname)
        tree.settings.env = env
        tree.reporter = LoggingReporter(env.doc2path(docname))
        return tree

    before = env.__dict__.get("get_doctree")
    env.get_doctree = lend  # type: ignore[method-assign]
    try:
        yield
    finally:
        del env.__dict__["get_doctree"]  # the environment is pickled, and a loan cannot be
        if before is not None:
            env.get_doctree = before  # type: ignore[method-assign]


LOAN = Kept[AbstractContextManager[None]]("loan")


def begin(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Lend trees to those who number sections and figures."""
    if memory_of(app) is not None:
        LOAN.put(app, lent(env)).__enter__()
    return []


def end(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """End the loan: whoever asks later may change what he gets."""
    if (loan := LOAN.of(app)) is not None:
        loan.__exit__(None, None, None)
    return []


def setup(app: Sphinx) -> None:
    app.connect("env-get-updated", begin, priority=1)
    app.connect("env-get-updated", end, priority=999)
