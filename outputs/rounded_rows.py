"""Decides what of a survey's rows is released: rounded so that the attack finds nothing, put together where it must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from outputs.disclosure.audit import Audited, Tried, audited
from outputs.disclosure.shapes import Shape
from outputs.disclosure.truth import Row, Truth, linked
from outputs.earlier_releases import Before, EarlierRelease, Made, compared, gone
from outputs.exact_rows import Counted, telling, with_groups
from outputs.further_merging import merged_further
from questionnaire import selectors
from questionnaire.engine.model import Standard

FEWEST_CHANGES = 10  # of a row, before its figures are given again
COLLEAGUES = 2  # one's own answers and a colleague's


class Unsafe(Exception):
    """No way of rounding or putting together is left that the attack does not break."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What is to be printed: rows with their rounded counts (rows by cells), or their figures as they were before.

    `kept` are the places of rows of which the last release's figures stand. `method` names how counts were rounded,
    `report` tells of the attack and has no number of people in it.
    """

    breakdowns: Sequence[selectors.CountedBreakdown]
    rows: Sequence[Counted]
    counts: np.ndarray
    method: str
    kept: frozenset[int] = frozenset()
    report: Mapping = field(default_factory=dict)


def as_they_are(counted: Sequence[Counted], breakdowns: Sequence[selectors.CountedBreakdown]) -> Rows:
    """Exact counts, for a survey whose office protects them itself."""
    return Rows(breakdowns, counted, np.stack([row.counts for row, _atoms in counted]), "nearest")


def rounded_rows(
    survey: selectors.SurveyFacts,
    standard: Standard,
    shape: Shape,
    breakdowns: Sequence[selectors.CountedBreakdown],
    counted: Sequence[Counted],
    before: Mapping[Made, Before],
    waves: Sequence[EarlierRelease],
    key: bytes,
) -> Rows:
    """Rows rounded by the plainest way that holds; groups are put together until one does. Raises Unsafe.

    `counted` are the exact rows of these breakdowns. `before` is what the last release of this survey printed, where
    its answers can have changed since; `waves` what earlier surveys did.
    """
    everybody, _atoms = counted[0]
    tried: list[dict[str, str]] = []
    joined: list[str] = []
    while True:
        truth, kept, told = _truth(survey, standard, shape, counted, before, waves)
        result = audited(truth, key)
        tried += [_told(truth, each) for each in result.tried]
        if result.rounding is not None:
            report = _report(truth, result, tried, joined, told)
            return Rows(breakdowns, counted, result.rounding.counts, result.rounding.method, kept, report)
        breakdowns, titles = _with_fewer_groups(truth, result.broken, breakdowns)
        joined += titles
        counted = with_groups(survey, standard, shape, everybody.counts, everybody.people, breakdowns)


def _truth(
    survey: selectors.SurveyFacts,
    standard: Standard,
    shape: Shape,
    counted: Sequence[Counted],
    before: Mapping[Made, Before],
    waves: Sequence[EarlierRelease],
) -> tuple[Truth, frozenset[int], list[str]]:
    """All that the attack needs; the places of rows whose figures stay as they were; what is said of earlier waves."""
    then = {
        place: before[row.where.breakdown, atoms.groups]
        for place, (row, atoms) in enumerate(counted)
        if row.shown and (row.where.breakdown, atoms.groups) in before
    }
    kept = frozenset(place for place, each in then.items() if changes(each, counted[place][0], shape) < FEWEST_CHANGES)
    earlier, told = compared(waves, shape, counted)
    rows, sums = linked(
        [(replace(row, shown=row.shown and place not in kept), atoms) for place, (row, atoms) in enumerate(counted)]
    )
    truth = Truth(
        shape=shape,
        rows=rows,
        sums=sums,
        telling=telling(standard, shape),
        small=survey.group_minimum,
        knows=COLLEAGUES if survey.origin == "imported" else max(COLLEAGUES, survey.group_minimum // 2),
        round_to=survey.round_to,
        earlier=(*earlier, *(each.compared(place, counted[place][0], shape) for place, each in then.items())),
    )
    return truth, kept, told


def changes(before: Before, row: Row, shape: Shape) -> int:
    """The fewest people by whom a row can differ from what was printed of it."""
    return max(gone(before.counts, row.counts, shape), gone(row.counts, before.counts, shape))


def _with_fewer_groups(
    truth: Truth, broken: Sequence[int], breakdowns: Sequence[selectors.CountedBreakdown]
) -> tuple[list[selectors.CountedBreakdown], list[str]]:
    """The breakdowns with each group joined to one more where the attack got through, and which they were.

    Where it got through for everybody, or for those in no group, the smallest group is joined. Raises Unsafe.
    """
    if not any(each.groups for each in breakdowns):
        raise Unsafe
    found, joined = {each.code: each for each in breakdowns}, []
    table = truth.shape.cells[0][0]  # every table has everybody in it

    def people_of(counts: Mapping[tuple[str, str], int]) -> int:
        return sum(n for (each, _code), n in counts.items() if each == table)

    for where in (truth.rows[place].where for place in broken):
        code = where.breakdown if where.breakdown in found else max(found, key=lambda each: len(found[each].groups))
        groups = {group.code: group for group in found[code].groups}
        named = where.breakdown == code and where.group_code
        if (named and where.group_code not in groups) or (joined and not named) or not groups:
            continue  # joined already, or this may have mended it
        sizes = {each: people_of(group.counts) for each, group in groups.items()}
        worst = where.group_code if named else min(groups, key=sizes.__getitem__)
        found[code] = merged_further(found[code], worst, sizes)
        joined.append(f"{found[code].title}: {groups[worst].title}")
    if not joined:
        raise Unsafe
    return list(found.values()), joined


def _told(truth: Truth, tried: Tried) -> dict[str, str]:
    """One attempt in words for an auditor: how it was rounded, and what the attack found, where."""
    if tried.found is None:
        return {"method": tried.method, "found": ""}
    where, (table, code) = truth.rows[tried.found.row].where, truth.shape.cells[tried.found.cell]
    return {
        "method": tried.method,
        "found": tried.found.what,
        "breakdown": where.breakdown,
        "group": where.group,
        "table": table,
        "category": code,
    }


def _report(
    truth: Truth, result: Audited, tried: list[dict[str, str]], joined: list[str], waves: list[str]
) -> dict[str, object]:
    return {
        "passed": True,
        "method": result.rounding.method,
        "rows": sum(row.shown for row in truth.rows),
        "cells": sum(row.shown for row in truth.rows) * len(truth.shape.cells),
        "knows": truth.knows,
        "small": truth.small,
        "tried": tried,
        "joined": joined,
        "waves": waves,
    }
