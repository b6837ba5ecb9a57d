"""Rows as facts and facts in words; what the modules of a report need of that is handed on here."""

from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence, Fact, measured
from evidencebook.evidence.phrases import capital
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import cardinal, words

__all__ = ["Evidence", "Fact", "capital", "cardinal", "doubt", "measured", "short_citation", "words"]
