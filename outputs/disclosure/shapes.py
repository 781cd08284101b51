"""Decides which categories of different tables one person can be in at once, and which sums follow for everybody.

Nothing is told by hand: every interview that the standard allows is derived, table by table that hang together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from questionnaire.engine.derive import settle
from questionnaire.engine.interviews import interviews, with_universes
from questionnaire.engine.model import IMPUTED, DecisionTable, Standard

Cell = tuple[str, str]  # (table id, category code)


@dataclass(frozen=True)
class Shape:
    """What holds for the counts of any group of people who answered the standard's questions.

    Columns are the cells, then the profiles: the combinations of cells of tables that hang together in which one
    person can be. Each of `sums` says that two sets of columns always add up to the same; each of `whole` that a set
    of columns adds up to all the people.
    """

    cells: tuple[Cell, ...]
    profiles: tuple[frozenset[Cell], ...]
    sums: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    whole: tuple[tuple[int, ...], ...]
    tables: Mapping[str, tuple[int, ...]]  # table id -> its columns

    @property
    def width(self) -> int:
        return len(self.cells) + len(self.profiles)

    @property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Columns that hang together: nothing is known of those of two blocks but how many people there are."""
        found: list[set[int]] = []
        for columns in [*self.whole, *((*some, *others) for some, others in self.sums)]:
            meeting = [block for block in found if block & set(columns)]
            found = [block for block in found if block not in meeting] + [set(columns).union(*meeting)]
        return tuple(tuple(sorted(block)) for block in found)


def shape(standard: Standard, settings: Mapping[str, str]) -> Shape:
    """The shape of the standard's tables in a survey with these settings; worked out once in a process."""
    return _shape(standard, tuple(sorted(settings.items())))


@lru_cache(maxsize=16)
def _shape(standard: Standard, settings: tuple[tuple[str, str], ...]) -> Shape:
    cells = tuple((table.id, category.code) for table in standard.tables for category in table.categories)
    columns = {cell: column for column, cell in enumerate(cells)}
    tables = {table.id: tuple(columns[cell] for cell in cells if cell[0] == table.id) for table in standard.tables}
    sums: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    whole = list(tables.values())
    profiles: list[frozenset[Cell]] = []
    for found in _blocks(standard, dict(settings)):
        first = len(cells) + len(profiles)
        profiles += found
        whole.append(tuple(range(first, first + len(found))))
        of_cell = {
            cell: tuple(first + i for i, profile in enumerate(found) if cell in profile)
            for cell in cells
            if cell[0] in {table for table, _code in found[0]}
        }
        sums += [((columns[cell],), within) for cell, within in of_cell.items()]
        sums += [
            (tuple(columns[cell] for cell in some), tuple(columns[cell] for cell in others))
            for some, others in _shared_sums(found)
        ]
    return Shape(cells, tuple(profiles), tuple(sums), tuple(whole), tables)


@lru_cache(maxsize=16)
def depends_on(standard: Standard) -> Mapping[str, frozenset[str]]:
    """Table id -> the questions and settings that its variable is derived from."""
    names = {question.id for question in standard.questions} | {setting.id for setting in standard.settings}
    behind: dict[str, frozenset[str]] = {name: frozenset({name}) for name in names}
    for decision in standard.decisions:
        found = frozenset().union(*(behind.get(name, frozenset()) for name in decision.inputs))
        behind[decision.variable] = behind[decision.variable + IMPUTED] = found
    return {table.id: behind[table.variable] for table in standard.tables}


def _blocks(standard: Standard, settings: Mapping[str, str]) -> Iterator[list[frozenset[Cell]]]:
    """Tables that hang together through the questions behind them, as the combinations of categories that occur."""
    questions = {question.id for question in standard.questions}
    behind = depends_on(standard)
    blocks: list[tuple[set[str], set[str]]] = []  # tables, and the questions behind them
    for table in standard.tables:
        asked = {question.id for question in with_universes(standard, behind[table.id] & questions)}
        meeting = [block for block in blocks if block[1] & asked]
        blocks = [block for block in blocks if block not in meeting]
        blocks.append(
            ({table.id}.union(*(ids for ids, _ in meeting)), asked.union(*(behind_it for _, behind_it in meeting)))
        )
    for ids, asked in sorted(
        blocks, key=lambda block: min(standard.tables.index(standard.table(id)) for id in block[0])
    ):
        variables = {table.id: table.variable for table in standard.tables if table.id in ids}
        needed = {table.variable.removesuffix(IMPUTED) for table in standard.tables if table.id in ids}
        decisions = _decisions(standard, needed)
        found = {
            frozenset((id, derived[variable]) for id, variable in variables.items())
            for mode in standard.modes
            for interview in interviews(standard, mode.asks_as, asked)
            for derived in [settle(decisions, {**settings, **interview})]
        }
        yield sorted(found, key=sorted)


def _decisions(standard: Standard, variables: set[str]) -> list[DecisionTable]:
    """What decides these variables, in order, with what decides their inputs."""
    wanted = set(variables)
    for decision in reversed(standard.decisions):  # an input is decided earlier
        if decision.variable in wanted:
            wanted.update(name.removesuffix(IMPUTED) for name in decision.inputs)
    return [decision for decision in standard.decisions if decision.variable in wanted]


def _shared_sums(profiles: list[frozenset[Cell]]) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """For each two tables, the smallest sets of categories that hold the same people in both, but for all of them.

    So three classes are sums of five, and "not asked" is the sum of the answers after which a question is not asked.
    """
    by_table = [dict(profile) for profile in profiles]
    for one, other in combinations(sorted(by_table[0]), 2):
        parts: list[tuple[set[str], set[str]]] = []
        for profile in by_table:
            some, others = {profile[one]}, {profile[other]}
            for part in [part for part in parts if part[0] & some or part[1] & others]:
                parts.remove(part)
                some |= part[0]
                others |= part[1]
            parts.append((some, others))
        if len(parts) > 1:
            for some, others in parts:
                yield [(one, code) for code in sorted(some)], [(other, code) for code in sorted(others)]


def people_in(shape: Shape, counts: Mapping[Cell, int]) -> np.ndarray:
    """Counts of one group as a line of cells, in the shape's order. int64, one for each cell."""
    return np.array([counts.get(cell, 0) for cell in shape.cells], dtype=np.int64)
