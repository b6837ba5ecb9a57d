"""Files of references are read before a build: what is wrong is told at its line, with what to do."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.build import literature
from evidencebook.tables.problems import lines

GOOD = "@book{a,\n title = {x}\n}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.encode(), ""),
        (GOOD[:-2].encode(), "here.bib:3: these references cannot be read: premature end of file"),
        (f"{GOOD}\n@misc{{a,\n title = {{y}}\n}}\n".encode(),
         "here.bib:5: these references cannot be read: a second entry is called a"),
        (f"@misc{{b}}\n@misc {{ a.b ,\n}}\n@misc{{a.b,\n}}\n{GOOD}".encode(),
         "here.bib:4: these references cannot be read: a second entry is called a.b"),
        (b"@book{a,\n title = {\xe4}\n}\n", "here.bib: these references are not in UTF-8"),
    ],
)  # fmt: skip
def test_references_that_cannot_be_read_are_told_at_their_line(
    tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here.bib").write_bytes(content)
    (tmp_path / "good.bib").write_text(GOOD, "utf-8")
    remedy = "save the file as UTF-8" if "UTF-8" in said else "correct the entry there"
    found = list(lines(literature.problems(tmp_path, ["gone.bib", "here.bib", "good.bib"])))
    assert found == ([f"{said} - {remedy}"] if said else [])
    app: Any = SimpleNamespace(srcdir=tmp_path)
    config: Any = SimpleNamespace(bibtex_bibfiles=["gone.bib", "here.bib"])
    with pytest.raises(SystemExit) if said else nullcontext() as ended:
        literature.check(app, config)
    assert capsys.readouterr().err.splitlines() == found and (not said or ended.value.code == 1)
