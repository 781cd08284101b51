"""What each policy lets through, figure by figure. Expected values were worked out by hand."""

from decimal import Decimal

import numpy as np
import pytest

from outputs.disclosure import policy
from outputs.disclosure.protected import EVERYONE, FIGURES, ProtectedTable
from outputs.disclosure.rounding import nearest_multiples
from questionnaire import registry
from questionnaire.engine.model import Category, Table
from tests.conftest import STANDARD
from tests.counted_survey import EIGHTY_COUNTED

rounded, exact = (policy(name, minimum_responses=10, round_to=5) for name in ("rounded", "exact"))
stricter = policy("rounded", minimum_responses=25, round_to=5)


def printed(table: ProtectedTable) -> list[list[str]]:
    """Each cell's three figures as they are printed, then the bases."""
    cells = [[str(getattr(cell, name)) for name in FIGURES] for cell in table.cells]
    return [*cells, [str(base) for base in table.bases]]


def rounded_by(by, counts: list[int]) -> list[int]:
    """What the policy is given to print: the counts as they are, or to the nearest 5."""
    return counts if by is exact else np.array(nearest_multiples(np.array(counts), 5)).tolist()


def protect(by, id: str, counts: list[int], shown: bool = True) -> list[list[str]]:
    table = registry.get_key(STANDARD).table(id)
    codes = [category.code for category in table.categories]
    return printed(by.protect(table, EVERYONE, dict(zip(codes, rounded_by(by, counts), strict=True)), shown))


def two_categories(by, first: int, second: int) -> list[list[str]]:
    """A table of two categories, both in both bases."""
    table = Table("two", "Two", "two", "", (Category("a", "A", "known"), Category("b", "B", "known")))
    one, other = rounded_by(by, [first, second])
    return printed(by.protect(table, EVERYONE, {"a": one, "b": other}, True))


def test_rounded_school_type_of_eighty():
    assert protect(rounded, "school-type", EIGHTY_COUNTED["school-type"]) == [
        ["60", "75", "80"],
        ["[low]", "[low]", "[low]"],
        ["15", "19", "20"],
        ["[low]", "[low]", "[low]"],
        ["[low]", "[low]", "[low]"],
        ["5", "6", "[z]"],
        ["80", "75"],
    ]


def test_rounded_free_school_meals_of_eighty_keeps_not_asked_outside_both_bases():
    assert protect(rounded, "free-school-meals", EIGHTY_COUNTED["free-school-meals"]) == [
        ["60", "92", "[95+]"],
        ["[low]", "[low]", "[low]"],
        ["[low]", "[low]", "[z]"],
        ["5", "8", "[z]"],
        ["15", "[z]", "[z]"],
        ["65", "60"],
    ]


def test_rounded_imputed_of_eighty():
    assert protect(rounded, "nssec-5-imputed", EIGHTY_COUNTED["nssec-5-imputed"]) == [
        ["5", "6", "6"],
        ["75", "94", "94"],
        ["80", "80"],
    ]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "[low]"), (1, "[low]"), (2, "[low]"), (3, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15"), (1238, "1,240")],
)
def test_rounded_count_goes_to_the_nearest_five(count, shown):
    assert two_categories(rounded, count, 500)[0][0] == shown


def test_rounded_count_is_never_more_than_two_off():
    assert {int(two_categories(rounded, n, 0)[0][0].replace(",", "")) - n for n in range(3, 1000)} == {-2, -1, 0, 1, 2}


def test_rounded_percentages_come_from_rounded_counts_alone():
    # 48 of 101 is 47.5 per cent; 50 of 100 is 50.
    assert two_categories(rounded, 48, 52)[0] == ["50", "50", "50"]


def test_rounded_base_is_the_sum_of_rounded_counts():
    assert two_categories(rounded, 33, 33)[-1] == ["70", "70"]


def test_rounded_half_a_per_cent_goes_up():
    # 25 of 200 is 12.5 per cent.
    assert two_categories(rounded, 25, 175)[0] == ["25", "13", "13"]


