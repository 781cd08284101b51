"""Which way of rounding is taken: the plainest that the attack does not break, or none."""

import numpy as np
import pytest

from outputs.disclosure import audit
from outputs.disclosure.attack import Found
from outputs.disclosure.audit import audited
from outputs.disclosure.rounding import Unsolved, nearest
from outputs.disclosure.system import Contradiction
from tests.counted_survey import SUPERVISING_PROFESSIONAL
from tests.made_up_truth import before, mixed, truth

KEY = b"k" * 32
FORTY = [*mixed("state", 20), *mixed("state_selective", 20)]
ALIKE = truth([(SUPERVISING_PROFESSIONAL, 13)])


def tried(result) -> list[tuple[str, str]]:
    return [(each.method, each.found.what if each.found else "") for each in result.tried]


def test_nearest_is_taken_where_it_holds():
    result = audited(truth(FORTY), KEY)
    assert (result.rounding.method, tried(result)) == ("nearest", [("nearest", "")])


def test_controlled_is_taken_where_nearest_gives_everybody_away():
    result = audited(ALIKE, KEY)
    assert (result.rounding.method, tried(result)) == (
        "controlled",
        [("nearest", "certain"), ("nearest_and_left", "certain"), ("controlled", "")],
    )


def test_nothing_is_taken_where_an_earlier_release_has_told_already():
    now = [*mixed("state", 30), *mixed("state_selective", 3)]
    result = audited(truth(now, earlier=[before(now, joined=0, left=0, within=0)]), KEY)
    assert (result.rounding, result.broken) == (None, (0,))
    assert tried(result) == [
        (name, "exact") for name in ("nearest", "nearest_and_left", *["controlled"] * 6, *["random"] * 6)
    ]


def test_row_that_broke_last_is_named():
    north = [(SUPERVISING_PROFESSIONAL, 1)]
    south = mixed("state_selective", 30)
    exact = before(north, joined=0, left=0, within=0)
    of = truth([*south, *north], {"south": south, "north": north}, earlier=[])
    told = type(exact)(2, exact.least, exact.most, 0, 0)
    result = audited(type(of)(**{**vars(of), "earlier": (told,)}), KEY)
    assert (result.rounding, {of.rows[row].where.group for row in result.broken} >= {"north"}) == (None, True)


def test_the_same_key_takes_the_same_rounding():
    first, again = audited(ALIKE, KEY), audited(ALIKE, KEY)
    assert np.array_equal(first.rounding.counts, again.rounding.counts)


def test_rounding_that_the_solver_does_not_find_is_passed_over(monkeypatch):
    def unsolved(truth, key, draws):
        raise Unsolved("time limit reached")

    monkeypatch.setattr(audit, "METHODS", (nearest, nearest, unsolved, audit.METHODS[3]))
    result = audited(ALIKE, KEY)
    assert {method for method, _found in tried(result)} == {"nearest", "random"}


@pytest.mark.parametrize("trouble", [Contradiction(), ArithmeticError("the solver ended with Infeasible")])
def test_attack_that_comes_to_no_end_is_no_proof(monkeypatch, trouble):
    def endless(truth, rounding):
        raise trouble
        yield

    monkeypatch.setattr(audit, "attack", endless)
    result = audited(truth(FORTY), KEY)
    assert (result.rounding, {each.found for each in result.tried}) == (None, {Found("unsettled", 0, 0)})
