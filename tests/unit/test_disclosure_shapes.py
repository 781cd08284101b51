"""Which sums follow from a standard: found in its interviews, and true of each of them."""

import numpy as np
import pytest

from outputs.disclosure.shapes import depends_on, people_in, shape
from questionnaire.engine.derive import derive
from questionnaire.engine.interviews import interviews
from tests.made_up_truth import shaped

# One side of a sum, then the other, as table: categories.
THREE_OF_FIVE = {
    (("nssec-3", "managerial_professional"), ("nssec-5", "managerial_professional")),
    (("nssec-3", "not_working"), ("nssec-5", "not_working")),
    (("nssec-3", "intermediate"), ("nssec-5", "intermediate"), ("nssec-5", "small_employers")),
}
STANDARD_SUMS = {
    (("nssec-3", "routine_manual"), ("nssec-5", "lower_supervisory"), ("nssec-5", "semi_routine")),
    (("nssec-3", "unknown"), ("nssec-5", "unknown")),
}
# A routine employee whose supervising is unknown is in a class of three, and in none of five.
STRICT_SUMS = {
    (
        ("nssec-3", "routine_manual"),
        ("nssec-3", "unknown"),
        ("nssec-5", "lower_supervisory"),
        ("nssec-5", "semi_routine"),
        ("nssec-5", "unknown"),
    )
}
NOT_ASKED = (
    ("free-school-meals", "not_asked"),
    ("school-type", "independent"),
    ("school-type", "independent_bursary"),
    ("school-type", "outside_uk"),
)


def sums_of_cells(found) -> set[tuple]:
    """Every sum between cells of different tables, as its cells in order."""
    cells = len(found.cells)
    return {
        tuple(sorted(found.cells[column] for column in (*some, *others)))
        for some, others in found.sums
        if max(*some, *others, -1, -1) < cells and others
    }


@pytest.mark.parametrize(
    ("imputation", "expected"), [("standard", STANDARD_SUMS), ("strict", STRICT_SUMS)], ids=["standard", "strict"]
)
def test_three_classes_are_sums_of_five(imputation, expected):
    found = {each for each in sums_of_cells(shaped(imputation=imputation)) if each[0][0] == "nssec-3"}
    assert found == THREE_OF_FIVE | expected


@pytest.mark.parametrize("imputation", ["standard", "strict"])
def test_not_asked_is_a_sum_of_school_types(imputation):
    assert NOT_ASKED in sums_of_cells(shaped(imputation=imputation))


def test_nobody_is_imputed_under_strict():
    found = shaped(imputation="strict")
    imputed = {found.cells.index((table, "imputed")) for table in ("nssec-5-imputed", "nssec-3-imputed")}
    assert {some[0] for some, others in found.sums if not others} == imputed


@pytest.mark.parametrize("imputation", ["standard", "strict"])
@pytest.mark.parametrize("mode", ["online", "face_to_face", "telephone"])
def test_every_interview_is_in_a_profile_of_each_part_and_satisfies_every_sum(standard, imputation, mode):
    found = shaped(imputation=imputation)
    seen = set()
    for answers in interviews(standard, mode):
        derived = derive(standard, answers, {"imputation": imputation})
        seen.add(frozenset((table.id, derived[table.variable]) for table in standard.tables))
    profiles = set()
    for person in seen:
        of = [profile <= person for profile in found.profiles]
        line = np.concatenate([people_in(found, dict.fromkeys(person, 1)), np.array(of, dtype=np.int64)])
        assert [line[list(some)].sum() - line[list(others)].sum() for some, others in found.sums] == [0] * len(
            found.sums
        )
        assert [line[list(columns)].sum() for columns in found.whole] == [1] * len(found.whole)
        profiles |= {profile for profile, is_of in zip(found.profiles, of, strict=True) if is_of}
    assert profiles <= set(found.profiles)


@pytest.mark.parametrize("imputation", ["standard", "strict"])
def test_every_profile_is_somebodys(standard, imputation):
    found = shaped(imputation=imputation)
    people = {
        frozenset((table.id, derived[table.variable]) for table in standard.tables)
        for answers in interviews(standard, "online")
        for derived in [derive(standard, answers, {"imputation": imputation})]
    }
    assert [profile for profile in found.profiles if not any(profile <= person for person in people)] == []


def test_shape_is_worked_out_once(standard):
    assert shape(standard, {"imputation": "standard"}) is shape(standard, {"imputation": "standard"})


def test_classes_stand_on_the_imputation_and_schools_do_not(standard):
    standing = {table for table, names in depends_on(standard).items() if "imputation" in names}
    assert standing == {"nssec-5", "nssec-5-imputed", "nssec-3", "nssec-3-imputed"}
