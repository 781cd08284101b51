"""Systems so small that all ways in which people can answer are tried: what the attack is held against."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import strategies as st

from outputs.disclosure.shapes import Shape
from outputs.disclosure.system import Bounds, System

A, B = ("x", "y"), ("p", "q", "r")
CELLS = (*(("a", code) for code in A), *(("b", code) for code in B))


def two_tables(profiles: tuple[tuple[str, str], ...]) -> Shape:
    """A table of two categories and one of three, of which people are in these pairs."""
    pairs = tuple(frozenset({("a", one), ("b", other)}) for one, other in profiles)
    first = len(CELLS)
    return Shape(
        cells=CELLS,
        profiles=pairs,
        sums=tuple(
            ((column,), tuple(first + place for place, pair in enumerate(pairs) if cell in pair))
            for column, cell in enumerate(CELLS)
        ),
        whole=((0, 1), (2, 3, 4), tuple(range(first, first + len(pairs)))),
        tables={"a": (0, 1), "b": (2, 3, 4)},
    )


ANY = two_tables(tuple(product(A, B)))
SOME = two_tables((("x", "p"), ("x", "q"), ("y", "q"), ("y", "r")))


def line(shape: Shape, people: tuple[int, ...]) -> np.ndarray:
    """Everything about a row of which so many are in each profile."""
    cells = [sum(n for n, pair in zip(people, shape.profiles, strict=True) if cell in pair) for cell in shape.cells]
    return np.array([*cells, *people])


def ways(shape: Shape, people: int) -> Iterator[np.ndarray]:
    """Every row of so many people."""
    for counts in product(range(people + 1), repeat=len(shape.profiles)):
        if sum(counts) == people:
            yield line(shape, counts)


@st.composite
def systems(draw, shape: Shape, most: int = 3) -> tuple[System, Bounds, np.ndarray]:
    """A row of two parts, what is told of their cells, and the truth: rows are the whole, then the parts."""
    parts = []
    for _part in range(2):
        counts = draw(st.lists(st.integers(0, len(shape.profiles) - 1), min_size=0, max_size=most))
        parts.append(line(shape, tuple(counts.count(place) for place in range(len(shape.profiles)))))
    truth = np.stack([parts[0] + parts[1], *parts])
    people = truth[:, list(shape.tables["a"])].sum(axis=1)
    system = System(shape, people.tolist(), [((0,), (1, 2))])
    bounds = system.anything()
    for row, column in product(range(3), range(len(shape.cells))):
        below, above = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        bounds.least[row, column] = max(0, truth[row, column] - below)
        bounds.most[row, column] = min(people[row], truth[row, column] + above)
    return system, bounds, truth


def tried(system: System, bounds: Bounds) -> np.ndarray:
    """Every truth that fits: solutions by rows by columns."""
    fitting = []
    for one, other in product(*(list(ways(system.shape, int(n))) for n in system.people[1:])):
        every = np.stack([one + other, one, other])
        if (every >= bounds.least).all() and (every <= bounds.most).all():
            fitting.append(every)
    return np.array(fitting)
