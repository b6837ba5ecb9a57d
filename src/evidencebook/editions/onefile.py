"""What builders have in common that write a whole book into one file, instead of a file for each page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from docutils import nodes
from sphinx.builders import Builder


class OneFileBuilder(Builder):
    """Calls `make` once for the whole book."""

    supported_image_types: ClassVar[list[str]] = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]  # type: ignore[misc]

    def make(self) -> None:
        raise NotImplementedError

    def get_outdated_docs(self) -> str:
        """Say that the book is always written; what is fresh is decided elsewhere."""
        return "all pages"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same from everywhere: all stands in one place."""
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Do nothing: nothing is written page by page."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Do nothing: nothing is written page by page."""

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Iterable[str], method: str = "update"
    ) -> None:
        """Make the file, unless what was made from the same inputs still stands."""
        if build_docnames is None or list(build_docnames):
            self.make()
