"""Puts files into a zip archive whose bytes depend on nothing but them: no clock, no user, no system."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime


def archive(entries: Iterable[tuple[str, bytes]], when: datetime, *, stored: frozenset[str] = frozenset()) -> bytes:
    """The archive's bytes, in the order given, every entry dated `when`. Names in `stored` are left uncompressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, when.timetuple()[:6])
            entry.create_system = 3  # else it depends on where it is made
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    return made.getvalue()
