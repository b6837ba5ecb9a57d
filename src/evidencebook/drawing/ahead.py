"""What pages of a report import, with what these libraries load only when they are first used.

Imported by the process for pages before there are any. Nothing of a report is: its modules must be read anew by every
page. Nothing is drawn: that starts threads, which a fork would lose.
"""

from __future__ import annotations

import edtf  # noqa: F401 - its grammar takes a third of a second
import vl_convert  # noqa: F401

import evidencebook.drawing.answers
import evidencebook.drawing.maps
import evidencebook.drawing.rows
import evidencebook.drawing.tracks
import evidencebook.drawing.units
import evidencebook.evidence.carrying
import evidencebook.evidence.facts
import evidencebook.evidence.sources
import evidencebook.evidence.wording  # noqa: F401
from evidencebook.charts import WIDE
from evidencebook.drawing import Canvas, Scale, Symbol
from evidencebook.drawing.canvas import HEAD

# The first chart builds the validators of the whole Vega-Lite schema, and the first words of a weight their metrics.
drawn = Canvas(WIDE)
drawn.text(0, 0, "Two words", HEAD, room=100)
drawn.text(0, 0, "Two words", room=100)
drawn.symbol(Scale(0, 1, 0, 100).at(0.5), 0, Symbol())
drawn.rule(0, 0, 100, 0)
drawn.chart(100).to_dict()
