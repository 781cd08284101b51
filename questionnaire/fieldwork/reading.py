"""Reads a CSV file of whole interviews: every row is checked against the standard, and only patterns are kept.

The file is read as a stream and only distinct rows are kept, so memory does not grow with its length.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from questionnaire.engine.model import Standard
from questionnaire.engine.route import route
from questionnaire.fieldwork.closing import Pattern, canonical
from questionnaire.fieldwork.csv_rows import BadCell, rows
from questionnaire.fieldwork.surveys import Refused


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

    def heed(line: bytes) -> None:
        digest.update(line)
        advance(len(line))

    with path.open("rb") as file:
        found = rows(file, heed)
        header = _header(next(found, (1, []))[1], questions)
        if reject:
            reject(header)
        check = lru_cache(maxsize=100_000)(lambda row: tuple(_faults(standard, mode, header, row)))
        for line, row in found:
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
