"""Listing interviews: all of them, or only over some questions."""

from questionnaire import registry
from questionnaire.engine.interviews import interviews, longest, sequences, with_universes
from questionnaire.engine.load import load
from tests.unit.planted import TOML, copy, edit

STANDARD = registry.get("gss_seb", "2023-07")


def test_interviews_over_one_question_bring_the_questions_that_decide_whether_it_is_asked():
    found = list(interviews(STANDARD, "face_to_face", only=["business_size"]))
    assert found == [
        {"employment_status": "employee"},
        {"employment_status": "self_employed_with_employees", "business_size": "1_to_24"},
        {"employment_status": "self_employed_with_employees", "business_size": "25_or_more"},
        {"employment_status": "self_employed_with_employees", "business_size": "dont_know"},
        {"employment_status": "self_employed_with_employees", "business_size": "prefer_not_to_say"},
        {"employment_status": "self_employed_without_employees"},
        {"employment_status": "not_working"},
    ]


def test_interviews_over_some_questions_are_those_of_all_cut_down():
    only = ["free_school_meals", "parental_qualification"]
    kept = {"school_type", *only}
    cut = {
        tuple((question, code) for question, code in interview.items() if question in kept)
        for interview in interviews(STANDARD, "online")
    }
    assert sorted(tuple(interview.items()) for interview in interviews(STANDARD, "online", only=only)) == sorted(cut)


def test_interviews_over_no_question_is_one_empty_interview():
    assert list(interviews(STANDARD, "online", only=[])) == [{}]


def test_interviews_on_paper_are_those_online():
    assert list(interviews(STANDARD, "paper")) == list(interviews(STANDARD, "online"))


def test_universes_are_followed_back_through_every_question():
    found = [question.id for question in with_universes(STANDARD, ["parental_occupation"])]
    assert found == ["employment_status", "business_size", "parental_occupation"]


def test_longest_counts_the_questions_of_the_longest_sequence(tmp_path):
    folder = copy(tmp_path)
    edit(folder, TOML, ('ask_if.school_type = ["state",', 'ask_if.school_type = ["outside_uk", "state",'))
    edit(
        folder,
        TOML,
        ('ask_if.employment_status = ["employee"]\nwording = "When you were aged about 14, did', 'wording = "Did'),
    )
    standard = load(folder)
    assert (longest(standard, "online"), max(map(len, sequences(standard, "online")))) == (7, 7)
