"""What pages of a report import, with what these libraries load only when they are first used.

Imported by the process for pages before there are any. Nothing of a report is: its modules must be read anew by every
page. Nothing is drawn: that starts threads, which a fork would lose.
"""

from __future__ import annotations

from importlib import import_module

import altair
import frictionless
import frictionless.formats
import frictionless.portals
import frictionless.resources
import frictionless.schemes
import pandas
import vl_convert  # noqa: F401

import evidencebook.charts.drawing
import evidencebook.evidence.facts
import evidencebook.evidence.sources
import evidencebook.evidence.wording  # noqa: F401

for late in ("rfc3986",):  # by frictionless
    import_module(late)
_ = frictionless.system.methods  # looks for plugins along the whole path, once
# The first chart builds the validators of the whole Vega-Lite schema.
altair.Chart(pandas.DataFrame({"x": [1.0], "y": ["a"]})).mark_bar().encode(x="x:Q", y="y:N").to_dict()
