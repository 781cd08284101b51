"""What a release is made from: the exact counts of every row, and how rows add up. Never leaves the release job."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from outputs.disclosure.protected import Where
from outputs.disclosure.shapes import Shape
from outputs.disclosure.system import Sum


@dataclass(frozen=True, eq=False)
class Row:
    """The people of one group: `counts` in the order of the shape's cells, int64.

    Nothing is printed of a row that is not `shown`: the people who are in no group, whose counts are what is left.
    """

    where: Where
    counts: np.ndarray
    people: int
    shown: bool = True


@dataclass(frozen=True, eq=False)
class Earlier:
    """What an earlier release printed of the same group, as the bounds of its cells, and who came and went since.

    `row` is the group's place among the rows. An attacker knows how many `joined` and `left`, and so how many there
    were.
    """

    row: int
    least: np.ndarray
    most: np.ndarray
    joined: int
    left: int


@dataclass(frozen=True, eq=False)
class Truth:
    """The exact counts of a release and what an attacker may know beside what is printed.

    `small`: a count from 1 to below this must not become known exactly. `knows`: of how many people in a group one
    attacker may know the answers: a colleague's and own, an interviewer's, or planted ones.
    """

    shape: Shape
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    telling: np.ndarray  # bool, one a cell: whether it is a fact about a person to be in this category
    small: int
    knows: int
    round_to: int
    earlier: tuple[Earlier, ...] = field(default=())

    @property
    def counts(self) -> np.ndarray:
        """Rows by cells."""
        return np.stack([row.counts for row in self.rows])

    @property
    def people(self) -> list[int]:
        return [row.people for row in self.rows]


@dataclass(frozen=True)
class Atoms:
    """Which people a row is of: by breakdown, the codes of its groups. A crossing names two breakdowns."""

    of: tuple[str, ...]
    groups: frozenset[tuple[str, ...]]


def linked(rows: Sequence[tuple[Row, Atoms]]) -> tuple[tuple[Row, ...], tuple[Sum, ...]]:
    """The rows, with rows for those whom no group of a breakdown holds, and the sums that link them all.

    The first row is of everybody (Atoms((), {()})).
    """
    found = [row for row, _atoms in rows]
    atoms = [each for _row, each in rows]
    sums: list[Sum] = []
    for of in dict.fromkeys(each.of for each in atoms if each.of):
        parts = [place for place, each in enumerate(atoms) if each.of == of]
        above = [place for place, each in enumerate(atoms) if len(of) > 1 and set(each.of) < set(of) and each.of]
        for name in of:
            sums += _parts(found, atoms, parts, [place for place in above if atoms[place].of == (name,)], of)
        if not above:
            sums.append(_with_rest(found, (0,), tuple(parts)))
    return tuple(found), tuple(sums)


def _parts(
    rows: list[Row], atoms: Sequence[Atoms], crossed: Sequence[int], single: Sequence[int], of: tuple[str, ...]
) -> Iterator[Sum]:
    """The groups of a crossing that make up groups of one of its breakdowns, as few at a time as can be told apart."""
    if not single:
        return
    side = of.index(atoms[single[0]].of[0])
    piles: list[tuple[set[int], set[int]]] = []
    for place in crossed:
        codes = {group[side] for group in atoms[place].groups}
        above = {one for one in single if codes & {group[0] for group in atoms[one].groups}}
        below = {place}
        for pile in [pile for pile in piles if pile[0] & above]:
            piles.remove(pile)
            above |= pile[0]
            below |= pile[1]
        piles.append((above, below))
    for above, below in piles:
        if above:
            yield _with_rest(rows, tuple(sorted(above)), tuple(sorted(below)))


def _with_rest(rows: list[Row], whole: tuple[int, ...], parts: tuple[int, ...]) -> Sum:
    """The whole as the sum of its parts, and of a row for the people who are in none of them."""
    rest = sum(rows[place].people for place in whole) - sum(rows[place].people for place in parts)
    if rest == 0:
        return whole, parts
    counts = sum(rows[place].counts for place in whole) - sum(rows[place].counts for place in parts)
    rows.append(Row(Where(rows[parts[0]].where.breakdown, "", ""), counts, rest, shown=False))
    return whole, (*parts, len(rows) - 1)


def by_cell(shape: Shape, counts: np.ndarray) -> Mapping[tuple[str, str], int]:
    """(table, category) -> count, of one row."""
    return dict(zip(shape.cells, counts.tolist(), strict=True))
