"""Each kind of warning is said in one place, with what it is about."""

from __future__ import annotations

import ast
import inspect
import re

from evidencebook.pages import subtypes
from tests.building import ENGINE


def test_each_kind_of_warning_says_what_it_is_about_and_is_used() -> None:
    (kinds,) = ast.parse(inspect.getsource(subtypes.Subtype)).body
    assert isinstance(kinds, ast.ClassDef)
    named = [node.targets[0].id for node in kinds.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    said = [node.value.value for node in kinds.body if isinstance(node, ast.Expr)]  # type: ignore[attr-defined]
    assert named == list(subtypes.Subtype.__members__)
    assert len({*said}) == len(named) + 1, "each has a line below it, and the class its own"
    engine = "".join(path.read_text("utf-8") for path in ENGINE.rglob("*.py"))
    used = {*re.findall(r"Subtype\.(\w+)", engine), "FIRM"}  # a directive's own name
    assert used == {*named}


def test_no_other_module_warns_by_itself() -> None:
    found = [path.stem for path in ENGINE.rglob("*.py") if 'type="evidence"' in path.read_text("utf-8")]
    assert found == ["subtypes"]
