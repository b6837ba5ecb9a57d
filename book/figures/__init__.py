"""Figures of the report, one module per chapter, and the evidence that all of them draw on."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
try:
    import evidencebook  # noqa: F401
except ModuleNotFoundError:
    # In JupyterLab on Binder the engine is not installed, only present.
    sys.path.insert(0, str(ROOT / "src"))

from evidencebook import tables  # noqa: E402 - only now on the path
from evidencebook.evidence import Evidence  # noqa: E402

EVIDENCE = Evidence.from_tables(tables.read(ROOT))
TABLES = EVIDENCE.tables
