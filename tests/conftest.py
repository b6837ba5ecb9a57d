"""What tests share: the small report, the browser, the report itself, and what a machine cannot verify."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests import browser as browsers
from tests import needs
from tests.building import built_once, copy_book, copy_report
from tests.small import Book, small_report_in
from tests.temporary import use_memory

use_memory()  # before anybody asks where temporary files go

# A busy machine must not fail a property, and one commit must always try the same examples.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """The small report, which a test may spoil."""
    return small_report_in(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny book, which a test may change and build."""
    return copy_book(tmp_path)


@pytest.fixture(scope="module")
def small_report(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Book]:
    """Makes a small report for several tests of a module."""
    return lambda: small_report_in(tmp_path_factory.mktemp("small"))


LEFT_OUT = pytest.StashKey[dict[str, set[str]]]()  # what is needed -> tests that had to be left out without it


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(what): needs what not every machine has, one of tests/needs.py")
    config.stash[LEFT_OUT] = {}


@pytest.hookimpl(trylast=True)  # when those that nobody asked for are gone
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot verify, and begin with what takes longest: slow files with few tests, so that
    no processor waits for another at the end."""
    for item in list(items):
        unmet = [name for mark in item.iter_markers("needs") for name in mark.args if not needs.NEEDS[name].is_met()]
        if unmet:
            config.stash[LEFT_OUT].setdefault(unmet[0], set()).add(item.nodeid)
            items.remove(item)
            config.hook.pytest_deselected(items=[item])
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, tests[item.path], str(item.path)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that sums up, where tests run in several."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = {k: sorted(v) for k, v in session.config.stash[LEFT_OUT].items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each process has collected all tests: what one left out, all did."""
    for name, tests in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        node.config.stash[LEFT_OUT].setdefault(name, set()).update(tests)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name, tests in sorted(config.stash[LEFT_OUT].items()):
        terminalreporter.write_line(needs.line(name, len(tests)))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A real browser with an empty profile."""
    path = browsers.find()
    assert path, "no browser: run `make test`, or python -m tests.browser"
    home = tmp_path_factory.mktemp("home")
    with sync_playwright() as playwright:
        own = {**os.environ, "HOME": str(home)}
        found = playwright.chromium.launch(executable_path=path, args=list(browsers.ARGUMENTS), env=own)
        yield found
        found.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report itself, as `jupyter-book build .` builds it in strict and nit-picky mode, once for all processes.

    It is built in a copy, so that the report can be worked on meanwhile. EVIDENCE_REPORT names a folder where it is
    being built anyway: the build here then waits for that one, and finds nothing changed.
    """
    own = os.environ.get("EVIDENCE_REPORT")
    return built_once(tmp_path_factory, "report", copy_report, Path(own) if own else None) / "_build/html"


@pytest.fixture(scope="session")
def plain_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book as it is with its web edition, once for all processes; no test changes it."""
    return built_once(tmp_path_factory, "plain", lambda root: copy_book(root.parent, root.name))
