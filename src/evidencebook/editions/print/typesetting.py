"""Typst source of the print edition, and the PDFs that are set from it.

Typst sets a book in a second, tags it for PDF/UA-1 and PDF/A-3, and refuses what these would not allow:
https://typst.app/docs/reference/pdf/. It comes as one wheel without any library of the system.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

from evidencebook.charts import fonts, palette
from evidencebook.edition import Edition
from evidencebook.editions.print import compositor

DESIGN = Path(__file__).parent / "book.typ"
FOLDER = "print"  # beside the doctrees: what the last print edition was set from, for other forms of it
MAIN, HEADS, ATTACHED = "main.typ", "heads.json", "attached"
PAPERS = {"a4": "a4", "letter": "us-letter"}
# https://typst.app/docs/reference/syntax/#escapes: every sign that could be markup may be escaped.
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


_CALLED = re.compile(rf"┌─ .*{re.escape(MAIN)}:(\d+)")
_DRAWN = re.compile(r"┌─ .*?(\w{16}\.\w+):\d")
_WRITTEN = re.compile(r"/\*([^*\n]+):(\d+)\*/")


class NotSet(Exception):
    """Typst refused the source; the message is what it said."""


@dataclass(frozen=True)
class Form:
    """A form of the print edition: its paper, and whether the data package lies inside for archives."""

    paper: str = "a4"
    is_archival: bool = False

    def file_name(self, name: str) -> str:
        """Return the name of the PDF of a package with this name: the plain one for the edition itself."""
        parts = [name, *([] if self.paper == "a4" else [self.paper]), *(["archive"] if self.is_archival else [])]
        return f"{'-'.join(parts)}.pdf"


class Source:
    """A folder with everything that Typst reads: the text, the design, pictures, and data to be attached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, suffix: str, data: bytes) -> str:
        """Keep a picture under a name that follows from its content, and return the name."""
        name = f"{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
        (self.folder / name).write_bytes(data)
        return name

    def write(self, text: str, heads: Sequence[int]) -> None:
        """Write the text and, beside it, the design; and how many columns of each table are heads of rows."""
        (self.folder / DESIGN.name).write_bytes(DESIGN.read_bytes())
        (self.folder / MAIN).write_text(text, "utf-8")
        (self.folder / HEADS).write_text(json.dumps(list(heads)), "utf-8")

    def places(self, said: str) -> Iterator[tuple[str, str, int | None]]:
        """Yield each error among what Typst said, with file and line where somebody wrote what it is about."""
        lines = (self.folder / MAIN).read_text("utf-8").split("\n")
        for error in re.split(r"^error: ", said, flags=re.MULTILINE)[1:]:
            called = _CALLED.search(error)  # what went wrong in the design is blamed on the text that called it
            drawn = _DRAWN.search(error)  # and a picture has lines of its own
            shown = (number for number, line in enumerate(lines, 1) if drawn and quoted(drawn[1]) in line)
            last = int(called[1]) if called else next(shown, 0)
            before = _WRITTEN.findall("\n".join(lines[:last]))
            file, line = before[-1] if before else (MAIN, None)
            yield error.partition("\n")[0], file, int(line) if line else None

    def attach(self, files: Mapping[str, tuple[bytes, str, str]]) -> None:
        """Keep files for archival forms: by name their content, media type and description."""
        (self.folder / ATTACHED).mkdir(exist_ok=True)
        for name, (data, _, _) in files.items():
            (self.folder / ATTACHED / name).write_bytes(data)
        listed = [{"name": name, "type": kind, "about": about} for name, (_, kind, about) in sorted(files.items())]
        (self.folder / ATTACHED / "files.json").write_text(json.dumps(listed), "utf-8")


def markup(text: str) -> str:
    """Return plain text as Typst markup that shows exactly this text."""
    return _SIGNS.sub(r"\\\1", text)


def quoted(text: str) -> str:
    """Return text as a Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def typeset(source: Source, book: Edition, form: Form) -> bytes:
    """Return the PDF of a form; raises NotSet where the source has a fault.

    It conforms to PDF/UA-1, an archival one to PDF/A-3a as well. Only the pinned faces are used, and the only date is
    the edition's.
    """
    asked = {
        "input": str(source.folder / MAIN),
        "root": str(source.folder),
        **_faces(),
        "sys_inputs": {
            "paper": PAPERS[form.paper],
            "archival": "yes" if form.is_archival else "",
            "others": ",".join(fonts.OTHERS),
            "colours": json.dumps(dict(palette.PRINT)),
        },
        "pdf_standards": ["ua-1", "a-3a"] if form.is_archival else ["ua-1"],
        "timestamp": _midnight(book.date).isoformat(),
    }
    program = [sys.executable, "-P", compositor.__file__]
    Thread(target=import_module, args=("pikepdf",)).start()  # what `compact` needs, while the book is being set
    ran = subprocess.run(program, input=json.dumps(asked).encode(), capture_output=True)
    if ran.returncode == compositor.REFUSED:
        raise NotSet(ran.stderr.decode("utf-8", "replace").strip())
    if ran.returncode:
        raise NotSet(f"the typesetter ended with status {ran.returncode}: {ran.stderr.decode('utf-8', 'replace')}")
    return compact(ran.stdout, json.loads((source.folder / HEADS).read_text("utf-8")))


def vector(svg: str, day: date) -> bytes:
    """Return a picture as a PDF of its own size, in the pinned faces; the same picture always gives the same bytes."""
    import typst

    text = f"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({quoted(svg)}))"
    made = typst.compile(text.encode(), **_faces(), pdf_standards=["1.5"], timestamp=_midnight(day))
    return compact(bytes(made))


def _faces() -> dict[str, Any]:
    paths = [face.path for face in fonts.FACES] + [path for paths in fonts.OTHERS.values() for path in paths]
    return {"font_paths": sorted({str(path.parent) for path in paths}), "ignore_system_fonts": True}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def compact(pdf: bytes, heads: Sequence[int] | None = None) -> bytes:
    """Return the same document in well under half its size, since Typst writes the thousands of tags one by one; and
    with its tags arranged, where it has any.

    ISO 32000-1, 7.5.7, puts them into compressed streams, which PDF/UA-1 and PDF/A-3 allow. Typst 0.15 has no setting
    for it.
    """
    import pikepdf  # here: builds of the web edition need not wait for it

    from evidencebook.editions.print import tags

    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        if heads is not None:
            tags.arrange(document, heads)
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
