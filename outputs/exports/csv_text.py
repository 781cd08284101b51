"""Rows to the bytes of a CSV file: UTF-8, CRLF, and no cell that a spreadsheet would take as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet calculates a cell that begins so; it shows one that begins with an apostrophe as text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The file with a header row. None becomes an empty cell; a cell like a formula gets an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless("" if value is None else str(value)) for value in row] for row in rows)
    return text.getvalue().encode()


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
