"""Exact numbers, units and dates; what the modules of a report need of them is handed on here."""

from evidencebook.values import dates
from evidencebook.values.intervals import Interval

__all__ = ["Interval", "dates"]
