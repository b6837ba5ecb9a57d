"""Files of references, read before anything is built: over a wrong one sphinxcontrib-bibtex ends in a traceback."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.tables.problems import Problem, lines

REMEDY = "correct the entry there"


def problems(root: Path, names: list[str]) -> Iterator[Problem]:
    """Yield what is wrong with each file of references that is there."""
    from pybtex.database import parse_file  # here: few reports cite so
    from pybtex.exceptions import PybtexError

    for name in names:
        path = root / name
        if not path.is_file():
            continue  # told where it is asked for
        try:
            text = path.read_text("utf-8")  # here: the parser tells an encoding as it does an error of grammar
            parse_file(str(path), bib_format="bibtex", encoding="utf-8")
        except PybtexError as error:
            said = str(error)
            row, what = getattr(error, "lineno", None), said.partition(": ")[2] or said
            if row is None and (named := re.findall(rf"(?s)(.*)@\w+\s*{{\s*{re.escape(what)}\s*,", text)):
                row, what = named[0].count("\n") + 1, f"a second entry is called {what}"
            yield Problem(name, row, None, f"these references cannot be read: {what}", REMEDY)
        except UnicodeDecodeError:
            yield Problem(name, None, None, "these references are not in UTF-8", "save the file as UTF-8")


def check(app: Sphinx, config: Config) -> None:
    """Stop before anything is built when a file of references is wrong."""
    if found := list(problems(Path(app.srcdir), list(getattr(config, "bibtex_bibfiles", ())))):
        for line in lines(found):
            print(line, file=sys.stderr)
        raise SystemExit(1)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", check)
