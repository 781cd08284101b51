"""Deriving: the first row that matches, each table after those that it reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire import registry
from questionnaire.engine.check import check
from questionnaire.engine.derive import UnderivableError, derive
from questionnaire.engine.interviews import interviews
from questionnaire.engine.load import load
from questionnaire.engine.route import route
from tests.unit.planted import copy, edit

STANDARD = registry.get("gss_seb", "2023-07")
INTERVIEWS = list(interviews(STANDARD, "telephone"))
CODES = sorted({code for question in STANDARD.questions for code in question.asking("telephone").codes})
ANY_ANSWERS = st.dictionaries(st.sampled_from([question.id for question in STANDARD.questions]), st.sampled_from(CODES))

SUPERVISION_UNKNOWN = {
    "school_type": "independent",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "dont_know",
    "parental_occupation": "routine",
    "parental_qualification": "not_applicable",
}


def test_derive_gives_every_variable_in_order():
    assert list(derive(STANDARD, SUPERVISION_UNKNOWN, {"imputation": "standard"}).items()) == [
        ("school_type_reported", "independent"),
        ("free_school_meals_reported", "not_asked"),
        ("nssec_detailed", "lower_supervisory_or_semi_routine"),
        ("nssec5", "semi_routine"),
        ("nssec5_imputed", "imputed"),
        ("nssec3", "routine_manual"),
        ("nssec3_imputed", "not_imputed"),
        ("parental_qualification_reported", "not_applicable"),
    ]


def test_derive_names_the_variables_that_were_imputed():
    assert derive(STANDARD, SUPERVISION_UNKNOWN, {"imputation": "standard"}).imputed == {"nssec5"}


def test_derive_follows_the_setting():
    assert derive(STANDARD, SUPERVISION_UNKNOWN, {"imputation": "strict"})["nssec5"] == "unknown"


def test_derive_takes_the_first_row_that_matches(tmp_path):
    folder = copy(tmp_path)
    edit(folder, "nssec5.csv", ("\nintermediate,*,", "\n*,strict,unknown,no,all\nintermediate,standard,"))
    classes = derive(load(folder), {**SUPERVISION_UNKNOWN, "supervisor": "no"}, {"imputation": "strict"})
    assert classes["nssec5"] == "unknown"


@pytest.mark.parametrize("chosen", [{}, {"imputation": "severe"}])
def test_derive_refuses_settings_that_do_not_exist(chosen):
    with pytest.raises(UnderivableError, match=f"^there is no imputation = {chosen.get('imputation')}$"):
        derive(STANDARD, SUPERVISION_UNKNOWN, chosen)


def test_derive_refuses_answers_that_cannot_occur_together():
    without_occupation = {q: code for q, code in SUPERVISION_UNKNOWN.items() if q != "parental_occupation"}
    with pytest.raises(UnderivableError) as refused:
        derive(STANDARD, without_occupation, {"imputation": "standard"})
    assert str(refused.value) == (
        "nssec_detailed.csv has no row for employment_status = employee, business_size = not_asked, "
        "supervisor = dont_know, parental_occupation = not_asked"
    )


def test_derive_refuses_an_empty_interview():
    with pytest.raises(LookupError):
        derive(STANDARD, {}, {"imputation": "standard"})


@settings(deadline=None)
@given(interview=st.sampled_from(INTERVIEWS), noise=ANY_ANSWERS, policy=st.sampled_from(["standard", "strict"]))
def test_answers_off_the_route_never_change_what_is_derived(interview, noise, policy):
    chosen = {"imputation": policy}
    with_noise = route(STANDARD, "telephone", {**noise, **interview}).answers
    assert derive(STANDARD, with_noise, chosen) == derive(STANDARD, interview, chosen)


def test_a_new_version_is_a_new_folder_and_no_program(tmp_path):
    folder = copy(tmp_path)
    new = folder.rename(folder.with_name("2030-01"))
    edit(new, "standard.toml", ('version = "2023-07"', 'version = "2030-01"'))
    edit(new, "nssec5.csv", ("standard,semi_routine,yes", "standard,lower_supervisory,yes"))
    standard = load(new)
    assert (check(standard), derive(standard, SUPERVISION_UNKNOWN, {"imputation": "standard"})["nssec5"]) == (
        [],
        "lower_supervisory",
    )
