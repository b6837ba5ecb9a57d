"""Files of a report to typed rows; what its own modules need of that is handed on here."""

from evidencebook.tables.reading import Row, Table, Tables, read

__all__ = ["Row", "Table", "Tables", "read"]
