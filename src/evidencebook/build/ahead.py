"""What pages of a report import, with what these libraries load only when they are first used.

Imported by the process for pages before there are any. Nothing of a report is: its modules must be read anew by every
page. Nothing is drawn: that starts threads, which a fork would lose.
"""

from __future__ import annotations

import altair
import pandas
import vl_convert  # noqa: F401

import evidencebook.charts.drawing
import evidencebook.evidence.facts
import evidencebook.evidence.sources
import evidencebook.evidence.wording  # noqa: F401

# The first chart builds the validators of the whole Vega-Lite schema.
altair.Chart(pandas.DataFrame({"x": [1.0], "y": ["a"]})).mark_bar().encode(x="x:Q", y="y:N").to_dict()