def test_rounded_percentage_is_given_on_a_base_of_50():
    assert two_categories(rounded, 25, 25)[0] == ["25", "50", "50"]


def test_rounded_percentage_is_not_available_on_a_base_of_45():
    assert two_categories(rounded, 25, 22)[0] == ["25", "[x]", "[x]"]


def test_rounded_low_count_is_low_whatever_the_base():
    assert two_categories(rounded, 2, 22)[0] == ["[low]", "[low]", "[low]"]


def test_rounded_bases_decide_by_themselves():
    # Asked: 60 + 5 + 45 = 110. Known: 45.
    assert protect(rounded, "free-school-meals", [45, 0, 60, 5, 0]) == [
        ["45", "41", "[x]"],
        ["[low]", "[low]", "[low]"],
        ["60", "55", "[z]"],
        ["5", "[5-]", "[z]"],
        ["[low]", "[z]", "[z]"],
        ["110", "45"],
    ]


def test_rounded_row_that_is_not_shown_withholds_every_cell_and_base():
    shown = protect(rounded, "free-school-meals", [5, 2, 1, 1, 0], shown=False)
    assert shown == [["[c]", "[c]", "[c]"]] * 5 + [["[c]", "[c]"]]


def test_rounded_row_that_is_not_shown_stores_no_base():
    table = registry.get_key(STANDARD).table("nssec-3")
    withheld = rounded.protect(
        table, EVERYONE, dict.fromkeys([category.code for category in table.categories], 0), False
    )
    assert (withheld.base_asked, withheld.base_known) == (None, None)


def test_rounded_words_name_the_surveys_own_threshold():
    assert "fewer than 25 responses" in stricter.words


def test_rounded_ten_responses_are_shown():
    assert protect(rounded, "nssec-3-imputed", [0, 10]) == [["[low]"] * 3, ["10", "[x]", "[x]"], ["10", "10"]]


@pytest.mark.parametrize(("responses", "shown"), [(0, "[c]"), (9, "[c]"), (10, "10"), (12, "10"), (13, "15")])
def test_rounded_number_of_responses(responses, shown):
    assert str(rounded.responses(responses)) == shown


def test_exact_free_school_meals_of_eighty():
    assert protect(exact, "free-school-meals", EIGHTY_COUNTED["free-school-meals"]) == [
        ["60", "92.3", "98.4"],
        ["1", "1.5", "1.6"],
        ["0", "0.0", "[z]"],
        ["4", "6.2", "[z]"],
        ["15", "[z]", "[z]"],
        ["65", "61"],
    ]


def test_exact_half_a_tenth_goes_up():
    # 1 of 80 is 1.25 per cent.
    assert two_categories(exact, 1, 79)[0] == ["1", "1.3", "1.3"]


def test_exact_percentage_of_nobody_is_not_available():
    assert two_categories(exact, 0, 0) == [["0", "[x]", "[x]"]] * 2 + [["0", "0"]]


def test_exact_withholds_nothing_below_ten_responses():
    assert two_categories(exact, 1, 1)[0] == ["1", "50.0", "50.0"]


def test_exact_number_of_responses_is_as_counted():
    assert exact.responses(7).value == Decimal(7)


@pytest.mark.parametrize("by", [rounded, exact], ids=["rounded", "exact"])
def test_protected_table_survives_storing(by):
    table = registry.get_key(STANDARD).table("school-type")
    protected = by.protect(table, EVERYONE, {category.code: 15 for category in table.categories}, True)
    assert ProtectedTable.from_json(protected.to_json()) == protected


@pytest.mark.parametrize(
    ("by", "symbols"),
    [(rounded, ["[c]", "[low]", "[95+]", "[5-]", "[z]", "[x]"]), (exact, ["[z]", "[x]"])],
    ids=["rounded", "exact"],
)
def test_every_symbol_of_a_policy_is_explained(by, symbols):
    assert list(by.symbols) == symbols


def test_rounded_low_is_explained_as_between_none_and_two():
    assert rounded.symbols["[low]"] == "low: between 0 and 2 people, or the percentage of so few"
