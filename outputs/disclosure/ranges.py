"""Decides between what a share can lie, given rounded counts: the range that the rounding allows, and nothing more."""

from collections.abc import Sequence
from fractions import Fraction


def share_range(part: Sequence[int], rest: Sequence[int], within: int) -> tuple[Fraction, Fraction]:
    """The least and the greatest share of `part` in `part` and `rest` together, from 0 to 1.

    Both are rounded counts as they are printed (0 where "low" stands), each of which lies at most `within` from the
    true one. (0, 1) where nobody may be in either. It is worked out from printed figures alone, so it tells no more.
    """
    return (
        _share(_least(part, within), _most(rest, within), 0),
        _share(_most(part, within), _least(rest, within), 1),
    )


def _least(counts: Sequence[int], within: int) -> int:
    return sum(max(0, count - within) for count in counts)


def _most(counts: Sequence[int], within: int) -> int:
    return sum(count + within for count in counts)


def _share(part: int, rest: int, of_nobody: int) -> Fraction:
    return Fraction(part, part + rest) if part + rest else Fraction(of_nobody)
