"""Coming back with a code, withdrawing, clearing a device, shared devices, closing times, and what the pages tell."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from questionnaire import codes, sealing
from questionnaire.fieldwork import closing
from questionnaire.models import SealedResponse, Survey
from questionnaire.wizard import interview as interviews
from tests.conftest import Respondent, Shown, move
from tests.integration.test_submission import stored
from tests.integration.test_wizard import BURSARY, EMPLOYEE


def code_of(respondent: Respondent) -> str:
    """The code on the thank-you page, as it is shown there."""
    return respondent.get("complete").context["interview"].shown_code


def enter(code: str) -> Respondent:
    """Someone with another browser who types a code."""
    other = Respondent()
    other.reply = other.client.post("/i/", {"code": code})
    return other


@pytest.fixture
def answered(respondent):
    """Someone who has submitted, and is looking at the thank-you page."""
    respondent.respond(EMPLOYEE)
    return respondent


def test_code_leads_to_the_start_page_of_its_survey(survey, answered):
    assert enter(code_of(answered)).reply.url == "/s/staff/"


def test_code_typed_carelessly_is_taken(survey, answered):
    assert enter(f" {code_of(answered).lower().replace('-', ' ')} ").reply.url == "/s/staff/"


def test_answers_submitted_with_a_code_replace_the_earlier_ones(survey, answered):
    enter(code_of(answered)).respond(BURSARY)
    assert stored(survey) == [("online", BURSARY)]


def test_code_used_and_code_not_used_look_the_same(survey, answered):
    pages = []
    for code in (code_of(answered), codes.make(survey.pk)):
        someone = enter(code)
        page = someone.get()
        told = BeautifulSoup(page.content, "html.parser").get_text()
        pages.append((page.status_code, "You came with a code" in told, told, sorted(page.cookies), len(page.content)))
    assert pages[0] == pages[1]
    assert pages[0][:2] == (200, True)


def test_code_shows_nothing_of_what_was_answered(survey, answered):
    someone = enter(code_of(answered))
    someone.start()
    assert someone.check().url == "/s/staff/school-type/"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter your code"),
        ("   ", "Enter your code"),
        ("ABC", "Enter the code as it was given to you: 16 letters and digits, such as 3ACD-EFGH-4JKM-NP7Q"),
        ("0" * 16, "Enter the code as it was given to you: 16 letters and digits, such as 3ACD-EFGH-4JKM-NP7Q"),
        ("x" * 5000, "Enter the code as it was given to you: 16 letters and digits, such as 3ACD-EFGH-4JKM-NP7Q"),
        (codes.make(12_000), "No survey knows this code. Check each letter and digit"),
    ],
    ids=["nothing", "blanks", "short", "look-alikes", "far too long", "no such survey"],
)
def test_code_that_cannot_be_is_told_so(survey, typed, error):
    reply = enter(typed).reply
    assert (reply.status_code, reply.context["error"]) == (200, error)


def test_code_of_a_closed_survey_leads_to_the_closed_page(survey, answered):
    code = code_of(answered)
    move(survey, "closed")
    assert enter(code).reply.templates[0].name == "respondent/closed.html"


def test_code_of_a_draft_is_not_known(make_survey):
    draft = make_survey(opened=False)
    assert (
        enter(codes.make(draft.pk)).reply.context["error"] == "No survey knows this code. Check each letter and digit"
    )


def test_withdrawing_with_a_code_empties_what_was_stored(survey, answered):
    someone = enter(code_of(answered))
    assert someone.post("withdraw").templates[0].name == "respondent/withdrawn.html"
    assert [bytes(row.sealed) for row in SealedResponse.objects.all()] == [b""]


def test_withdrawn_answers_are_not_counted(survey, answered):
    enter(code_of(answered)).post("withdraw")
    Respondent().respond(BURSARY)
    closing.close("staff", actor="test")
    assert [(row.answers, row.n) for row in survey.answerpattern_set.all()] == [(BURSARY, 1)]


def test_withdrawing_what_was_never_submitted_says_the_same(survey, answered):
    used, unused = (enter(code).post("withdraw") for code in (code_of(answered), codes.make(survey.pk)))
    assert (used.status_code, len(used.content)) == (unused.status_code, len(unused.content))


def test_late_retry_of_a_withdrawn_submission_changes_nothing(survey, answered):
    someone = enter(code_of(answered))
    answered_cookie = answered.client.cookies["interview"].value
    someone.post("withdraw")
    retry = Respondent()
    retry.client.cookies["interview"] = answered_cookie
    retry.submit()
    assert [bytes(row.sealed) for row in SealedResponse.objects.all()] == [b""]


def test_answering_again_after_withdrawing_is_counted(survey, answered):
    code = code_of(answered)
    enter(code).post("withdraw")
    enter(code).respond(BURSARY)
    assert stored(survey) == [("online", BURSARY)]


def test_withdrawing_without_an_interview_leads_to_the_start_page(survey):
    assert Respondent().post("withdraw").url == "/s/staff/?lost"


def test_withdrawing_by_opening_a_page_is_not_possible(survey, answered):
    assert answered.get("withdraw").status_code == 405
    assert stored(survey) == [("online", EMPLOYEE)]


def test_withdrawing_after_closing_says_that_it_is_closed(survey, answered):
    move(survey, "stopped")
    assert answered.post("withdraw").status_code == 410


def test_clearing_a_device_forgets_its_answers(answered):
    answered.post("clear")
    assert answered.check().url == "/s/staff/?lost"


def test_clearing_a_device_keeps_what_was_submitted(survey, answered):
    answered.post("clear")
    assert stored(survey) == [("online", EMPLOYEE)]


@pytest.fixture
def kiosk(make_survey):
    make_survey(kiosk=True)
    someone = Respondent()
    someone.start()
    return someone


def test_cookie_of_a_shared_device_ends_with_its_browser(kiosk):
    assert kiosk.client.cookies["interview"]["max-age"] == ""


def test_shared_device_forgets_after_five_idle_minutes(kiosk, monkeypatch):
    now = interviews.time.time()
    monkeypatch.setattr(interviews.time, "time", lambda: now + 301)
    assert kiosk.get("school-type").url == "/s/staff/?lost"


def test_shared_device_in_use_forgets_nothing(kiosk, monkeypatch):
    now = interviews.time.time()
    for minutes in (4, 8):
        monkeypatch.setattr(interviews.time, "time", lambda later=now + 60 * minutes: later)
        assert kiosk.get("school-type").status_code == 200


def test_shared_device_forgets_the_answers_with_the_thank_you_page(kiosk):
    kiosk.answer(EMPLOYEE)
    kiosk.check()
    kiosk.submit()
    assert kiosk.get("complete").status_code == 200
    assert kiosk.check().url == "/s/staff/?lost"


def test_survey_past_its_closing_time_takes_no_answer(survey, respondent):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    Survey.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    assert respondent.submit().status_code == 410
    assert stored(survey) == []


def test_survey_past_its_closing_time_says_that_it_is_closed(survey):
    Survey.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    assert Respondent().get().templates[0].name == "respondent/closed.html"


def test_question_whose_last_option_is_to_refuse_sets_it_apart(respondent):
    respondent.start()
    assert Shown.on(respondent.get("school-type")).apart == ["prefer_not_to_say"]


def test_question_whose_last_option_is_another_has_no_divider(respondent):
    respondent.start()
    respondent.answer(dict(list(EMPLOYEE.items())[:-1]))
    assert Shown.on(respondent.get("parental-qualification")).apart == []


def test_progress_never_promises_more_questions_than_may_come(respondent):
    respondent.start()
    told = []
    for question, code in BURSARY.items():
        told.append(Shown.on(respondent.get(question.replace("_", "-"))).progress)
        respondent.answer({question: code})
    assert told == ["Question 1 of at most 7", "Question 2 of at most 6", "Question 3 of at most 3"]


TOLD = {
    "organisation": "The organisation",
    "purpose": "To see who works here.",
    "signed_name": "A. Head",
    "signed_role": "Head of people",
    "promises": "Not used for appointment.\nNot used against you.",
    "controller": "The controller",
    "lawful_basis": "Legitimate interests",
    "data_protection_contact": "dpo@example.org",
    "complaints_contact": "complaints@example.org",
    "contact": "people@example.org",
    "host": "A host in the UK",
    "address_source": "The staff directory",
    "mail_provider": "A mail provider",
}


def test_start_page_tells_who_asks_and_what_they_promise(make_survey):
    make_survey(**TOLD)
    page = Respondent().get().content.decode()
    expected = ["The organisation", "To see who works here.", "A. Head, Head of people", "Not used for appointment.",
                "Not used against you.", "people@example.org"]  # fmt: skip
    assert [words for words in expected if words not in page] == []


def test_privacy_page_tells_every_setting(make_survey):
    make_survey(backup_days=35, **TOLD)
    page = Respondent().get("privacy").content.decode()
    on_start_page = {"organisation", "signed_name", "signed_role", "promises", "contact"}
    expected = [words for field, words in TOLD.items() if field not in on_start_page] + ["35 days more"]
    assert [words for words in expected if words not in page] == []


def test_pages_without_settings_say_that_they_are_not_stated(survey):
    assert Respondent().get("privacy").content.decode().count("not stated") == 8


def test_start_page_tells_the_surveys_own_threshold(make_survey):
    make_survey(minimum_responses=25)
    assert "Where fewer than 25 people answered" in Respondent().get().content.decode()


def test_start_page_of_an_exact_survey_says_so(make_survey):
    make_survey(policy="exact")
    page = Respondent().get().content.decode()
    assert ("Results are exact counts" in page, "rounded" in page) == (True, False)


def test_owners_words_are_shown_as_words(make_survey):
    make_survey(purpose="<script>alert(1)</script>", organisation="<b>bold</b>")
    assert [tag for tag in ("<script>alert", "<b>") if tag in Respondent().get().content.decode()] == []


def test_start_page_without_a_closing_time_says_that_none_is_set(survey):
    assert "its owner has not set a day" in Respondent().get().content.decode()


def test_start_page_tells_until_when_answers_can_be_replaced(make_survey):
    make_survey(closes_at=timezone.now().replace(year=2050, month=5, day=3, hour=16, minute=0))
    assert "until 3 May 2050, 17:00 BST, or earlier if the survey closes early" in Respondent().get().content.decode()


def test_privacy_page_of_a_draft_is_not_there(make_survey):
    make_survey(opened=False)
    assert Respondent().get("privacy").status_code == 404


def test_threshold_is_never_lower_than_ten(make_survey):
    from questionnaire.fieldwork.surveys import Refused

    with pytest.raises(Refused, match="greater than or equal to 10"):
        make_survey(minimum_responses=9)


def test_withdrawn_row_is_no_sealed_response(survey, answered):
    answered.post("withdraw")
    with pytest.raises(sealing.CannotOpen):
        stored(survey)
