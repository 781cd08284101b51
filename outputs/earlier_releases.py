"""Finds what earlier releases told of the same groups: waves before, and this survey before answers changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from outputs.disclosure.protected import LOW, ORGANISATION, ProtectedTable
from outputs.disclosure.shapes import Shape, depends_on
from outputs.disclosure.truth import Atoms, Earlier, Row
from outputs.exact_rows import Counted, exact_rows
from outputs.models import Release
from outputs.release_facts import settings
from questionnaire import selectors
from questionnaire.engine.model import Standard

Made = tuple[str, frozenset[tuple[str, ...]]]  # a breakdown, and the groups that a row is made of
Printed = Mapping[Made, tuple[np.ndarray, np.ndarray]]  # the least and the most that each cell can be


@dataclass(frozen=True, eq=False)
class Before:
    """A row as an earlier release printed it: its exact counts then, and the bounds that are known of them."""

    counts: np.ndarray
    people: int
    least: np.ndarray
    most: np.ndarray

    def compared(self, place: int, row: Row, shape: Shape) -> Earlier:
        """How the row that is now at this place differs. As few came and went as the counts allow: so most is told."""
        left = gone(self.counts, row.counts, shape)
        return Earlier(place, self.least, self.most, joined=left + row.people - self.people, left=left)


def gone(then: np.ndarray, now: np.ndarray, shape: Shape) -> int:
    """The fewest people who can have left, or changed an answer, between two counts of one row."""
    fewer = np.maximum(then - now, 0)
    return max(int(fewer[list(cells)].sum()) for cells in shape.tables.values())


@dataclass(frozen=True, eq=False)
class EarlierRelease:
    """What a release of a wave before printed of each row; None where the counts behind it have been destroyed."""

    name: str
    rows: Mapping[Made, Before] | None


def earlier_waves(survey: selectors.SurveyFacts, standard: Standard, shape: Shape) -> list[EarlierRelease]:
    """Every release of every wave before that was made by the same standard and policy."""
    found: list[EarlierRelease] = []
    for wave in _waves(survey):
        if wave.standard != survey.standard or wave.policy != survey.policy:
            continue
        counted = exact_rows(wave, standard, shape, selectors.groups(wave.id))
        comparable = _comparable(standard, shape, survey, wave)
        for release in Release.objects.filter(survey_id=wave.id).order_by("number"):
            name = f"{wave.slug}, release {release.number}"
            known = counted[0][0].people > 0
            found.append(EarlierRelease(name, printed_rows(release, counted, shape, comparable) if known else None))
    return found


def printed_rows(
    release: Release, counted: Sequence[Counted], shape: Shape, comparable: np.ndarray
) -> dict[Made, Before]:
    """The rows that a release printed, with the exact counts that stood behind them; those of which both are known."""
    printed = printed_bounds(release, shape, comparable)
    before = {made: _before(counted, made, bounds) for made, bounds in printed.items()}
    return {made: each for made, each in before.items() if each is not None}


def compared(waves: Sequence[EarlierRelease], shape: Shape, rows: Sequence[Counted]) -> tuple[list[Earlier], list[str]]:
    """What these releases told of the same rows, and a sentence on each release.

    A row is the same where its breakdown and the groups that it is made of are the same.
    """
    found: list[Earlier] = []
    told: list[str] = []
    for wave in waves:
        if wave.rows is None:
            told.append(f"{wave.name}: not attacked together, since its counts have been destroyed.")
            continue
        same = [
            then.compared(place, row, shape)
            for place, (row, atoms) in enumerate(rows)
            if row.shown
            for then in [wave.rows.get((row.where.breakdown, atoms.groups))]
            if then is not None
        ]
        found += same
        told.append(f"{wave.name}: attacked together, {len(same)} rows are the same.")
    return found, told


def printed_bounds(release: Release, shape: Shape, comparable: np.ndarray) -> Printed:
    """What a release printed, by what its rows are made of.

    Nothing is known of a cell that is not `comparable`, and a row of which everything is withheld is not there.
    """
    within = release.facts["rounding"]["within"]
    places = {cell: place for place, cell in enumerate(shape.cells)}
    made = {(ORGANISATION, "all"): frozenset({()})} | {
        (breakdown["code"], group["code"]): frozenset(map(tuple, group["made_of"]))
        for breakdown in release.facts.get("breakdowns", [])
        for group in breakdown["groups"]
    }
    found: dict[Made, tuple[np.ndarray, np.ndarray]] = {}
    for table in map(ProtectedTable.from_json, release.tables):
        row = table.breakdown, made[table.breakdown, table.group_code]
        for cell in table.cells:
            place = places[table.id, cell.code]
            if comparable[place] and (cell.count.value is not None or cell.count.status == LOW):
                least, most = found.setdefault(row, _anything(len(shape.cells)))
                least[place] = max(0, int(cell.count.value or 0) - within)
                most[place] = int(cell.count.value or 0) + within
    return found


def _anything(cells: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(cells, dtype=np.int64), np.full(cells, np.iinfo(np.int32).max, dtype=np.int64)


def _before(counted: Iterable[tuple[Row, Atoms]], made: Made, bounds: tuple[np.ndarray, np.ndarray]) -> Before | None:
    """The row that is made of these groups, put together from those that are counted; None where they are not."""
    breakdown, groups = made
    parts = [(row, each) for row, each in counted if row.where.breakdown == breakdown and each.groups <= groups]
    if frozenset().union(*(each.groups for _row, each in parts)) != groups:
        return None
    return Before(sum(row.counts for row, _each in parts), sum(row.people for row, _each in parts), *bounds)


def _waves(survey: selectors.SurveyFacts) -> Iterator[selectors.SurveyFacts]:
    seen = {survey.slug}
    while survey.previous and survey.previous not in seen:
        survey = selectors.survey_facts(survey.previous)
        seen.add(survey.slug)
        yield survey


def _comparable(
    standard: Standard, shape: Shape, survey: selectors.SurveyFacts, wave: selectors.SurveyFacts
) -> np.ndarray:
    """The cells that mean the same in both: of every table that stands on no setting which differs."""
    now, then = settings(survey), settings(wave)
    differing = {name for name in now if now[name] != then[name]}
    stands_on = depends_on(standard)
    return np.array([not (stands_on[table] & differing) for table, _code in shape.cells])
