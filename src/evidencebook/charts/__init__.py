"""Charts that are legible everywhere: one Altair chart gives static pictures, alternative text and a data table."""

from evidencebook.charts.drawing import NARROW, WIDE, Drawing, Size, figure
from evidencebook.charts.palette import COLOURS
from evidencebook.charts.renderer import enable

__all__ = ["COLOURS", "NARROW", "WIDE", "Drawing", "Size", "enable", "figure"]
