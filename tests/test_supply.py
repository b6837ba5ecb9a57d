"""What is installed with the report: under licences that were judged, and listed in the pack."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess

import pytest

from evidencebook.edition import edition
from evidencebook.editions import components
from tests import audit
from tests.building import REPORT, TIDES

LOCKED = re.findall(r"^([\w.-]+)==([^\s;\\]+)(.*)$", (REPORT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
# All allow use, change and handing on, in a report under any licence; copyleft holds for the package's own files only.
JUDGED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public License|OFL|SIL Open Font|Public Domain",
    re.IGNORECASE,
)
REFUSED = re.compile(r"AGPL|Affero|SSPL|Commercial|Proprietary|Non-?Commercial", re.IGNORECASE)


def licence(name: str) -> str:
    found = importlib.metadata.metadata(name)
    told = found.get("License-Expression") or ""
    kinds = [one.rpartition(" :: ")[2] for one in found.get_all("Classifier", []) if one.startswith("License ::")]
    return told or "; ".join(kinds) or (found.get("License") or "").split("\n")[0]


@pytest.mark.parametrize("name", [name for name, _, marker in LOCKED if ";" not in marker])
def test_licence_of_each_package_was_judged(name: str) -> None:
    said = licence(name)
    assert JUDGED.search(said) and not REFUSED.search(said), f"{name}: {said!r} - judge it, or leave the package"


def test_list_of_components_names_each_locked_package_with_its_hashes() -> None:
    data = components.listed(REPORT, edition(REPORT))
    assert data is not None and data == components.listed(REPORT, edition(REPORT))
    found = json.loads(data)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert [(one["name"], one["version"]) for one in found["components"]] == [one[:2] for one in LOCKED]
    assert all(one["externalReferences"] for one in found["components"])
    assert len({one["bom-ref"] for one in found["components"]}) == len(found["components"])


def test_report_without_a_lock_has_no_list() -> None:
    assert components.listed(TIDES, edition(TIDES)) is None


def test_page_on_security_says_what_a_builder_must_know() -> None:
    said = (REPORT / "SECURITY.md").read_text("utf-8")
    assert "Notebooks are programs" in said and "How to report" in said and "@" not in said


def test_weaknesses_that_are_known_are_told_and_an_audit_without_its_list_is_a_notice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2"]}]}
    without = {"name": "b", "version": "1", "vulns": [{"id": "GHSA-2", "fix_versions": []}]}
    answers = {
        json.dumps({"dependencies": [told, without, {"name": "c", "skip_reason": "x"}]}): (
            1,
            "a 1: PYSEC-1 - mended in 1.1, 2\nb 1: GHSA-2 - mended in no version yet\n",
        ),
        json.dumps({"dependencies": []}): (0, "No package that is pinned has a weakness that is known.\n"),
        "": (0, "Not audited: the list of known weaknesses is out of reach (no route).\n"),
    }
    for answer, (status, said) in answers.items():
        done = subprocess.CompletedProcess([], 1, answer, "WARNING: x\nno route\n")
        monkeypatch.setattr(audit.subprocess, "run", lambda *_, done=done, **__: done)
        assert audit.main() == status
        assert capsys.readouterr().out == said
