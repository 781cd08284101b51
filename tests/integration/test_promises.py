"""What respondents are promised of keys and of how long things are kept: as the survey's settings have it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from questionnaire import sealing
from questionnaire.fieldwork import surveys
from tests.conftest import Respondent, move


def said(step: str = "") -> str:
    """The words of a page, blanks made one."""
    page = Respondent().get(step)
    return " ".join(BeautifulSoup(page.content, "html.parser").get_text().split())


@pytest.fixture
def kept_by_its_owner(make_survey):
    make_survey(opened=False, custody="owner")
    return surveys.open_survey("staff", actor="test", public_key=sealing.key_pair()[0])


OPERATOR = "its operator holds the key"
AWAY = "The organisation keeps the key away from this service"


def test_start_page_says_that_the_operator_holds_the_key(survey):
    assert (OPERATOR in said(), AWAY in said()) == (True, False)


def test_start_page_says_that_the_owner_keeps_the_key(kept_by_its_owner):
    assert (OPERATOR in said(), AWAY in said()) == (False, True)


def test_privacy_page_says_that_the_operator_holds_the_key(survey):
    page = said("privacy")
    assert ("The operator, who holds the key" in page, "The organisation, which holds the key" in page) == (True, False)


def test_privacy_page_says_that_the_owner_keeps_the_key(kept_by_its_owner):
    page = said("privacy")
    assert ("The operator, who holds the key" in page, "The organisation, which holds the key" in page) == (False, True)


def test_pages_say_when_unopened_answers_are_destroyed(kept_by_its_owner):
    assert "not counted within 90 days of the end are destroyed unread" in said()
    assert "If that has not happened 90 days after the end, they are destroyed unread" in said("privacy")


def test_pages_say_nothing_of_unopened_answers_where_the_service_keeps_the_key(survey):
    assert ("of the end are destroyed unread" in said(), "after the end, they are" in said("privacy")) == (False, False)


@pytest.mark.parametrize("page", ["", "privacy"])
def test_pages_promise_of_rounding_what_holds_whichever_multiple_is_taken(make_survey, page):
    make_survey(minimum_responses=12)
    words = {
        "": "Results are rounded to a multiple of 5. Where fewer than 12 people answered, nothing is shown.",
        "privacy": "counts rounded to a multiple of 5, and nothing where fewer than 12 people answered.",
    }
    assert (words[page] in said(page), "nearest" in said(page)) == (True, False)


def test_privacy_page_says_until_when_counts_are_kept(make_survey):
    make_survey(counts_until=date(2050, 5, 3))
    assert "Counts are kept until 3 May 2050" in said("privacy")


def test_privacy_page_says_that_no_day_is_set_for_counts(survey):
    assert "Counts are kept until the organisation has them destroyed; no day is set." in said("privacy")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("stopped", "What was submitted before it closed is sealed until it is counted;"),
        ("closed", "What was submitted before it closed has been counted."),
        ("released", "What was submitted before it closed has been counted."),
    ],
)
def test_closed_page_says_what_became_of_the_answers(survey, state, words):
    move(survey, state)
    assert words in said()
