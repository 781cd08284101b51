"""What a file is: its name, what it is for, its content type, and how its bytes are made when they are wanted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

CSV = "text/csv; charset=utf-8; header=present"
CSVW = "application/csvm+json"
HTML = "text/html; charset=utf-8"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPS = "text/plain; charset=utf-8"
SUMS = "text/plain; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@dataclass(frozen=True)
class File:
    """A file to download or to write. The same release makes the same bytes every time."""

    name: str
    title: str
    content_type: str
    content: Callable[[], bytes]


def named(files: Iterable[File], name: str) -> File:
    """The file of that name. LookupError where there is none."""
    for file in files:
        if file.name == name:
            return file
    raise LookupError(f"There is no file {name}.")
