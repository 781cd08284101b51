"""Reads a CSV file of whole interviews: every row is checked against the standard, and only patterns are kept.

The file is read as a stream and only distinct answers are kept, so memory does not grow with its length. Groups are
handed on row by row, for the same reason.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from questionnaire.engine.model import Standard
from questionnaire.engine.route import route
from questionnaire.fieldwork.closing import Pattern, canonical
from questionnaire.fieldwork.csv_rows import BadCell, rows
from questionnaire.fieldwork.header import check_header

LONGEST_LIST = 20  # groups that are named where something else stands


@dataclass(frozen=True)
class Reading:
    """A whole file, checked: how many gave each pattern, how many rows were bad, and the digest of its bytes.

    `unstored` are the titles of breakdowns of which no counts could be kept.
    """

    counts: Counter[Pattern]
    bad_rows: int
    digest: str
    unstored: tuple[str, ...] = ()


Fault = tuple[str, str, str]  # column, value, what was expected
Grouped = Callable[[tuple[str, ...], Mapping[str, str], Mapping[str, str]], None]


def read(
    path: Path,
    standard: Standard,
    mode: str,
    *,
    report: Callable[[BadCell], None],
    breakdowns: Mapping[str, Sequence[str]] | None = None,
    grouped: Grouped = lambda pattern, answers, groups: None,
    reject: Callable[[list[str]], None] | None = None,
    advance: Callable[[int], None] = lambda size: None,
) -> Reading:
    """Read and check a file: UTF-8, a header of question ids and breakdowns in any order, option codes, group codes.

    An answer is blank where the question was not asked; a group never is. `breakdowns` are the codes of the groups of
    each; `grouped` is handed, for each good row, what its answers are known by, the answers, and the groups.
    """
    digest = hashlib.sha256()
    counts: Counter[tuple[str, ...]] = Counter()
    bad_rows = 0
    questions = [question.id for question in standard.questions]
    breakdowns = breakdowns or {}

    def heed(line: bytes) -> None:
        digest.update(line)
        advance(len(line))

    with path.open("rb") as file:
        found = rows(file, heed)
        header = check_header(next(found, (1, []))[1], questions, list(breakdowns))
        if reject:
            reject(header)
        asked = [place for place, column in enumerate(header) if column not in breakdowns]
        in_groups = [place for place, column in enumerate(header) if column in breakdowns]
        columns = [header[place] for place in asked]
        check = lru_cache(maxsize=100_000)(lambda codes: tuple(_faults(standard, mode, columns, codes)))
        for line, row in found:
            if len(row) != len(header):
                faults: list[Fault] = [_wrong_length(row, header)]
            else:
                codes = tuple([row[place].strip() for place in asked])
                groups = {header[place]: row[place].strip() for place in in_groups}
                faults = [*check(codes), *(_unknown_groups(groups, breakdowns) if groups else ())]
            if not faults:
                counts[codes] += 1
                if groups:
                    grouped(codes, _answers(columns, codes), groups)
                continue
            bad_rows += 1
            for column, value, expected in faults:
                report(BadCell(line, column, value, expected))
            if reject:
                reject(row)
    patterns = Counter({(mode, canonical(_answers(columns, codes))): n for codes, n in counts.items()})
    return Reading(patterns, bad_rows, digest.hexdigest())


def _answers(columns: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    return {column: code for column, code in zip(columns, codes, strict=True) if code}


def _wrong_length(row: Sequence[str], header: Sequence[str]) -> Fault:
    return _("(all)"), _("%s cells") % len(row), _("%s cells, as in the header") % len(header)


def _unknown_groups(groups: Mapping[str, str], breakdowns: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    for breakdown, group in groups.items():
        codes = breakdowns[breakdown]
        if group not in codes:
            yield breakdown, group, ", ".join([*codes[:LONGEST_LIST], *(["…"] if len(codes) > LONGEST_LIST else [])])


def _faults(standard: Standard, mode: str, columns: Sequence[str], row: tuple[str, ...]) -> Iterator[Fault]:
    """Whatever keeps these answers from being one whole interview."""
    walked = route(standard, mode, _answers(columns, row))
    on_route = {question.id for question in walked.questions}
    for column, code in zip(columns, row, strict=True):
        codes = ", ".join(standard.question(column).asking(mode).codes)
        if column in on_route and column not in walked.answers:
            yield column, code, codes if code else _("an answer, since this question is asked: %s") % codes
        elif code and column not in on_route and walked.complete:
            yield column, code, _("blank, since this question is not asked after the other answers")
