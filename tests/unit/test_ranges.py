"""Between what a share can lie, by trying every true count."""

from fractions import Fraction
from itertools import product

import pytest

from outputs.disclosure.ranges import share_range


@pytest.mark.parametrize("within", [0, 2, 4])
@pytest.mark.parametrize(("part", "rest"), [([10], [15, 5]), ([5], [0, 5]), ([0], [10]), ([10, 5], [20])])
def test_range_is_that_of_every_true_count(part, rest, within):
    def near(count: int) -> range:
        return range(max(0, count - within), count + within + 1)

    shares = [
        Fraction(sum(counts[: len(part)]), sum(counts)) for counts in product(*map(near, [*part, *rest])) if sum(counts)
    ]
    assert share_range(part, rest, within) == (min(shares), max(shares))


def test_nobody_may_be_any_share():
    assert share_range([0], [0], 2) == (0, 1)
