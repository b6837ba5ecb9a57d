"""Zip archives whose bytes follow from their content and a date alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

LEVEL = 9  # of deflate: fixed, so that no default of a Python version shows
READABLE = 0o100644 << 16  # a plain file that its owner may write and everybody may read
UNIX = 3


def packed(files: Mapping[str, bytes], day: date, first: str = "") -> bytes:
    """Return the archive: sorted by name, dated by midnight of the day, one set of permissions for all.

    The file that is named `first` opens the archive and is stored as it is, as EPUB asks of its `mimetype`.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, READABLE
            entry.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=LEVEL)
    return out.getvalue()
