"""Response and declaration rates come from rounded counts, never reach 0 or 100, and are withheld as counts are."""

import pytest

from outputs.disclosure.protected import Figure
from outputs.rates import declaration_rate, declaration_rates, not_known, response_rate, response_rates
from questionnaire.engine.model import Category
from tests.unit.published import CLASSES, published, table

PART = table("part", [Category("yes", "Yes", "known"), Category("not_asked", "Not asked", "neither")])
TWO = table("two", [Category("yes", "Yes", "known"), Category("no", "No", "known")])


def told(figure: Figure) -> tuple[str, str]:
    return str(figure), figure.between


# 603 responses are printed as 605, within 2: 603 to 607 of 1000.
def test_response_rate_is_of_the_rounded_responses_with_its_range():
    rate = response_rate(published([400, 100, 50, 53], headcount=1000))
    assert (str(rate.people), str(rate.base), told(rate.rate)) == ("605", "1,000", ("61", "60 to 61"))


@pytest.mark.parametrize(
    ("headcount", "shown"), [(600, "[95+]"), (632, "[95+]"), (500, "[95+]"), (700, "86"), (40_000, "[5-]")]
)
def test_response_rate_is_coded_at_its_ends(headcount, shown):
    assert str(response_rate(published([400, 100, 50, 50], headcount=headcount)).rate) == shown


def test_response_rate_without_a_headcount_is_none():
    assert response_rate(published([400, 100, 50, 53])) is None


def test_response_rate_below_the_minimum_is_withheld():
    assert str(response_rate(published([4, 0, 0, 0], headcount=100)).rate) == "[c]"


def test_response_rate_of_a_headcount_below_fifty_is_not_given():
    assert str(response_rate(published([20, 0, 0, 0], headcount=49)).rate) == "[x]"


def test_response_rate_of_exact_counts_has_one_decimal_and_no_range():
    rate = response_rate(published([400, 100, 50, 53], headcount=1000, exact=True)).rate
    assert told(rate) == ("60.3", "")


# Known 60 + 25 + 5 of 100: each count within 2, so 84 in 84 + 12 to 96 in 96 + 8.
def test_declaration_rate_is_known_of_asked_with_its_range():
    release = published([60, 25, 5, 10])
    rate = declaration_rate(release, release.tables[0])
    assert (str(rate.people), str(rate.base), told(rate.rate)) == ("90", "100", ("90", "87 to 93"))


def test_not_known_is_the_other_part_of_the_base_asked():
    release = published([60, 25, 5, 10])
    assert told(not_known(release, release.tables[0])) == ("10", "7 to 13")


@pytest.mark.parametrize(
    ("counts", "shown"),
    [([60, 30, 10, 0], "[95+]"), ([5, 0, 0, 95], "[5-]"), ([20, 10, 10, 5], "[x]"), ([4, 0, 0, 0], "[c]")],
)
def test_declaration_rate_at_its_ends_or_of_few_is_a_symbol(counts, shown):
    release = published(counts)
    assert told(declaration_rate(release, release.tables[0]).rate) == (shown, "")


def test_declaration_rates_leave_out_what_counts_imputed_answers():
    imputed = table("imputed", TWO.categories, imputed_of="classes")
    release = published([60, 30, 10, 50], others=[(imputed, [50, 100])])
    assert [rate.title for rate in declaration_rates(release)] == ["The classes"]


def test_response_rates_are_of_groups_whose_headcount_is_known():
    release = published(
        {"All": [200, 60, 40, 20], "A": [100, 30, 20, 10], "B": [100, 30, 20, 10]}, headcounts={"A": 200, "B": None}
    )
    # Four counts, each within 2: 152 to 168 of 200.
    assert [(rate.title, str(rate.people), told(rate.rate)) for rate in response_rates(release, "grade")] == [
        ("A", "160", ("80", "76 to 84"))
    ]


def test_response_rates_of_a_group_that_is_withheld_are_withheld():
    release = published({"All": [200, 60, 40, 20], "A": [4, 0, 0, 0]}, headcounts={"A": 200})
    assert [(str(rate.people), str(rate.rate)) for rate in response_rates(release, "grade")] == [("[c]", "[c]")]


def test_response_rates_are_not_taken_from_a_table_that_some_were_not_asked():
    release = published({"All": [200, 100], "A": [200, 100]}, of=PART, headcounts={"A": 400})
    assert response_rates(release, "grade") == []


def test_response_rates_come_from_the_table_with_the_fewest_counts():
    groups = {"All": [100, 60], "A": [100, 60]}
    release = published(groups, of=TWO, others=[(table("wide", CLASSES), [100, 30, 20, 10])], headcounts={"A": 200})
    # Two counts, each within 2: 156 to 164 of 200.
    assert [told(rate.rate) for rate in response_rates(release, "grade")] == [("80", "78 to 82")]
