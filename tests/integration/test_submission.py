"""What submitting stores: one sealed response an interview, whatever is pressed, sent twice or sent late."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from questionnaire import sealing
from questionnaire.models import SealedResponse, Survey
from questionnaire.respondent import views
from tests.conftest import Respondent, move
from tests.integration.test_wizard import BURSARY, EMPLOYEE


def stored(survey: Survey) -> list[tuple[str, dict[str, str]]]:
    """What the sealed responses hold."""
    opener = sealing.opener(survey.public_key)
    return [opener.open(row.sealed) for row in SealedResponse.objects.filter(survey=survey).order_by("id")]


def with_cookie(cookie: str) -> Client:
    """A browser, or a retry by the network, that still has an older cookie."""
    return Client(headers={"cookie": f"interview={cookie}"})


@pytest.fixture
def checked(respondent):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    return respondent


def test_submission_stores_the_answers_on_the_route(survey, checked):
    checked.submit()
    assert stored(survey) == [("online", EMPLOYEE)]


def test_submission_leads_to_the_thank_you_page(checked):
    assert checked.submit().url == "/s/staff/complete/"
    assert checked.get("complete").status_code == 200


def test_thank_you_page_before_submitting_leads_to_check_answers(checked):
    assert checked.get("complete").url == "/s/staff/check-answers/"


def test_sealed_responses_of_a_short_and_a_long_interview_have_one_length(survey, checked):
    checked.submit()
    Respondent().respond(BURSARY)
    assert {len(row.sealed) for row in SealedResponse.objects.all()} == {sealing.PLAIN_LENGTH + 48}


def test_submitting_twice_stores_one_response(survey, checked):
    checked.submit()
    assert checked.submit().url == "/s/staff/complete/"
    assert stored(survey) == [("online", EMPLOYEE)]


def test_submission_from_two_tabs_stores_one_response(survey, checked):
    checked.check()
    checked.submit()
    checked.check()
    checked.submit()
    assert len(stored(survey)) == 1


def test_change_after_submitting_replaces_the_response(survey, checked):
    checked.submit()
    checked.answer({"supervisor": "no"})
    checked.check()
    checked.submit()
    assert stored(survey) == [("online", {**EMPLOYEE, "supervisor": "no"})]


def test_late_retry_of_an_older_submission_changes_nothing(survey, checked):
    older = checked.client.cookies["interview"].value
    checked.submit()
    checked.answer({"supervisor": "no"})
    checked.check()
    checked.submit()
    assert with_cookie(older).post("/s/staff/check-answers/").url == "/s/staff/complete/"
    assert stored(survey) == [("online", {**EMPLOYEE, "supervisor": "no"})]


def test_submission_after_closing_says_so_and_stores_nothing(survey, checked):
    move(survey, "stopped")
    response = checked.submit()
    assert (response.status_code, response.templates[0].name) == (410, "respondent/closed.html")
    assert stored(survey) == []


@pytest.mark.parametrize("state", ["stopped", "closed", "released"])
def test_start_page_after_closing_says_so(survey, respondent, state):
    move(survey, state)
    response = respondent.get()
    assert (response.status_code, response.templates[0].name) == (200, "respondent/closed.html")
    assert "interview" not in respondent.start().cookies


def test_submission_while_the_database_is_down_keeps_the_answers(survey, checked):
    def down(*args):
        raise OperationalError("the database does not answer")

    with connection.execute_wrapper(down):
        assert checked.submit().status_code == 503
    assert checked.submit().url == "/s/staff/complete/"
    assert stored(survey) == [("online", EMPLOYEE)]


def test_interview_of_one_survey_is_stored_in_no_other(survey, make_survey, checked):
    other = make_survey("other")
    checked.submit()
    assert stored(other) == []


def test_stored_row_holds_neither_address_nor_browser(survey, checked):
    checked.client.post("/s/staff/check-answers/", headers={"user-agent": "Telling/1.0"}, REMOTE_ADDR="203.0.113.7")
    row = SealedResponse.objects.values().get()
    assert set(row) == {"id", "survey_id", "key", "number", "sealed"}
    assert [value for value in map(str, row.values()) if "203.0.113.7" in value or "Telling" in value] == []


def test_page_of_a_broken_view_is_plain_and_tells_nothing(survey, checked, monkeypatch):
    def broken(*args):
        raise RuntimeError("school_type is state")

    monkeypatch.setattr(views, "store", broken)
    response = checked.submit()
    assert response.status_code == 500
    assert b"school_type is state" not in response.content
