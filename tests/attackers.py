"""People who try to find out what others answered, from what a release prints and what they know beside it.

Nothing here is the audit's: which answers go together is found anew from every interview that there can be, and every
question is put to a solver over the whole release at once, for whole people where it is small enough.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import ceil, prod

import highspy
import numpy as np

from outputs.disclosure.protected import CONFIDENTIAL, LOW
from tests.simulated_employer import Employer, Released, all_interviews, standard
from tests.usual_rules import Rule

SMALL = range(1, 10)
COLLEAGUES = 2  # oneself and a colleague
_SLIP = 1e-6


@dataclass(frozen=True)
class Found:
    """`people` whose category is certain to an attacker, `small` counts that are known exactly."""

    people: int = 0
    small: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.people + other.people, self.small + other.small)


@dataclass(frozen=True, eq=False)
class Group:
    """People: numbers that tell them apart, their interviews, and between what each count of cells is printed.

    `least` and `most` are None where nothing is printed of them. `moved` where they came or went between waves.
    """

    person: np.ndarray
    interview: np.ndarray
    least: np.ndarray | None = None
    most: np.ndarray | None = None
    moved: bool = False

    @cached_property
    def counts(self) -> np.ndarray:
        return np.bincount(all_interviews().cells[self.interview].ravel(), minlength=len(cells()))


Sum = tuple[int, tuple[int, ...]]  # a group, and those that it is made up of


@lru_cache(maxsize=1)
def cells() -> tuple[tuple[str, str], ...]:
    return tuple((table.id, category.code) for table in standard().tables for category in table.categories)


@lru_cache(maxsize=1)
def telling() -> np.ndarray:
    return np.array([category.telling for table in standard().tables for category in table.categories])


@lru_cache(maxsize=1)
def parts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Combinations of cells of tables that depend on each other, as bool (combinations by cells).

    Also which part each combination belongs to, and of every interview its combination in each part. That the parts
    are independent is proven by counting: every choice of one combination from each does occur.
    """
    every = all_interviews().cells
    tables = range(every.shape[1])
    together = {table: {table} for table in tables}
    for one, two in combinations(tables, 2):
        if len(np.unique(every[:, [one, two]], axis=0)) < prod(len(np.unique(every[:, each])) for each in (one, two)):
            joined = together[one] | together[two]
            for each in joined:
                together[each] = joined
    found, of, where = [], [], []
    for part, group in enumerate(sorted({tuple(sorted(each)) for each in together.values()})):
        combos, place = np.unique(every[:, group], axis=0, return_inverse=True)
        where.append(place.ravel() + sum(map(len, found)))
        found.append(np.array([[cell in combo for cell in range(len(cells()))] for combo in combos]))
        of += [part] * len(combos)
    assert prod(map(len, found)) == len(np.unique(every, axis=0))
    return np.concatenate(found), np.array(of), np.stack(where, axis=1)


