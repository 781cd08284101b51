"""Decides what of a survey's rows is released: rounded so that the attack finds nothing, put together where it must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from outputs.disclosure.audit import Audited, Tried, audited
from outputs.disclosure.protected import ORGANISATION, Where
from outputs.disclosure.shapes import Shape
from outputs.disclosure.system import Sum
from outputs.disclosure.truth import Earlier, Row, Truth, linked
from outputs.earlier_releases import Before, EarlierRelease, Made, compared, gone, matching
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

    `counted` are the exact rows of these breakdowns. `before` is what the last release of this survey printed, `waves`
    what those of the waves before did.
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
        places = [truth.rows[row].where for row in result.broken]
        # What is given away of everybody, or of those in no group, may be mended by what is joined for a group.
        for where in [each for each in places if each.group_code and each.breakdown != ORGANISATION] or places[:1]:
            breakdowns, titles = _with_fewer_groups(where, counted, breakdowns)
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
    earlier, told = compared(waves, counted)
    rows, sums = linked(
        [(replace(row, shown=row.shown and place not in kept), atoms) for place, (row, atoms) in enumerate(counted)]
    )
    rows, sums, differing = _differing(rows, sums, [*earlier, *matching(before, counted)], shape)
    truth = Truth(
        shape=shape,
        rows=rows,
        sums=sums,
        telling=telling(standard, shape),
        small=survey.group_minimum,
        knows=COLLEAGUES if survey.origin == "imported" else max(COLLEAGUES, survey.group_minimum // 2),
        round_to=survey.round_to,
        earlier=differing,
    )
    return truth, kept, told


def _differing(
    rows: tuple[Row, ...], sums: tuple[Sum, ...], matches: Sequence[tuple[tuple[int, ...], Before]], shape: Shape
) -> tuple[tuple[Row, ...], tuple[Sum, ...], tuple[Earlier, ...]]:
    """How rows differ from before; with a row of which nothing is printed for several that were put together then."""
    found = list(rows)
    together: dict[tuple[int, ...], int] = {}
    for places, _then in matches:
        if len(places) > 1 and places not in together:
            parts = [rows[place] for place in places]
            where = Where(parts[0].where.breakdown, "", ", ".join(part.where.group for part in parts))
            together[places] = len(found)
            counts = np.sum([part.counts for part in parts], axis=0)
            found.append(Row(where, counts, sum(part.people for part in parts), shown=False))
    place_of = {places: together.get(places, places[0]) for places, _then in matches}
    earlier = tuple(then.compared(place_of[places], found[place_of[places]], shape) for places, then in matches)
    return tuple(found), (*sums, *(((place,), parts) for parts, place in together.items())), earlier


def changes(before: Before, row: Row, shape: Shape) -> int:
    """The fewest people by whom a row can differ from what was printed of it."""
    return max(gone(before.counts, row.counts, shape), gone(row.counts, before.counts, shape))


def _with_fewer_groups(
    where: Where, counted: Sequence[Counted], breakdowns: Sequence[selectors.CountedBreakdown]
) -> tuple[Sequence[selectors.CountedBreakdown], list[str]]:
    """The breakdowns with one more group joined where the attack got through, and which it was. Raises Unsafe.

    Nothing is joined where the group already is, together with another that was given away.
    """
    named = next((each for each in breakdowns if each.code == where.breakdown), None)
    groups = {group.code for group in named.groups} if named else set()
    if named is not None and where.group_code and where.group_code not in groups:
        return breakdowns, []
    # What is given away of everybody, or of those in no group, is given away by what is told by groups.
    broken = named if groups else max(breakdowns, key=lambda each: len(each.groups), default=None)
    if broken is None or not broken.groups:
        raise Unsafe
    sizes = dict.fromkeys((group.code for group in broken.groups), 0)
    sizes |= {row.where.group_code: row.people for row, _atoms in counted if row.where.breakdown == broken.code}
    code = where.group_code if where.group_code in groups else min(sizes, key=sizes.__getitem__)
    fewer = merged_further(broken, code, sizes)
    title = next(group.title for group in broken.groups if group.code == code)
    return [fewer if each is broken else each for each in breakdowns], [f"{broken.title}: {title}"]


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
