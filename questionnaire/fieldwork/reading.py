"""Reads a CSV file of whole interviews: every row is checked against the standard, and only patterns are kept.

The file is read as a stream and only distinct rows are kept, so memory does not grow with its length.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from questionnaire.engine.model import Standard
from questionnaire.engine.route import route
from questionnaire.fieldwork.closing import Pattern, canonical
from questionnaire.fieldwork.surveys import Refused

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


@dataclass(frozen=True)
class Reading:
    """A whole file, checked: how many gave each pattern, how many rows were bad, and the digest of its bytes."""

    counts: Counter[Pattern]
    bad_rows: int
    digest: str


def read(
    path: Path,
    standard: Standard,
    mode: str,
    *,
    report: Callable[[BadCell], None],
    reject: Callable[[list[str]], None] | None = None,
    advance: Callable[[int], None] = lambda size: None,
) -> Reading:
    """Read and check a file: UTF-8, a header of question ids in any order, option codes, blank where not asked."""
    digest = hashlib.sha256()
    counts: Counter[tuple[str, ...]] = Counter()
    bad_rows = 0
    questions = [question.id for question in standard.questions]
    with path.open("rb") as file:
        rows = _rows(file, digest, advance)
        header = _header(next(rows, (1, []))[1], questions)
        if reject:
            reject(header)
        check = lru_cache(maxsize=100_000)(lambda row: tuple(_faults(standard, mode, header, row)))
        for line, row in rows:
            cells = tuple(cell.strip() for cell in row)
            faults = check(cells)
            if not faults:
                counts[cells] += 1
                continue
            bad_rows += 1
            for column, value, expected in faults:
                report(BadCell(line, column, value, expected))
            if reject:
                reject(row)
    patterns = Counter(
        {
            (mode, canonical({q: code for q, code in zip(header, cells, strict=True) if code})): n
            for cells, n in counts.items()
        }
    )
    return Reading(patterns, bad_rows, digest.hexdigest())


def _rows(file: IO[bytes], digest: "hashlib._Hash", advance: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty. Refused where the bytes are no CSV."""
    reader = csv.reader(_lines(file, digest, advance), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise Refused(
            _("line %(line)s: this is not CSV (%(error)s)") % {"line": reader.line_num, "error": error}
        ) from error


def _lines(file: IO[bytes], digest: "hashlib._Hash", advance: Callable[[int], None]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Refused(_("line %s: this line is far too long for a row of answers.") % number)
        digest.update(line)
        advance(len(line))
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise Refused(_("line %s: this is not UTF-8 text. Save the file as “CSV UTF-8”.") % number) from error


def _header(row: list[str], questions: list[str]) -> list[str]:
    """The header's columns; Refused unless they are the standard's question ids, each once, in any order."""
    header = [column.strip() for column in row]
    faults = [
        (_("missing"), [question for question in questions if question not in header]),
        (_("unknown"), [column for column in header if column not in questions]),
        (_("more than once"), sorted({column for column in header if header.count(column) > 1})),
    ]
    told = "; ".join(f"{kind}: {', '.join(repr(name) for name in names)}" for kind, names in faults if names)
    if told:
        raise Refused(
            _("line 1: the columns must be the question ids (%(ids)s). %(told)s")
            % {"ids": ", ".join(questions), "told": told}
        )
    return header


def _faults(standard: Standard, mode: str, header: list[str], row: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(column, value, expected) for whatever keeps this row from being one whole interview."""
    if len(row) != len(header):
        yield _("(all)"), _("%s cells") % len(row), _("%s cells, as in the header") % len(header)
        return
    answers = {column: code for column, code in zip(header, row, strict=True) if code}
    walked = route(standard, mode, answers)
    on_route = {question.id for question in walked.questions}
    for column, code in zip(header, row, strict=True):
        codes = ", ".join(standard.question(column).asking(mode).codes)
        if column in on_route and column not in walked.answers:
            yield column, code, codes if code else _("an answer, since this question is asked: %s") % codes
        elif code and column not in on_route and walked.complete:
            yield column, code, _("blank, since this question is not asked after the other answers")
