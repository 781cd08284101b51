"""Releases of made-up employers, attacked by others than the audit: nobody is certain, no small count is known."""

import numpy as np
import pytest

from tests.attackers import Found, groups_of, on_one_release, on_rule, on_two_waves
from tests.simulated_employer import Employer, Released, released
from tests.usual_rules import nearest, threshold

NOTHING = Found()
SIZES = (50, 200, 500, 2_000)


@pytest.fixture(scope="module", params=[(size, seed) for size in SIZES for seed in (11, 12)], ids=str)
def first(request) -> Released:
    return released(Employer(*request.param))


def test_one_release_tells_nobody_anything_about_anybody(first):
    knows = first.survey.group_minimum // 2
    assert set(on_one_release(first, knows, whole=first.employer.size <= 500).values()) == {NOTHING}


def test_every_cell_is_shown(first):
    statuses = {cell.count.status for table in first.tables for cell in table.cells}
    assert statuses <= {"", "[low]"}


def test_what_is_printed_holds_the_true_counts(first):
    groups, _sums, _made = groups_of(first)
    assert all((group.least <= group.counts).all() and (group.counts <= group.most).all() for group in groups)


@pytest.mark.parametrize(
    ("size", "turnover"),
    [(50, 0.02), (50, 0.1), *(pytest.param(500, each, marks=pytest.mark.slow) for each in (0.02, 0.1))],
)
def test_two_waves_tell_nobody_anything_about_who_came_or_went(size, turnover):
    employer = Employer(size, 11)
    before = released(employer)
    after = released(employer, employer.a_year_later(turnover), [before.as_earlier()])
    assert on_two_waves(before, after, whole=size == 50) == NOTHING


def test_threshold_alone_gives_small_counts_away():
    exact, small, *_rest = on_rule(Employer(2_000, 11), threshold)
    assert exact > small / 2


def test_rounding_alone_of_tiny_groups_gives_away_more_than_nothing():
    outcomes = np.sum([on_rule(Employer(200, seed), nearest) for seed in range(8)], axis=0)
    assert outcomes[:5].sum() - outcomes[1] > 0
