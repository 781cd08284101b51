"""A release as one linked system: every cell of every row, and all that a reader knows about how they add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from outputs.disclosure.shapes import Shape

Sum = tuple[
    tuple[int, ...], tuple[int, ...]
]  # rows that add up to the same: the people of the first are those of the second


class Contradiction(ValueError):
    """No counts fit what is known. Somebody who knows the truth can never meet it."""


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest that each count can be. int64, rows by columns of the shape."""

    least: np.ndarray
    most: np.ndarray

    def copy(self) -> "Bounds":
        return Bounds(self.least.copy(), self.most.copy())


class System:
    """Equations over the counts of all rows. Each says that signed counts add up to a constant.

    `people` is how many are in each row, which an attacker is taken to know. `index`, `sign` and `equation` have an
    entry for each count in each equation, by equation; `start` is where an equation's entries begin, `constant` what
    they add up to.
    """

    def __init__(self, shape: Shape, people: Sequence[int], sums: Sequence[Sum]) -> None:
        self.shape, self.people = shape, np.array(people, dtype=np.int64)
        rows, width = len(people), shape.width
        index, sign, sizes = self._within_rows(rows, width)
        constant = np.concatenate(
            [np.repeat(self.people, len(shape.whole)), np.zeros(rows * len(shape.sums), dtype=np.int64)]
        )
        columns = np.arange(width)
        for whole, parts in sums:
            members = np.array([*parts, *whole])
            signs = np.array([1] * len(parts) + [-1] * len(whole))
            index.append((members[None, :] * width + columns[:, None]).ravel())
            sign.append(np.tile(signs, width))
            sizes.append(np.full(width, len(members)))
        self.index, self.sign = np.concatenate(index), np.concatenate(sign).astype(np.int64)
        lengths = np.concatenate(sizes)
        self.constant = np.concatenate([constant, np.zeros(len(lengths) - len(constant), dtype=np.int64)])
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.equation = np.repeat(np.arange(len(lengths)), lengths)

    def _within_rows(self, rows: int, width: int) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
        """What holds within each row: columns that hold everybody, then sums that are the same."""
        offsets = np.arange(rows) * width
        by_kind = (
            [(columns, [1] * len(columns)) for columns in self.shape.whole],
            [((*parts, *whole), [1] * len(parts) + [-1] * len(whole)) for whole, parts in self.shape.sums],
        )
        index, sign, sizes = [], [], []
        for equations in by_kind:
            columns = np.concatenate([np.array(each, dtype=np.int64) for each, _signs in equations])
            index.append((offsets[:, None] + columns[None, :]).ravel())
            sign.append(np.tile(np.concatenate([np.array(signs) for _columns, signs in equations]), rows))
            sizes.append(np.tile([len(each) for each, _signs in equations], rows))
        return index, sign, sizes

    def anything(self) -> Bounds:
        """The bounds of one who knows nothing but how many people are in each row."""
        most = np.repeat(self.people[:, None], self.shape.width, axis=1)
        return Bounds(np.zeros_like(most), most)

    def narrowed(self, bounds: Bounds) -> Bounds:
        """What follows for every count from the bounds of all others, until nothing more follows. Raises Contradiction.

        For each equation, what the other counts in it leave at least and at most. Whole numbers throughout.
        """
        least, most = bounds.least.ravel().copy(), bounds.most.ravel().copy()
        up = self.sign > 0
        constant = self.constant[self.equation]
        for _round in range(_MOST_ROUNDS):
            low = np.where(up, least[self.index], -most[self.index])
            high = np.where(up, most[self.index], -least[self.index])
            lowest = np.add.reduceat(low, self.start)[self.equation]
            highest = np.add.reduceat(high, self.start)[self.equation]
            at_most, at_least = constant - (lowest - low), constant - (highest - high)
            before = least.copy(), most.copy()
            np.maximum.at(least, self.index, np.where(up, at_least, -at_most))
            np.minimum.at(most, self.index, np.where(up, at_most, -at_least))
            if (least > most).any():
                raise Contradiction
            if (least == before[0]).all() and (most == before[1]).all():
                break
        return Bounds(least.reshape(bounds.least.shape), most.reshape(bounds.most.shape))


_MOST_ROUNDS = 200  # it ends by itself, since bounds are whole numbers; a system narrows in a handful of rounds
