"""The classes against the matrix of the self-coded method, laid out here once more and worked another way.

The decision tables list cases; this test asks which classes the matrix leaves possible, and takes it from there.
"""

import pytest

from questionnaire import registry
from questionnaire.engine.derive import derive
from questionnaire.engine.interviews import interviews

STANDARD = registry.get("gss_seb", "2023-07")
MODES = ["online", "face_to_face", "telephone"]

OCCUPATIONS = ["professional", "managers", "clerical", "routine", "technical"]
MATRIX = {
    "employs 25 or more": [1, 1, 1, 1, 1],
    "employs 1 to 24": [1, 3, 3, 3, 3],
    "without employees": [1, 3, 3, 3, 3],
    "supervises": [1, 1, 1, 4, 4],
    "does not supervise": [1, 1, 2, 5, 4],
}
FIVE = {
    1: "managerial_professional",
    2: "intermediate",
    3: "small_employers",
    4: "lower_supervisory",
    5: "semi_routine",
}
THREE = {
    1: "managerial_professional",
    2: "intermediate",
    3: "intermediate",
    4: "routine_manual",
    5: "routine_manual",
}
# Each status: the question that picks the row, the row of each of its answers, and the row imputed where it is unknown.
ROWS = {
    "employee": ("supervisor", {"yes": "supervises", "no": "does not supervise"}, "does not supervise"),
    "self_employed_with_employees": (
        "business_size",
        {"25_or_more": "employs 25 or more", "1_to_24": "employs 1 to 24"},
        "employs 1 to 24",
    ),
    "self_employed_without_employees": (None, {None: "without employees"}, None),
}
EARNER = ["employment_status", "business_size", "supervisor", "parental_occupation"]


def expected(answers, names, policy):
    """(category, whether imputed) under a naming of the classes: FIVE or THREE."""
    status = answers["employment_status"]
    if status == "not_working":
        return "not_working", False
    if status not in ROWS:
        return "unknown", False
    picker, rows, imputed_row = ROWS[status]
    known = rows.get(answers.get(picker))
    possible = [known] if known else list(rows.values())
    occupation = answers.get("parental_occupation")
    if known == "employs 25 or more":
        occupation = OCCUPATIONS[0]  # not asked: the row is the same for all
    if occupation not in OCCUPATIONS:
        return "unknown", False
    column = OCCUPATIONS.index(occupation)
    classes = {names[MATRIX[row][column]] for row in possible}
    if len(classes) == 1:
        return classes.pop(), False
    return (names[MATRIX[imputed_row][column]], True) if policy == "standard" else ("unknown", False)


@pytest.mark.parametrize(("variable", "names"), [("nssec5", FIVE), ("nssec3", THREE)])
@pytest.mark.parametrize("policy", ["standard", "strict"])
@pytest.mark.parametrize("mode", MODES)
def test_class_of_every_earner_is_that_of_the_matrix(mode, policy, variable, names):
    differing = []
    for earner in interviews(STANDARD, mode, only=EARNER):
        answers = {"school_type": "independent", **earner, "parental_qualification": "degree"}
        derived = derive(STANDARD, answers, {"imputation": policy})
        found = derived[variable], variable in derived.imputed
        if found != expected(answers, names, policy):
            differing.append((earner, found))
    assert differing == []


@pytest.mark.parametrize(("mode", "number"), [("online", 59), ("face_to_face", 58), ("telephone", 60)])
def test_earners_are_as_many_as_counted_by_hand(mode, number):
    # 4 x 7 employees, 1 + 3 x 7 with and 7 without employees, one not working, and the refusals that the mode takes
    assert sum(1 for _earner in interviews(STANDARD, mode, only=EARNER)) == number
