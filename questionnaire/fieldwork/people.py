"""Reads a CSV file of people to invite: a reference or nothing, and a group in each of the survey's breakdowns."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from questionnaire.fieldwork.csv_rows import BadCell, rows
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Invitation, Survey

REFERENCE = "reference"
RESERVED = {REFERENCE, "code", "link"}  # columns of the file of codes, which has one for each breakdown too
MOST_LISTED = 40  # group codes in one message
LONGEST_REFERENCE = Invitation._meta.get_field("reference").max_length
# A spreadsheet calculates a cell that begins so (the wide ones are East Asian), and the file of codes goes into one.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class People:
    """Whom to invite: of each person the reference, blank where there is none, then a group code for each breakdown."""

    breakdowns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def in_groups(self) -> list[Counter[str]]:
        """How many people are in each group, breakdown by breakdown."""
        together = Counter(row[1:] for row in self.rows)
        counters: list[Counter[str]] = [Counter() for _breakdown in self.breakdowns]
        for groups, n in together.items():
            for counter, group in zip(counters, groups, strict=True):
                counter[group] += n
        return counters


def group_codes(survey: Survey) -> dict[str, list[str]]:
    """The codes of the groups of each breakdown, both in the survey's order."""
    return {
        breakdown.code: [group.code for group in breakdown.groups.all()]
        for breakdown in survey.breakdowns.prefetch_related("groups")
    }


def read(
    file: IO[bytes], survey: Survey, invited: Container[str], *, report: Callable[[BadCell], None]
) -> tuple[People, int]:
    """The people in a file, and how many of its rows are bad, of which every fault goes to `report`.

    `invited` are the references that were invited before. The file is UTF-8, and its header has a column for each
    breakdown's short name and perhaps `reference`, in any order. Refused where it is no such file.
    """
    groups = group_codes(survey)
    told = {column: _listed(codes) for column, codes in groups.items()}
    found = rows(file)
    header = _header(next(found, (1, []))[1], list(groups))
    order = [header.index(column) for column in groups]
    at = header.index(REFERENCE) if REFERENCE in header else None
    one_object = {code: code for codes in groups.values() for code in codes}  # not a text of its own for each cell
    people, lines, bad_rows = People(tuple(groups)), {}, 0
    for line, row in found:
        reference = "" if at is None or at >= len(row) else row[at].strip()
        faults = list(_faults(header, row, groups, told, _expected_reference(row, at, invited, lines)))
        if reference:
            lines.setdefault(reference, line)
        if faults:
            bad_rows += 1
            for column, cell, expected in faults:
                report(BadCell(line, column, cell, expected))
            continue
        people.rows.append((reference, *(one_object[row[place].strip()] for place in order)))
    if not people.rows and not bad_rows:
        raise Refused(_("The file names no people."))
    return people, bad_rows


def _header(row: list[str], breakdowns: list[str]) -> list[str]:
    header = [column.strip() for column in row]
    faults = [
        (_("missing"), [code for code in breakdowns if code not in header]),
        (_("unknown"), [column for column in header if column not in (REFERENCE, *breakdowns)]),
        (_("more than once"), sorted({column for column in header if header.count(column) > 1})),
    ]
    told = "; ".join(f"{kind}: {', '.join(repr(name[:60]) for name in names)}" for kind, names in faults if names)
    if told or not header:
        raise Refused(
            _("line 1: the columns must be the breakdowns (%(names)s) and, if you like, “reference”. %(told)s")
            % {"names": ", ".join(breakdowns) or _("this survey has none"), "told": told or _("the file is empty")}
        )
    return header


def _listed(codes: list[str]) -> str:
    """The codes that a cell may hold; of very many only the first."""
    more = len(codes) - MOST_LISTED
    listed = ", ".join(codes[:MOST_LISTED])
    return (
        _("one of %(codes)s and %(more)s others") % {"codes": listed, "more": more}
        if more > 0
        else (_("one of %s") % listed)
    )


def _faults(
    header: list[str], row: list[str], groups: dict[str, list[str]], told: dict[str, str], of_reference: str
) -> Iterator[tuple[str, str, str]]:
    """(column, value, expected) for whatever keeps this row from being one person."""
    if len(row) != len(header):
        yield _("(all)"), _("%s cells") % len(row), _("%s cells, as in the header") % len(header)
        return
    for column, cell in zip(header, row, strict=True):
        if column == REFERENCE:
            if of_reference:
                yield column, cell, of_reference
        elif cell.strip() not in groups[column]:
            yield column, cell, told[column]


def _expected_reference(row: list[str], at: int | None, invited: Container[str], lines: dict[str, int]) -> str:
    """What should stand there instead; nothing where the reference is right."""
    if at is None or at >= len(row):
        return ""
    reference = row[at].strip()
    if row[at].startswith("\t") or reference.startswith(FORMULA):
        return _("a reference that no spreadsheet takes as a formula: it begins with none of = + - @ or a tab")
    if not reference.isprintable():
        return _("a reference of characters that can be seen")
    if len(reference) > LONGEST_REFERENCE:
        return _("a reference of at most %s characters") % LONGEST_REFERENCE
    if reference in lines:
        return _("a reference of its own: line %s has the same") % lines[reference]
    if reference in invited:
        return _("a reference that is not invited yet")
    return ""
