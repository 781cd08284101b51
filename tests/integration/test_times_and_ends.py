"""Surveys that are yet to open, times in a survey's own zone, and what is said of a survey whose answers are gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from questionnaire import codes, sealing
from questionnaire.fieldwork import closing, surveys
from questionnaire.models import SealedResponse, Survey
from tests.conftest import Respondent, regardless_of_the_rules
from tests.integration.test_wizard import EMPLOYEE

SUMMER = datetime(2050, 5, 3, 16, 0, tzinfo=UTC)
WINTER = datetime(2050, 1, 3, 16, 0, tzinfo=UTC)


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("opens_at", "zone", "told"),
    [
        (SUMMER, "Europe/London", "It opens on 3 May 2050, 17:00 BST."),
        (WINTER, "Europe/London", "It opens on 3 January 2050, 16:00 GMT."),
        (SUMMER, "America/New_York", "It opens on 3 May 2050, 12:00 EDT."),
    ],
    ids=["summer", "winter", "elsewhere"],
)
def test_start_page_before_opening_tells_when_it_opens(make_survey, opens_at, zone, told):
    make_survey(opens_at=opens_at, time_zone=zone)
    response = Respondent().get()
    assert (response.status_code, response.templates[0].name) == (200, "respondent/not_open.html")
    assert told in words(response)


def test_start_now_before_opening_starts_no_interview(make_survey):
    make_survey(opens_at=SUMMER)
    response = Respondent().start()
    assert (response.status_code, "interview" in response.cookies) == (200, False)


def test_start_page_once_the_time_has_come_is_the_start_page(make_survey):
    make_survey(opens_at=timezone.now() - timedelta(seconds=1))
    assert Respondent().get().templates[0].name == "respondent/start.html"


def test_start_now_makes_one_database_query(make_survey, django_assert_num_queries):
    make_survey(opens_at=timezone.now() - timedelta(seconds=1))
    with django_assert_num_queries(1):
        assert Respondent().start().url == "/s/staff/school-type/"


def test_draft_that_has_a_time_to_open_does_not_tell_it_yet(make_survey):
    make_survey(opened=False, opens_at=SUMMER)
    assert "2050" not in words(Respondent().get())


def test_submission_before_opening_says_when_it_opens_and_stores_nothing(survey, respondent):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    with regardless_of_the_rules():
        Survey.objects.update(opens_at=SUMMER)
    response = respondent.submit()
    assert (response.status_code, "It opens on 3 May 2050, 17:00 BST." in words(response)) == (410, True)
    assert SealedResponse.objects.count() == 0


def test_code_entered_before_opening_leads_to_the_start_page_which_says_so(make_survey):
    survey = make_survey(opens_at=SUMMER)
    someone = Respondent()
    reply = someone.client.post("/i/", {"code": codes.make(survey.pk)})
    assert (reply.url, "interview" in reply.cookies) == ("/s/staff/", False)
    assert "It opens on 3 May 2050, 17:00 BST." in words(someone.get())


@pytest.mark.parametrize("page", ["", "privacy"])
def test_closing_time_is_told_in_the_surveys_own_zone(make_survey, page):
    make_survey(closes_at=SUMMER, time_zone="Asia/Tokyo")
    assert "until 4 May 2050, 01:00 JST, or earlier if the survey closes early" in words(Respondent().get(page))


FEW = "It was ended without results: too few people answered, and all answers were destroyed unread."
LATE = "It was ended without results: the key to its answers was not brought in time, and all answers were destroyed"
COUNTED = "What was counted has been destroyed; published results stay."


def sentences(response) -> list[str]:
    """Which of the sentences about its end a page tells."""
    assert (response.status_code, response.templates[0].name) == (200, "respondent/destroyed.html")
    return [sentence for sentence in (FEW, LATE, COUNTED) if sentence in words(response)]


@pytest.fixture
def abandoned(survey) -> Survey:
    closing.stop("staff", actor="test")
    surveys.abandon("staff", actor="test")
    return survey


def test_abandoned_survey_says_that_too_few_answered(abandoned):
    assert sentences(Respondent().get()) == [FEW]


def test_survey_whose_key_was_not_brought_says_so(make_survey):
    make_survey(opened=False, custody="owner")
    surveys.open_survey("staff", actor="test", public_key=sealing.key_pair()[0])
    Survey.objects.update(state="stopped", stopped_at=timezone.now() - timedelta(days=365))
    surveys.destroy_unopened("staff", actor="test")
    assert sentences(Respondent().get()) == [LATE]


def test_survey_whose_counts_are_destroyed_says_that_results_stay(survey):
    closing.close("staff", actor="test")
    surveys.purge("staff", actor="test")
    assert sentences(Respondent().get()) == [COUNTED]


def test_imported_survey_whose_counts_are_destroyed_says_that_results_stay(make_survey):
    make_survey(opened=False, origin="imported")
    Survey.objects.update(state="closed")
    surveys.purge("staff", actor="test")
    assert sentences(Respondent().get()) == [COUNTED]


def test_destroyed_survey_says_so_to_whoever_comes_with_a_code(abandoned):
    assert sentences(Respondent().client.post("/i/", {"code": codes.make(abandoned.pk)})) == [FEW]


def test_submission_to_a_survey_that_was_destroyed_meanwhile_says_so(survey, respondent):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    closing.stop("staff", actor="test")
    surveys.abandon("staff", actor="test")
    response = respondent.submit()
    assert (response.status_code, FEW in words(response)) == (410, True)
