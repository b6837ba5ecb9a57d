"""Charts that are legible everywhere: one Altair chart gives static pictures, alternative text and a data table.

Drawing needs Altair and pandas, which take half a second to import; who needs only palette or typefaces does not pay.
Loading on first use follows https://scientific-python.org/specs/spec-0001/.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evidencebook.charts.columns import ABOUT, FACTS
from evidencebook.charts.palette import COLOURS

if TYPE_CHECKING:
    from evidencebook.charts.drawing import NARROW, WIDE, Drawing, Size, figure
    from evidencebook.charts.renderer import enable

__all__ = ["ABOUT", "COLOURS", "FACTS", "MIME", "NARROW", "WIDE", "Drawing", "Size", "enable", "figure"]

# What a page hands to the editions. nbformat accepts arbitrary JSON only under types that match its pattern for
# "…+json"; Altair's own type does not.
MIME = "application/vnd.evidencebook+json"

_HOMES = {
    "drawing": ("NARROW", "WIDE", "Drawing", "Size", "figure"),
    "renderer": ("enable",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
