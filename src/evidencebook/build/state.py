"""What the parts of one build share: each kind has a place with a type, which lives as long as Sphinx's application."""

from __future__ import annotations

from typing import Generic, TypeVar

from sphinx.application import Sphinx

T = TypeVar("T")


class Kept(Generic[T]):
    """A place for one object of each build, by a name of its own."""

    def __init__(self, name: str) -> None:
        self._name = f"evidence_{name}"

    def put(self, app: Sphinx, what: T) -> T:
        """Keep the object and return it."""
        vars(app)[self._name] = what
        return what

    def drop(self, app: Sphinx) -> None:
        vars(app).pop(self._name, None)

    def of(self, app: Sphinx) -> T | None:
        """Return the object; None where the build has none."""
        found: T | None = vars(app).get(self._name)
        return found
