"""Pages that are executed, in folders of their own, by one warm process; the fixtures are those of two test files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from evidencebook.execution.decisions import Decision
from evidencebook.execution.page import Cell, Outcome, Page
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from evidencebook.execution.workers import Workers


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def warm(project: Path) -> Iterator[Workers]:
    found = Workers([str(project)])
    yield found
    found.close()


class Book:
    """A folder of pages, and builds that say what they executed."""

    def __init__(self, root: Path, folder: Path, warm: Workers) -> None:
        self.root, self.folder, self.warm = root, folder, warm
        self.store = Store(folder / "_build/executed")
        self.decisions: list[Decision] = []
        (folder / "book").mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return path

    def page(self, *cells: str, name: str = "page", limit: float | None = 60, may_fail: bool = False) -> Page:
        listed = tuple(Cell(dedent(cell), number, may_fail) for number, cell in enumerate(cells, 1))
        return Page(name, str(self.folder / "book"), listed, limit)

    def build(self, *pages: Page) -> dict[str, Outcome]:
        self.decisions = []
        runner = Runner(self.folder, self.store, [self.root], self.decisions.append, workers=self.warm)
        return runner.run(pages)

    def shown(self, *cells: str) -> str:
        return text_of(self.build(self.page(*cells))["page"])

    @property
    def executed(self) -> list[str]:
        return [decision.page for decision in self.decisions if decision.is_executed]

    @property
    def reasons(self) -> str:
        return "; ".join(reason for decision in self.decisions for reason in decision.reasons)


@pytest.fixture
def book(project: Path, warm: Workers, request: pytest.FixtureRequest) -> Book:
    # One warm process serves all tests, hence one folder of the project for each.
    name = "".join(sign if sign.isalnum() else "-" for sign in request.node.name)
    return Book(project, project / name, warm)


def text_of(outcome: Outcome) -> str:
    """All that a page shows as text, or its error."""
    if outcome.failure:
        return outcome.failure.error
    found = []
    for cell in outcome.ran:
        for output in cell.outputs:
            found.append(output.get("text") or output.get("data", {}).get("text/plain") or output.get("ename", ""))
    return "\n".join(part.strip("\n") for part in found)
