"""Reads the rows of a CSV file as a stream, and says in words what is wrong in one."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from questionnaire.fieldwork.refusal import Refused

LONGEST_LINE = 65_536  # bytes; so that a file without line ends does not fill the memory


@dataclass(frozen=True)
class BadCell:
    """One thing that is wrong in a file: where it is, what stands there, and what was expected."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        value = "".join(character if character.isprintable() else "�" for character in self.value[:60])
        return _("line %(line)s, column %(column)s: “%(value)s” stands there; expected: %(expected)s") % {
            "line": self.line,
            "column": self.column,
            "value": value,
            "expected": self.expected,
        }


def rows(file: IO[bytes], heed: Callable[[bytes], None] = lambda line: None) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty. Refused where the bytes are no CSV. `heed` hears of each line."""
    reader = csv.reader(_lines(file, heed), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise Refused(
            _("line %(line)s: this is not CSV (%(error)s)") % {"line": reader.line_num, "error": error}
        ) from error


def _lines(file: IO[bytes], heed: Callable[[bytes], None]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Refused(_("line %s: this line is far too long for a row of this file.") % number)
        heed(line)
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise Refused(_("line %s: this is not UTF-8 text. Save the file as “CSV UTF-8”.") % number) from error
