"""Every small notebook of `tests/notebooks` gives what a real kernel gives, but for what two runs of it differ in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from tests import comparing

pytestmark = pytest.mark.slow
CASES = comparing.cases()
Results = dict[tuple[str, str], list[Any]]


@pytest.fixture(scope="module")
def chosen(request: pytest.FixtureRequest) -> list[comparing.Case]:
    """The notebooks that this run compares."""
    asked = [one.callspec.params["case"] for one in request.session.items if hasattr(one, "callspec")
             and one.path == request.path and "case" in one.callspec.params]  # fmt: skip
    return [case for case in CASES if case in asked]


@pytest.fixture(scope="module", autouse=True)
def outside_of_tests() -> Iterator[None]:
    """Within tests of pytest, kernels take nothing over of what programs write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")
        yield


@pytest.fixture(scope="module")
def ours(chosen: list[comparing.Case], tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("ours") / "ours"
    pages = comparing.pages(chosen, folder)
    runner = Runner(folder, Store(folder / "_build"), [folder], lambda _: None)
    outcomes = runner.run(pages)
    runner.close()
    return comparing.of_cases(chosen, {name: comparing.shown(outcome) for name, outcome in outcomes.items()})


@pytest.fixture(scope="module")
def theirs(chosen: list[comparing.Case], tmp_path_factory: pytest.TempPathFactory) -> Results:
    pages = comparing.pages(chosen, tmp_path_factory.mktemp("theirs") / "theirs")
    return comparing.of_cases(chosen, comparing.in_kernels(pages))


def test_there_are_enough_notebooks_and_none_twice() -> None:
    assert len({(case.file, case.name) for case in CASES}) == len(CASES) >= 120


# Every sixth in any run, all of them where thorough tests are asked for.
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case.file}: {case.name}", marks=[pytest.mark.thorough] if place % 6 else [])
        for place, case in enumerate(CASES)
    ],
)
def test_a_notebook_gives_what_a_kernel_gives(case: comparing.Case, ours: Results, theirs: Results) -> None:
    assert ours[case.file, case.name] == theirs[case.file, case.name]
