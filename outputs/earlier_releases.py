"""Finds what earlier releases told of the same groups: waves before, and this survey before answers changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from outputs.disclosure.protected import LOW, ORGANISATION, ProtectedTable
from outputs.disclosure.shapes import Shape, depends_on
from outputs.disclosure.truth import Atoms, Earlier, Row
from outputs.exact_rows import Counted, exact_rows, telling
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

    def with_(self, other: "Before") -> "Before":
        """The people of both, of whom none is in both."""
        return Before(
            self.counts + other.counts, self.people + other.people, self.least + other.least, self.most + other.most
        )

    def compared(self, place: int, row: Row, shape: Shape) -> Earlier:
        """How the row that is now at this place differs. As few came and went as the counts allow: so most is told."""
        left = gone(self.counts, row.counts, shape)
        return Earlier(place, self.least, self.most, joined=left + row.people - self.people, left=left)


def gone(then: np.ndarray, now: np.ndarray, shape: Shape) -> int:
    """The fewest people who can have left, or changed an answer, between two counts of one row."""
    fewer = np.maximum(then - now, 0)
    return max(int(fewer[list(cells)].sum()) for cells in shape.tables.values())


def matching(before: Mapping[Made, Before], rows: Sequence[Counted]) -> Iterator[tuple[tuple[int, ...], Before]]:
    """The places of the fewest rows that are made of the same groups as what was printed before, and that together.

    One row where nothing was put together otherwise since; several where groups were merged then that stand by
    themselves now, or the other way round.
    """
    now = {(row.where.breakdown, atoms.groups): place for place, (row, atoms) in enumerate(rows) if row.shown}
    pile_of: dict[tuple[str, tuple[str, ...]], list[Made]] = {}  # by breakdown and group: rows that hang together
    for made in dict.fromkeys([*now, *before]):
        parts = [(made[0], group) for group in made[1]]
        meeting = {id(pile_of[part]): pile_of[part] for part in parts if part in pile_of}
        pile = [made, *(each for pile in meeting.values() for each in pile)]
        pile_of |= {(breakdown, group): pile for breakdown, groups in pile for group in groups}
    for pile in {id(pile): pile for pile in pile_of.values()}.values():
        here, there = [made for made in pile if made in now], [made for made in pile if made in before]
        if here and there and _all_groups(here) == _all_groups(there):
            yield tuple(sorted(now[made] for made in here)), reduce(Before.with_, (before[made] for made in there))


def _all_groups(rows: Iterable[Made]) -> set[tuple[str, ...]]:
    return {group for _breakdown, groups in rows for group in groups}


@dataclass(frozen=True, eq=False)
class EarlierRelease:
    """What a release of a wave before printed of each row, or why nothing of it can be set beside this survey."""

    name: str
    rows: Mapping[Made, Before]
    why_not: str = ""


def earlier_waves(survey: selectors.SurveyFacts, standard: Standard, shape: Shape) -> list[EarlierRelease]:
    """Every release of every wave before."""
    found: list[EarlierRelease] = []
    for wave in _waves(survey):
        if wave.standard != survey.standard or wave.policy != survey.policy:
            found.append(EarlierRelease(wave.slug, {}, "its standard or its policy is another"))
            continue
        counted = exact_rows(wave, standard, shape, selectors.groups(wave.id))
        for release in Release.objects.filter(survey_id=wave.id).order_by("number"):
            name = f"{wave.slug}, release {release.number}"
            if not counted[0][0].people:
                found.append(EarlierRelease(name, {}, "its counts have been destroyed"))
                continue
            comparable = _comparable(standard, shape, survey, wave)
            found.append(EarlierRelease(name, printed_rows(release, counted, standard, shape, comparable)))
    return found


def printed_rows(
    release: Release, counted: Sequence[Counted], standard: Standard, shape: Shape, comparable: np.ndarray
) -> dict[Made, Before]:
    """The rows that a release printed, with the exact counts behind them where these can be put together."""
    printed = printed_bounds(release, standard, shape, comparable)
    before = {made: put_together(counted, made, bounds) for made, bounds in printed.items()}
    return {made: then for made, then in before.items() if then is not None}


def compared(
    waves: Sequence[EarlierRelease], rows: Sequence[Counted]
) -> tuple[list[tuple[tuple[int, ...], Before]], list[str]]:
    """What these releases printed of these rows (see `matching`), and a sentence on each release."""
    found: list[tuple[tuple[int, ...], Before]] = []
    told: list[str] = []
    for wave in waves:
        if wave.why_not:
            told.append(f"{wave.name}: not attacked together, since {wave.why_not}.")
            continue
        same = list(matching(wave.rows, rows))
        found += same
        told.append(f"{wave.name}: attacked together, {len(same)} rows are of the same groups.")
    return found, told


def printed_bounds(release: Release, standard: Standard, shape: Shape, comparable: np.ndarray) -> Printed:
    """What a release printed, by what its rows are made of.

    Nothing is known of a cell that is not `comparable`, and a row of which everything is withheld is not there. What
    was given as left over from other cells follows from these.
    """
    tells = telling(standard, shape)
    places = {cell: place for place, cell in enumerate(shape.cells)}
    made = rows_of(release)
    found: dict[Made, tuple[np.ndarray, np.ndarray]] = {}
    for table in map(ProtectedTable.from_json, release.tables):
        row = made[table.breakdown, table.group_code]
        method, within = rounding_of(release, table.breakdown, table.group_code)
        if not row[1]:
            continue  # built before releases told what a group is made of
        for cell in table.cells:
            place = places[table.id, cell.code]
            follows = method == "nearest_and_left" and not tells[place]
            if comparable[place] and not follows and (cell.count.value is not None or cell.count.status == LOW):
                least, most = found.setdefault(row, _anything(len(shape.cells)))
                least[place] = max(0, int(cell.count.value or 0) - within)
                most[place] = int(cell.count.value or 0) + within
    return found


def rows_of(release: Release) -> dict[tuple[str, str], Made]:
    """What each row of a release is made of, by breakdown and code of the group."""
    return {(ORGANISATION, "all"): (ORGANISATION, frozenset({()}))} | {
        (breakdown["code"], group["code"]): (breakdown["code"], frozenset(map(tuple, group["made_of"])))
        for breakdown in release.facts.get("breakdowns", [])
        for group in breakdown["groups"]
    }


def rounding_of(release: Release, breakdown: str, group: str) -> tuple[str, int]:
    """How the counts of a row were rounded, and how far off they can lie: figures that stayed, as they were before."""
    rounding = release.facts["rounding"]
    stayed = {(each, code): (method, within) for each, code, method, within in rounding.get("stayed", [])}
    return stayed.get((breakdown, group), (rounding["method"], rounding["within"]))


def _anything(cells: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(cells, dtype=np.int64), np.full(cells, np.iinfo(np.int32).max, dtype=np.int64)


def put_together(
    counted: Iterable[tuple[Row, Atoms]], made: Made, bounds: tuple[np.ndarray, np.ndarray]
) -> Before | None:
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
