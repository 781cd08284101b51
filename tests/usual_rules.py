"""Rules in common use, for comparison: what they print of each row's exact counts, as what a reader knows of them.

Each gives the least and the greatest that every count can be by the rule (float, rows by cells), and which are shown.
Each table is protected by itself, and no groups are merged, as these rules are mostly used.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

THRESHOLD = 5


class Told(NamedTuple):
    least: np.ndarray
    most: np.ndarray
    shown: np.ndarray  # bool
    values: np.ndarray  # as printed, of those that are shown


Lines = list[np.ndarray]  # places in the flattened counts, of which a total is printed
Rule = Callable[[np.ndarray, np.ndarray, Lines], Told]


def threshold(counts: np.ndarray, people: np.ndarray, lines: Lines) -> Told:
    """Counts of 1 to 4 are withheld, everything else is as it was counted."""
    hidden = (counts > 0) & (counts < THRESHOLD)
    return Told(
        np.where(hidden, 1, counts).astype(float),
        np.where(hidden, THRESHOLD - 1, counts).astype(float),
        ~hidden,
        counts,
    )


def two_hidden(counts: np.ndarray, people: np.ndarray, lines: Lines) -> Told:
    """And where a line of a table has one count withheld, so is the smallest other in it, till none has one."""
    flat = counts.ravel()
    hidden = (flat > 0) & (flat < THRESHOLD)
    changed = True
    while changed:
        changed = False
        for line in lines:
            others = line[~hidden[line] & (flat[line] > 0)]
            if hidden[line].sum() == 1 and len(others):
                hidden[others[flat[others].argmin()]] = changed = True
    hidden = hidden.reshape(counts.shape)
    most = np.broadcast_to(people[:, None], counts.shape)
    return Told(np.where(hidden, 1.0, counts), np.where(hidden, most, counts).astype(float), ~hidden, counts)


def nearest(counts: np.ndarray, people: np.ndarray, lines: Lines) -> Told:
    """Every count to the nearest 5."""
    rounded = (counts + 2) // 5 * 5
    return Told(np.maximum(rounded - 2.0, 0), rounded + 2.0, np.ones(counts.shape, dtype=bool), rounded)


RULES: dict[str, Rule] = {
    "threshold 5 alone": threshold,
    "threshold 5, two hidden in each line": two_hidden,
    "nearest 5 alone, groups as they are": nearest,
}
