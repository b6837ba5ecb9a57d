"""Engine for evidence books: every number shown comes from a row, and every row from a passage."""

__version__ = "0.1.0"