class Attack:
    """Everything that fits: how many people of each group gave each combination of answers."""

    def __init__(self, groups: Sequence[Group], sums: Iterable[Sum], whole: bool) -> None:
        """`whole` people only, which takes longer; else also parts of people, which finds a little less."""
        self.groups, sums = groups, list(sums)
        self.combos, part, self._of_interview = parts()
        self.width = len(self.combos)
        self._parts = [np.flatnonzero(part == number) for number in np.unique(part)]
        self._solvers = [self._model(own, sums, whole) for own in self._parts]

    def _model(self, own: np.ndarray, sums: list[Sum], whole: bool) -> highspy.Highs:
        """All that fits, of one part: groups by its combinations. Parts share nothing but how many people there are."""
        rows: list[tuple[np.ndarray, np.ndarray, float, float]] = []
        of_cell = [(cell, np.flatnonzero(self.combos[own, cell])) for cell in self.combos[own].any(axis=0).nonzero()[0]]
        width = len(own)
        for place, group in enumerate(self.groups):
            people = len(group.person)
            rows.append((place * width + np.arange(width), np.ones(width), people, people))
            if group.least is not None:
                for cell, combos in of_cell:
                    rows.append((place * width + combos, np.ones(len(combos)), group.least[cell], group.most[cell]))
        for made, of in sums:
            for combo in range(width):
                members = np.array([made, *of]) * width + combo
                rows.append((members, np.array([-1.0] + [1.0] * len(of)), 0, 0))
        model = highspy.HighsLp()
        columns = len(self.groups) * width
        model.num_col_, model.num_row_ = columns, len(rows)
        model.col_cost_ = model.col_lower_ = np.zeros(columns)
        model.col_upper_ = np.repeat([float(len(group.person)) for group in self.groups], width)
        model.row_lower_ = np.array([row[2] for row in rows], dtype=float)
        model.row_upper_ = np.array([row[3] for row in rows], dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in rows)]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([row[0] for row in rows]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([row[1] for row in rows])
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * columns
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        return solver

    def small_counts(self) -> Found:
        """Printed groups' counts of 1 to 9 that can be no other."""
        left = {
            (place, cell): int(group.counts[cell])
            for place, group in enumerate(self.groups)
            if group.least is not None
            for cell in range(len(cells()))
            if group.counts[cell] in SMALL
        }
        random = np.random.default_rng(1)
        for _push in range(6):
            self._drop_moved(left, {each: random.choice([-1.0, 1.0]) for each in left})
        found = 0
        while left:
            each = next(iter(left))
            for sign in (1.0, -1.0):
                if each in left:
                    self._drop_moved(left, {each: sign})
            found += left.pop(each, None) is not None
        return Found(small=found)

    def _drop_moved(self, left: dict[tuple[int, int], int], costs: Mapping[tuple[int, int], float]) -> None:
        if left:
            counts = self._solved(costs)
            for place, cell in [each for each, true in left.items() if abs(counts[each] - true) > 1 - _SLIP]:
                del left[place, cell]

    def knowing(self, most: int, moved: bool = False) -> Found:
        """People of a group whose category is certain to one who knows the answers of `most` others in it.

        Of all whom one may know, those who are in no such category as the rest, and then those whose answers are
        rarest: nobody finds out more about the rest of this category.
        """
        cases: dict[int, list[tuple[int, np.ndarray]]] = {}
        for place, cell, outside in self._at_risk(most, moved):
            group = self.groups[place]
            inside = np.setdiff1d(np.arange(len(group.person)), outside)
            rare = np.bincount(group.interview)[group.interview[inside]].argsort(kind="stable")
            also = inside[rare][: max(0, min(most - len(outside), len(inside) - 1))]
            cases.setdefault(place, []).append((cell, group.person[np.concatenate([outside, also])]))
        found = Found()
        for turn in range(max(map(len, cases.values()), default=0)):  # a case of each group at a time, to go faster
            together = {place: each[turn] for place, each in cases.items() if turn < len(each)}
            for place, (cell, persons) in self._not_cleared(together).items():
                found += self._certain(place, cell, persons)
        return found

    def _not_cleared(self, cases: dict[int, tuple[int, np.ndarray]]) -> dict[int, tuple[int, np.ndarray]]:
        """Cases that are not open even to one who knows what the attackers of all of them know together."""
        left = dict(cases)
        self._know(np.unique(np.concatenate([persons for _cell, persons in cases.values()])))
        random = np.random.default_rng(2)
        for _push in range(4):
            if left:
                counts = self._solved({(place, cell): random.integers(1, 9) for place, (cell, _) in left.items()})
                for place, (cell, _persons) in list(left.items()):
                    if counts[place, cell] < self.groups[place].counts[cell] - 1 + _SLIP:
                        del left[place]
        self._know(np.array([], dtype=np.int64))
        return left

    def knowing_these(self, persons: np.ndarray) -> Found:
        """People of any group whose category is certain to one who knows the answers of these."""
        known = np.zeros(max(int(group.person.max()) for group in self.groups if len(group.person)) + 1, dtype=bool)
        known[persons] = True
        found = Found()
        for place, cell, outside in self._at_risk(len(persons), False):
            if known[self.groups[place].person[outside]].all():
                found += self._certain(place, cell, persons)
        return found

    def _at_risk(self, most: int, moved: bool) -> Iterator[tuple[int, int, np.ndarray]]:
        """Group, category, and the few of the group (their places) who are not in it."""
        for place, group in enumerate(self.groups):
            if group.moved != moved or (group.least is None and not moved):
                continue
            for cell in np.flatnonzero(telling() & (group.counts > 0) & (len(group.person) - group.counts <= most)):
                yield place, int(cell), np.flatnonzero(~(all_interviews().cells[group.interview] == cell).any(axis=1))

    def _certain(self, place: int, cell: int, persons: np.ndarray) -> Found:
        """All in this group whom the attacker does not know, if they must be in this category."""
        group = self.groups[place]
        unknown = int((~np.isin(group.person, persons)).sum())
        if not unknown:
            return Found()
        self._know(persons)
        least = ceil(self._solved({(place, cell): 1.0})[place, cell] - _SLIP)
        self._know(np.array([], dtype=np.int64))
        return Found(people=unknown if least >= group.counts[cell] else 0)

    def _know(self, persons: np.ndarray) -> None:
        """From now on the answers of these people are known, wherever they are counted, and nobody else's."""
        lower = np.zeros(len(self.groups) * self.width)
        for at, each in enumerate(self.groups):
            known = each.interview[np.isin(each.person, persons)]
            lower[at * self.width : (at + 1) * self.width] = np.bincount(
                self._of_interview[known].ravel(), minlength=self.width
            )
        lower = lower.reshape(-1, self.width)
        people = np.array([float(len(group.person)) for group in self.groups])
        for own, solver in zip(self._parts, self._solvers, strict=True):
            size = len(self.groups) * len(own)
            least, most = lower[:, own].ravel(), np.repeat(people, len(own))
            solver.changeColsBounds(size, np.arange(size, dtype=np.int32), least, most)

    def _solved(self, costs: Mapping[tuple[int, int], float]) -> np.ndarray:
        """Counts, groups by cells, for which the costs add up to least; NaN in a part where nothing has a cost."""
        cost = np.zeros((len(self.groups), self.width))
        for (place, cell), each in costs.items():
            cost[place] += each * self.combos[:, cell]
        found = np.full((len(self.groups), len(cells())), np.nan)
        for own, solver in zip(self._parts, self._solvers, strict=True):
            if not cost[:, own].any():
                continue
            of_part = self.combos[own].any(axis=0)
            size = len(self.groups) * len(own)
            solver.changeColsCost(size, np.arange(size, dtype=np.int32), np.ascontiguousarray(cost[:, own]).ravel())
            solver.run()
            status = solver.getModelStatus()
            assert status == highspy.HighsModelStatus.kOptimal, solver.modelStatusToString(status)
            people = np.array(solver.getSolution().col_value).reshape(-1, len(own))
            found[:, of_part] = people @ self.combos[np.ix_(own, of_part)]
        return found


def groups_of(released: Released) -> tuple[list[Group], list[Sum], list[tuple]]:
    """The rows of a release with what is printed of them, how they add up, and what each is made of."""
    within = released.release.facts["rounding"]["within"]
    least, most = _printed(released, within)
    staff = released.staff
    groups = [
        Group(staff.person[people], staff.interview[people], least[place], most[place])
        for place, people in enumerate(released.members())
    ]
    made = [(row.where.breakdown, atoms.groups) for row, atoms in released.rows.rows]
    sums = [
        (0, tuple(place for place, (breakdown, _groups) in enumerate(made) if breakdown == each))
        for each in dict.fromkeys(breakdown for breakdown, _groups in made[1:])
    ]
    return groups, sums, made


def _printed(released: Released, within: int) -> tuple[np.ndarray, np.ndarray]:
    rows = {tuple(row.where): place for place, (row, _atoms) in enumerate(released.rows.rows)}
    least = np.zeros((len(rows), len(cells())))
    most = np.zeros_like(least)
    columns = {cell: place for place, cell in enumerate(cells())}
    for table in released.tables:
        for cell in table.cells:
            at = rows[table.breakdown, table.group_code, table.group], columns[table.id, cell.code]
            assert cell.count.value is not None or cell.count.status in (LOW, CONFIDENTIAL)
            count = float(cell.count.value or 0)
            least[at] = max(0, count - within)
            most[at] = len(released.staff.person) if cell.count.status == CONFIDENTIAL else count + within
    return least, most


def on_one_release(released: Released, knows: int, whole: bool) -> dict[str, Found]:
    """What each of these finds out from one release; a planter knows as many answers as are planted in a group."""
    groups, sums, _made = groups_of(released)
    attack = Attack(groups, sums, whole)
    random = np.random.default_rng(released.employer.seed)
    everybody = groups[0].person
    return {
        "outsider": attack.small_counts() + attack.knowing(0),
        "colleague": attack.knowing(COLLEAGUES),
        "planter": attack.knowing(knows),
        "interviewer of one in 20": attack.knowing_these(everybody[random.random(len(everybody)) < 1 / 20]),
        "interviewer of one in 5": attack.knowing_these(everybody[random.random(len(everybody)) < 1 / 5]),
    }


def on_two_waves(before: Released, after: Released, whole: bool) -> Found:
    """What one finds out who knows two of the people, and who came and went in between."""
    groups, sums, made = groups_of(after)
    old, old_sums, old_made = groups_of(before)
    first = len(groups)
    groups += old
    sums += [(first + made_of, tuple(first + each for each in members)) for made_of, members in old_sums]
    for place, each in enumerate(made):
        if each in old_made:
            then, now = groups[first + old_made.index(each)], groups[place]
            stayed, left = np.isin(then.person, now.person), np.isin(then.person, now.person, invert=True)
            joined = np.isin(now.person, then.person, invert=True)
            at = len(groups)
            groups += [
                Group(then.person[stayed], then.interview[stayed]),
                Group(then.person[left], then.interview[left], moved=True),
                Group(now.person[joined], now.interview[joined], moved=True),
            ]
            sums += [(first + old_made.index(each), (at, at + 1)), (place, (at, at + 2))]
    attack = Attack(groups, sums, whole)
    return attack.small_counts() + attack.knowing(COLLEAGUES) + attack.knowing(COLLEAGUES, moved=True)


def on_rule(employer: Employer, rule: Rule) -> tuple[float, ...]:
    """What a rule in common use gives away of an employer's groups as they are.

    Counts of 1 to 9 known exactly, all of these; people certain to an outsider, a colleague, a planter of five; cells
    shown, all cells; errors in percentage points added up, of how many cells.
    """
    staff = employer.staff
    everybody = np.flatnonzero(staff.answered)
    members, sums = [everybody], []
    for of, number in ((staff.grade, employer.grades), (staff.department, employer.departments)):
        groups = [everybody[of[everybody] == code] for code in range(number)]
        groups = [group for group in groups if len(group)]
        sums.append((0, tuple(range(len(members), len(members) + len(groups)))))
        members += groups
    plain = [Group(staff.person[people], staff.interview[people]) for people in members]
    counts = np.stack([group.counts for group in plain])
    people = np.array(list(map(len, members)))
    told = rule(counts, people, _lines(len(members), [of for _whole, of in sums]))
    groups = [
        Group(group.person, group.interview, told.least[place], np.minimum(told.most[place], people[place]))
        for place, group in enumerate(plain)
    ]
    attack = Attack(groups, sums, whole=False)
    small = attack.small_counts().small
    certain = [attack.knowing(knows).people for knows in (0, COLLEAGUES, 5)]
    error = np.abs(told.values - counts) / people[:, None] * 100
    shown = told.shown.sum()
    return small, np.isin(counts, SMALL).sum(), *certain, shown, counts.size, error[told.shown].sum(), shown


def _lines(rows: int, sums: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Places of cells that add up to a printed total: a table of a group, and a category over groups."""
    width = len(cells())
    tables = [[place for place, (id, _code) in enumerate(cells()) if id == table.id] for table in standard().tables]
    within = [np.array(table) + row * width for row in range(rows) for table in tables]
    over = [np.array([row * width + cell for row in (0, *groups)]) for groups in sums for cell in range(width)]
    return within + over
