"""Figures of the tiny book."""

from pathlib import Path

from evidencebook import tables
from evidencebook.evidence import Evidence

TABLES = tables.read(Path(__file__).resolve().parents[2])
EVIDENCE = Evidence.from_tables(TABLES)
