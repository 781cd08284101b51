"""The route: one forward pass, and an answer counts only while its own question is on it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire import registry
from questionnaire.engine.interviews import interviews
from questionnaire.engine.route import route

STANDARD = registry.get("gss_seb", "2023-07")
MODES = [mode.id for mode in STANDARD.modes]
INTERVIEWS = {mode: list(interviews(STANDARD, mode)) for mode in MODES}
AN_INTERVIEW = st.sampled_from([(mode, interview) for mode in MODES for interview in INTERVIEWS[mode]])

# Any answers at all: to any questions, offered in the mode or not, and to questions that do not exist.
OFFERED = {code for question in STANDARD.questions for mode in MODES for code in question.asking(mode).codes}
CODES = [*sorted(OFFERED), "", "junk", "1"]
ANY_ANSWERS = st.dictionaries(
    st.sampled_from([*(question.id for question in STANDARD.questions), "no_such_question"]), st.sampled_from(CODES)
)

EMPLOYEE = {
    "school_type": "state",
    "free_school_meals": "no",
    "employment_status": "employee",
    "employer_size": "1_to_24",
    "supervisor": "no",
    "parental_occupation": "routine",
    "parental_qualification": "degree",
}


def ids(questions):
    return [question.id for question in questions]


def test_route_without_answers_starts_with_the_first_question():
    found = route(STANDARD, "online", {})
    assert (found.first_unanswered.id, found.answers, found.complete) == ("school_type", {}, False)


def test_route_without_answers_has_the_questions_that_everyone_is_asked():
    assert ids(route(STANDARD, "online", {}).questions) == [
        "school_type",
        "employment_status",
        "parental_qualification",
    ]


def test_route_of_a_complete_interview_has_its_questions_and_answers_in_order():
    found = route(STANDARD, "online", dict(reversed(EMPLOYEE.items())))
    assert (ids(found.questions), list(found.answers.items())) == (list(EMPLOYEE), list(EMPLOYEE.items()))


def test_route_of_a_complete_interview_is_complete():
    found = route(STANDARD, "online", EMPLOYEE)
    assert (found.complete, found.first_unanswered) == (True, None)


def test_first_unanswered_is_the_earliest_gap():
    answers = {**EMPLOYEE}
    del answers["employer_size"], answers["parental_qualification"]
    assert route(STANDARD, "online", answers).first_unanswered.id == "employer_size"


def test_answer_off_the_route_is_left_out():
    found = route(STANDARD, "online", {**EMPLOYEE, "school_type": "independent"})
    assert found.answers == {
        "school_type": "independent",
        **{
            question: code
            for question, code in EMPLOYEE.items()
            if question not in ("school_type", "free_school_meals")
        },
    }


def test_answer_off_the_route_does_not_steer():
    # business_size asks for the occupation, but is itself not asked of someone who was not working
    left_behind = {
        "school_type": "outside_uk",
        "employment_status": "not_working",
        "business_size": "1_to_24",
        "parental_occupation": "managers",
    }
    assert ids(route(STANDARD, "online", left_behind).questions) == [
        "school_type",
        "employment_status",
        "parental_qualification",
    ]


def test_one_universe_of_several_is_enough_to_be_asked():
    answers = {"employment_status": "self_employed_with_employees", "business_size": "dont_know"}
    assert "parental_occupation" in ids(route(STANDARD, "online", answers).questions)


@pytest.mark.parametrize(
    ("mode", "first_unanswered"), [("online", "employment_status"), ("telephone", "parental_qualification")]
)
def test_code_counts_only_where_the_mode_offers_it(mode, first_unanswered):
    answers = {"school_type": "outside_uk", "employment_status": "dont_know"}
    assert route(STANDARD, mode, answers).first_unanswered.id == first_unanswered


@pytest.mark.parametrize("junk", ["", "junk", "EMPLOYEE", None, 1, ["employee"], {"employee": 1}])
def test_answer_that_is_no_option_counts_as_unanswered(junk):
    found = route(STANDARD, "online", {"school_type": "outside_uk", "employment_status": junk})
    assert found.first_unanswered.id == "employment_status"


def test_unknown_mode_is_an_error():
    with pytest.raises(KeyError):
        route(STANDARD, "post", {})


@settings(deadline=None)
@given(AN_INTERVIEW, ANY_ANSWERS)
def test_answers_off_the_route_never_count(mode_and_interview, noise):
    mode, interview = mode_and_interview
    assert route(STANDARD, mode, {**noise, **interview}).answers == interview


@settings(deadline=None)
@given(mode=st.sampled_from(MODES), answers=ANY_ANSWERS)
def test_route_is_the_same_from_its_own_answers(mode, answers):
    found = route(STANDARD, mode, answers)
    assert route(STANDARD, mode, found.answers) == found


@settings(deadline=None)
@given(mode=st.sampled_from(MODES), answers=ANY_ANSWERS)
def test_answering_the_first_unanswered_question_again_and_again_makes_an_interview(mode, answers):
    while question := route(STANDARD, mode, answers).first_unanswered:
        answers = {**answers, question.id: question.asking(mode).codes[0]}
    assert route(STANDARD, mode, answers).answers in INTERVIEWS[mode]
