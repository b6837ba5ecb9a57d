"""Trees of pages are lent to those who only look, each loaded once; afterwards everybody gets one of his own."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document

from evidencebook.build import lending


class Environment:
    """Loads a new tree each time, as Sphinx does."""

    def __init__(self) -> None:
        self._write_doc_doctree_cache: dict[str, nodes.document] = {}
        self.loaded = list[str]()

    def get_doctree(self, docname: str) -> nodes.document:
        self.loaded.append(docname)
        return new_document(docname)

    def doc2path(self, docname: str) -> str:
        return f"/r/{docname}.md"

    def __reduce__(self) -> Any:
        assert "get_doctree" not in vars(self)  # a loan cannot be pickled
        return Environment, ()


def test_everybody_gets_the_same_tree_while_it_is_lent() -> None:
    env: Any = Environment()
    env._write_doc_doctree_cache["read"] = known = new_document("read")
    with lending.lent(env):
        one = env.get_doctree("a")
        assert env.get_doctree("a") is one and env.get_doctree("read") is known
        assert env.loaded == ["a"]
        assert one.settings.env is known.settings.env is env
        assert (one.reporter.source, known.reporter.source) == ("/r/a.md", "/r/read.md")
        with lending.lent(env):
            assert env.get_doctree("a") is one
        assert env.get_doctree("a") is one and env.loaded == ["a"]
    assert env.get_doctree("a") is not one
    pickle.dumps(env)


def test_a_loan_ends_when_all_pages_have_been_looked_at() -> None:
    env: Any = Environment()
    app: Any = SimpleNamespace(evidence_memory=object())
    assert lending.begin(app, env) == []
    one = env.get_doctree("a")
    assert env.get_doctree("a") is one
    assert lending.end(app, env) == []
    assert env.get_doctree("a") is not one
    stock: Any = SimpleNamespace()  # as MyST-NB executes: nothing is lent
    lending.begin(stock, env)
    assert env.get_doctree("a") is not env.get_doctree("a")
    lending.end(stock, env)


def test_a_loan_ends_with_an_error_too() -> None:
    env: Any = Environment()
    with pytest.raises(LookupError), lending.lent(env):
        raise LookupError
    assert "get_doctree" not in vars(env)
