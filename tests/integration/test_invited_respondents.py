"""Answering a survey of invited people: with a code that is invited and with no other, used or not."""

import threading
import time

import pytest
from bs4 import BeautifulSoup
from django.db import connection

from questionnaire import codes
from questionnaire.fieldwork import inviting, surveys
from questionnaire.models import SealedResponse
from questionnaire.respondent.submission import NotInvited, store
from questionnaire.wizard.interview import Interview
from tests.conftest import Respondent, move
from tests.grouped_survey import DEPARTMENT, GRADE, declare
from tests.integration.test_submission import stored
from tests.integration.test_surveys_admin import waiting_for_a_lock
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.invited_survey import INVITED, as_dicts, enter, invite

UNKNOWN = "No survey knows this code. Check each letter and digit"


@pytest.fixture
def inviting_survey(make_survey):
    return make_survey(**INVITED)


@pytest.fixture
def invitations(inviting_survey) -> list[str]:
    """The codes of those invited."""
    return [row["code"] for row in invite()]


def replace_codes() -> dict[str, str]:
    return {row["reference"]: row["code"] for row in as_dicts(inviting.replace_codes("staff", actor="test"))}


def test_code_that_is_invited_leads_to_the_start_page(invitations):
    someone = enter(invitations[0])
    assert (someone.reply.url, someone.get().context["returned"]) == ("/s/staff/", True)


def test_code_that_is_not_invited_is_not_known(inviting_survey, invitations):
    reply = enter(codes.make(inviting_survey.pk)).reply
    assert (reply.status_code, reply.context["error"]) == (200, UNKNOWN)


def test_code_that_nobody_was_given_is_taken_for_an_open_link(survey):
    assert enter(codes.make(survey.pk)).reply.url == "/s/staff/"


def test_code_of_another_survey_is_not_known(invitations, make_survey):
    other = make_survey("other", access="invited")
    assert enter(codes.make(other.pk)).reply.context["error"] == UNKNOWN


def test_code_of_a_survey_that_is_closed_leads_to_the_closed_page(inviting_survey, invitations):
    move(inviting_survey, "closed")
    pages = [enter(code).reply for code in (invitations[0], codes.make(inviting_survey.pk))]
    assert [page.templates[0].name for page in pages] == ["respondent/closed.html"] * 2


def test_code_used_and_code_not_used_look_the_same(invitations, django_assert_num_queries):
    enter(invitations[0]).respond(EMPLOYEE)
    pages = []
    for code in invitations[:2]:
        with django_assert_num_queries(2):  # the survey, and whether the code is invited: nothing of answers
            someone = enter(code)
        page = someone.get()
        pages.append((page.status_code, page.content.count(b"code"), len(page.content), sorted(page.cookies)))
    assert pages[0] == pages[1]


def test_answers_of_someone_invited_are_stored_under_their_code(inviting_survey, invitations):
    enter(invitations[0]).respond(EMPLOYEE)
    assert stored(inviting_survey) == [("online", EMPLOYEE)]
    assert bytes(SealedResponse.objects.get().key) == codes.digest(codes.typed(invitations[0]))


def test_answering_afresh_with_a_code_replaces(inviting_survey, invitations):
    for answers in (EMPLOYEE, BURSARY):
        enter(invitations[0]).respond(answers)
    assert stored(inviting_survey) == [("online", BURSARY)]


def test_withdrawing_with_a_code_empties_what_was_stored(invitations):
    enter(invitations[0]).respond(EMPLOYEE)
    assert enter(invitations[0]).post("withdraw").templates[0].name == "respondent/withdrawn.html"
    assert [bytes(row.sealed) for row in SealedResponse.objects.all()] == [b""]


def test_questions_make_no_database_query(invitations, django_assert_num_queries):
    someone = enter(invitations[0])
    someone.start()
    with django_assert_num_queries(0):
        someone.answer(EMPLOYEE)
        someone.check()


def test_start_page_without_a_code_leads_to_where_one_is_entered(inviting_survey):
    page = Respondent().get()
    assert ("You need your personal link or code" in page.content.decode(), b"Start now" in page.content) == (
        True,
        False,
    )


def test_start_now_without_a_code_leads_to_where_one_is_entered(inviting_survey):
    someone = Respondent()
    assert someone.start().url == "/i/"
    assert "interview" not in someone.client.cookies


def test_start_now_by_the_next_person_at_a_browser_needs_a_code_of_their_own(invitations):
    someone = enter(invitations[0])
    someone.respond(EMPLOYEE)
    assert someone.start().url == "/i/"


