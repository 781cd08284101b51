"""Writes a file of codes that only its owner can read; there is none where what it belongs to was not stored."""

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.db import transaction

from questionnaire.fieldwork.refusal import Refused


def write_codes(path: Path, make: Callable[[], Iterable[Sequence[str]]]) -> int:
    """Write the rows that `make` returns, and say how many people they name. Refused where the file is there already.

    The file is whole before what `make` stores is: if either fails, neither stays.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(f"{path} is there already, and codes are never written over.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with transaction.atomic():
            n = _write(descriptor, make())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refused(f"{path} cannot be written: {error.strerror}.") from error
        raise
    return n


def _write(descriptor: int, rows: Iterable[Sequence[str]]) -> int:
    n = -1  # the header names nobody
    with os.fdopen(descriptor, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for row in rows:
            writer.writerow(row)
            n += 1
        file.flush()
        os.fsync(file.fileno())
    return n
