"""Pages of the small report as the check reads them, many at once: Sphinx takes a second to start."""

from __future__ import annotations

import json

from evidencebook.check import checking
from tests.small import Book

CONFIG = """only_build_toc_files: true
sphinx:
  extra_extensions: [evidencebook.extension]
  config: {evidence_naming: [Buoy]}
"""
NOTEBOOK = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n"


def read(book: Book, pages: dict[str, str | bytes]) -> dict[str, list[str]]:
    """What the check says of each page of a report that has these, all read at once; "" has what is said of others."""
    for name, text in {"book/log.md": "# Log\n\n(log)=\n## Sea\n", **pages}.items():
        path = book.root / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (book.root / "_config.yml").write_text(CONFIG, "utf-8")
    chapters = [{"file": name} for name in pages if name.endswith((".md", ".ipynb", ".rst"))]
    contents = {"format": "jb-book", "root": "book/log", "chapters": chapters}
    (book.root / "_toc.yml").write_text(json.dumps(contents), "utf-8")
    said: dict[str, list[str]] = {name: [] for name in (*pages, "")}
    for problem in checking.check(book.root, book.texts, with_pages=True).problems:
        said[problem.file if problem.file in pages else ""].append(str(problem))
    return said