def test_start_now_with_a_code_that_was_replaced_says_so(invitations):
    someone = enter(invitations[0])
    replace_codes()
    response = someone.start()
    assert (response.status_code, response.templates[0].name) == (403, "respondent/not_invited.html")


@pytest.mark.parametrize("press", ["check-answers", "withdraw"])
def test_submitting_or_withdrawing_with_a_code_that_was_replaced_changes_nothing(inviting_survey, invitations, press):
    enter(invitations[0]).respond(BURSARY)
    someone = enter(invitations[0])
    someone.start()
    someone.answer(EMPLOYEE)
    someone.check()
    replace_codes()
    response = someone.post(press)
    assert (response.status_code, response.templates[0].name) == (403, "respondent/not_invited.html")
    assert stored(inviting_survey) == [("online", BURSARY)]


def test_code_that_was_replaced_is_not_known(invitations):
    replace_codes()
    assert enter(invitations[0]).reply.context["error"] == UNKNOWN


def test_statement_that_stores_refuses_a_code_that_is_not_invited(inviting_survey, invitations):
    interview = Interview.start(inviting_survey, "online", codes.make(inviting_survey.pk))
    interview.answers, interview.number = EMPLOYEE, 1
    with pytest.raises(NotInvited):
        store(interview)
    assert SealedResponse.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_submission_that_waits_while_codes_are_replaced_stores_nothing_under_the_old_one(make_survey):
    survey = make_survey(**INVITED)
    interview = Interview.start(survey, "online", codes.typed(invite()[0]["code"]))
    interview.answers, interview.number = EMPLOYEE, 1
    outcome = []

    def submit() -> None:
        try:
            outcome.append(store(interview))
        except NotInvited:
            outcome.append("not invited")
        finally:
            connection.close()

    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM questionnaire_survey WHERE id = %s FOR UPDATE", [survey.pk])
        submitting = threading.Thread(target=submit)
        submitting.start()
        end = time.monotonic() + 20
        while not waiting_for_a_lock() and time.monotonic() < end:
            time.sleep(0.01)
        cursor.execute("UPDATE questionnaire_invitation SET digest = sha256(digest)")
        cursor.execute("COMMIT")
    submitting.join()
    other.close()
    assert (outcome, SealedResponse.objects.count()) == (["not invited"], 0)


def test_front_page_lists_surveys_that_anyone_may_answer_and_no_others(make_survey):
    make_survey("anyone", listed=True, title="For anyone")
    make_survey("invited", listed=True, title="For some", access="invited")
    page = Respondent().client.get("/").content.decode()
    assert ("For anyone" in page, "For some" in page) == (True, False)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("", "Then the digests, the references and the groups are deleted too."),
        ("", "Your groups, as the organisation gave them: Grade, Site."),
        ("", "groups of fewer than 20 answers are put together with others first"),
        ("privacy", "Your groups, as the organisation gave them: Grade, Site."),
        ("privacy", "This list is deleted with the sealed answers."),
        ("privacy", "With the list of who is invited they could then tell whose they are."),
        ("privacy", "The list of who is invited in a backup still shows who answered."),
        ("privacy", "Whoever sent you your code"),
    ],
)
def test_invited_people_are_told_what_is_kept(inviting_survey, page, told):
    assert told in Respondent().get(page).content.decode()


@pytest.mark.parametrize("page", ["", "privacy"])
@pytest.mark.parametrize(
    ("fields", "how"),
    [
        (
            {"minimum_responses": 30},
            "Results are shown for each group too; groups of fewer than 30 answers are put together with others first.",
        ),
        ({"policy": "exact"}, "Results are counted for each group too."),
    ],
    ids=["rounded", "exact"],
)
def test_invited_people_are_told_of_two_way_tables_with_how_groups_are_protected(make_survey, page, fields, how):
    survey = make_survey(access="invited", headcount=2000, opened=False, **fields)
    declare(survey, {"grade": GRADE, "department": DEPARTMENT}, "grade", "department")
    surveys.open_survey("staff", actor="test")
    told = BeautifulSoup(Respondent().get(page).content, "html.parser").get_text()
    groups = "Your groups, as the organisation gave them: Grade, Department."
    two_ways = "The same holds for two kinds of group together: Grade by Department."
    assert f"{groups} {how} {two_ways}" in told


@pytest.mark.parametrize("page", ["", "privacy"])
def test_invited_people_are_told_of_no_two_way_table_where_there_is_none(inviting_survey, page):
    assert "two kinds of group" not in Respondent().get(page).content.decode()


@pytest.mark.parametrize("page", ["", "privacy"])
def test_people_with_an_open_link_are_told_of_no_invitation(survey, page):
    words = Respondent().get(page).content.decode()
    assert [word for word in ("invited", "groups", "reference") if word in words] == []
