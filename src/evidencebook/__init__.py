"""Engine for evidence books: every number shown comes from a row, and every row from a passage."""

from pathlib import Path

__version__ = "0.1.0"
ENGINE = Path(__file__).parent  # the folder of this package
