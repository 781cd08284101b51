"""The respondent's wizard: where one may be, what a change does, and what it never does."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from questionnaire.models import SealedResponse, Survey
from tests.conftest import Respondent, Shown

EMPLOYEE = {
    "school_type": "state",
    "free_school_meals": "no",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "yes",
    "parental_occupation": "clerical",
    "parental_qualification": "degree",
}
MORE = "Because of your change there is something more to ask you."
BURSARY = {
    "school_type": "independent_bursary",
    "employment_status": "not_working",
    "parental_qualification": "prefer_not_to_say",
}


def token(response) -> str:
    """The token against forged forms that a page holds."""
    return BeautifulSoup(response.content, "html.parser").find("input", {"name": "csrfmiddlewaretoken"})["value"]


def test_start_page_opened_stores_no_interview(respondent):
    assert "interview" not in respondent.get().cookies


def test_start_now_pressed_leads_to_the_first_question(respondent):
    assert respondent.start().url == "/s/staff/school-type/"


@pytest.mark.parametrize("answers", [EMPLOYEE, BURSARY], ids=["employee", "bursary"])
def test_interview_answered_along_its_route_ends_at_check_answers(respondent, answers):
    respondent.start()
    places = [respondent.answer({question: code}).url for question, code in answers.items()]
    steps = [question.replace("_", "-") for question in answers]
    assert places == [f"/s/staff/{step}/" for step in [*steps[1:], "check-answers"]]


def test_question_pages_make_no_database_query(respondent, django_assert_num_queries):
    respondent.start()
    with django_assert_num_queries(0):
        for question, code in EMPLOYEE.items():
            respondent.get(question.replace("_", "-"))
            respondent.answer({question: code})
        respondent.check()


def test_start_now_makes_one_database_query(respondent, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert respondent.start().url == "/s/staff/school-type/"


def test_submission_makes_one_database_query(respondent, django_assert_num_queries):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    with django_assert_num_queries(1):
        assert respondent.submit().url == "/s/staff/complete/"


def test_question_off_the_route_redirects_to_where_the_respondent_is(respondent):
    respondent.start()
    respondent.answer({"school_type": "independent"})
    assert respondent.get("free-school-meals").url == "/s/staff/employment-status/"


def test_question_past_the_first_unanswered_redirects_there(respondent):
    respondent.start()
    assert respondent.get("parental-qualification").url == "/s/staff/school-type/"


def test_check_answers_before_the_end_redirects_to_the_first_unanswered(respondent):
    respondent.start()
    respondent.answer({"school_type": "state"})
    assert respondent.check().url == "/s/staff/free-school-meals/"


def test_post_to_a_question_off_the_route_stores_no_answer(respondent):
    respondent.start()
    respondent.answer({"school_type": "independent"})
    assert respondent.post("free-school-meals", {"free_school_meals": "yes"}).url == "/s/staff/employment-status/"
    respondent.answer({"school_type": "state"})
    assert b" checked" not in respondent.get("free-school-meals").content


def test_submission_of_an_unfinished_interview_stores_nothing(respondent):
    respondent.start()
    respondent.answer({"school_type": "state"})
    assert respondent.submit().url == "/s/staff/free-school-meals/"
    assert SealedResponse.objects.count() == 0


@pytest.mark.parametrize("step", ["school-type", "check-answers", "complete"])
def test_page_without_an_interview_leads_to_the_start_page(respondent, step):
    assert respondent.get(step).url == "/s/staff/?lost"


def test_unknown_question_is_a_page_that_is_not_there(respondent):
    respondent.start()
    assert respondent.get("no-such-question").status_code == 404


@pytest.mark.parametrize("data", [{}, {"school_type": ""}, {"other": "state"}], ids=["nothing", "empty", "junk"])
def test_question_without_an_answer_asks_again(respondent, data):
    respondent.start()
    response = respondent.post("school-type", data)
    error = "Select the type of secondary school you attended for the most time between the ages of 11 and 16"
    assert (response.status_code, Shown.on(response).error) == (200, error)


@pytest.mark.parametrize("code", ["nonsense", "1", "state ", "STATE", "x" * 9000, "\0", "'; --"])
def test_answer_that_the_standard_does_not_offer_asks_again(respondent, code):
    respondent.start()
    response = respondent.post("school-type", {"school_type": code})
    assert (response.status_code, Shown.on(response).error) == (200, "Select one of the answers on this page")
    assert respondent.check().url == "/s/staff/school-type/"


def test_answer_of_another_mode_asks_again(respondent):
    respondent.start()
    respondent.answer({"school_type": "independent"})
    response = respondent.post(
        "employment-status", {"employment_status": "dont_know"}
    )  # spontaneous, by telephone only
    assert Shown.on(response).error == "Select one of the answers on this page"


def test_two_answers_posted_at_once_take_the_last(respondent):
    respondent.start()
    respondent.post("school-type", {"school_type": ["state", "independent"]})
    assert respondent.get("employment-status").status_code == 200


def test_answers_are_kept_without_what_else_was_posted(respondent):
    respondent.start()
    respondent.post("school-type", {"school_type": "state", "junk": "x" * 2000, "csrfmiddlewaretoken": "y" * 2000})
    assert len(respondent.client.cookies["interview"].value) < 600


def test_whole_interview_fits_a_small_cookie(respondent):
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    assert len(respondent.client.cookies["interview"].value) < 700


def test_question_page_read_again_sets_no_cookie(respondent):
    respondent.start()
    assert "interview" not in respondent.get("school-type").cookies


def test_answer_given_before_is_selected_on_return(respondent):
    respondent.start()
    respondent.answer({"school_type": "state_selective"})
    assert Shown.on(respondent.get("school-type")).chosen == ["state_selective"]


def test_fresh_question_has_nothing_selected(respondent):
    respondent.start()
    assert Shown.on(respondent.get("school-type")).chosen == []


def test_fresh_question_after_someone_elses_answer_has_nothing_selected(survey):
    first, second = Respondent(), Respondent()
    first.start()
    first.answer({"school_type": "state"})
    first.get("school-type")
    second.start()
    assert Shown.on(second.get("school-type")).chosen == []


def test_kept_page_has_each_readers_own_token(survey):
    taken = []
    for reader in (Respondent(enforce_csrf_checks=True), Respondent(enforce_csrf_checks=True)):
        reader.post("", {"csrfmiddlewaretoken": token(reader.get())})
        own = token(reader.get("school-type"))
        taken.append(reader.post("school-type", {"csrfmiddlewaretoken": own, "school_type": "state"}).status_code)
    assert taken == [302, 302]


def test_back_link_leads_to_the_question_before_on_the_route(respondent):
    respondent.start()
    respondent.answer({"school_type": "independent"})
    assert Shown.on(respondent.get("employment-status")).back == "/s/staff/school-type/"


def test_back_link_of_the_first_question_leads_to_the_start_page(respondent):
    respondent.start()
    assert Shown.on(respondent.get("school-type")).back == "/s/staff/"


@pytest.fixture
def checked(respondent):
    """Someone who has answered everything and is looking at check answers."""
    respondent.start()
    respondent.answer(EMPLOYEE)
    respondent.check()
    return respondent


def test_check_answers_lists_the_route_in_order(checked, standard):
    rows = checked.check().context["rows"]
    assert [(row["key"], row["value"]) for row in rows] == [
        (asking.wording, asking.option(code).label)
        for question, code in EMPLOYEE.items()
        for asking in [standard.question(question).asking("online")]
    ]


def test_change_that_alters_no_route_returns_to_check_answers(checked):
    assert checked.answer({"supervisor": "no"}).url == "/s/staff/check-answers/"


def test_change_that_drops_questions_says_which(checked, standard):
    checked.answer({"employment_status": "not_working"})
    dropped = [
        standard.question(question).asking("online")
        for question in ("employer_size", "supervisor", "parental_occupation")
    ]
    assert checked.check().context["dropped"] == dropped


def test_change_that_asks_more_leads_to_what_is_newly_asked_only(checked):
    assert checked.answer({"employment_status": "self_employed_with_employees"}).url == "/s/staff/business-size/"
    assert checked.answer({"business_size": "1_to_24"}).url == "/s/staff/check-answers/"


def test_change_that_asks_more_says_so_on_the_new_question(checked):
    checked.answer({"employment_status": "self_employed_with_employees"})
    assert Shown.on(checked.get("business-size")).news == MORE


def test_change_whose_new_question_keeps_an_answer_drops_only_the_others(checked, standard):
    checked.answer({"employment_status": "self_employed_with_employees"})
    checked.answer({"business_size": "1_to_24"})
    dropped = [standard.question(question).asking("online") for question in ("employer_size", "supervisor")]
    assert checked.check().context["dropped"] == dropped


def test_answer_left_behind_by_going_back_is_dropped_at_the_end(respondent, standard):
    respondent.start()
    respondent.answer({"school_type": "state", "free_school_meals": "yes"})
    respondent.answer(BURSARY)
    context = respondent.check().context
    assert context["dropped"] == [standard.question("free_school_meals").asking("online")]
    assert len(context["rows"]) == len(BURSARY)


def test_change_back_asks_the_dropped_questions_again(checked):
    checked.answer({"employment_status": "not_working"})
    checked.check()
    assert checked.answer({"employment_status": "employee"}).url == "/s/staff/employer-size/"
    assert b" checked" not in checked.get("employer-size").content


def test_next_change_no_longer_tells_of_the_one_before(checked):
    checked.answer({"employment_status": "not_working"})
    checked.check()
    checked.answer({"school_type": "state_selective"})
    assert checked.check().context["dropped"] == []


def test_change_link_page_leads_back_to_check_answers(checked):
    assert Shown.on(checked.get("supervisor")).back == "/s/staff/check-answers/"


def test_second_interview_in_another_browser_shares_nothing(checked):
    other = Respondent()
    other.start()
    assert other.check().url == "/s/staff/school-type/"


def test_start_now_again_begins_afresh(checked):
    checked.start()
    assert checked.check().url == "/s/staff/school-type/"


def tampered(cookie):
    return ("A" if cookie[0] != "A" else "B") + cookie[1:]


@pytest.mark.parametrize(
    "spoil",
    [
        tampered,
        lambda cookie: cookie[:-5],
        lambda cookie: "",
        lambda cookie: "junk",
        lambda cookie: "é" * 50,
        lambda cookie: "=" * 3000,
    ],
    ids=["tampered", "torn", "empty", "junk", "not ascii", "padding"],
)
def test_spoilt_cookie_leads_to_the_start_page(checked, spoil):
    cookie = spoil(checked.client.cookies["interview"].value)
    client = Client(headers={"cookie": f"interview={cookie}".encode().decode("latin-1")})
    assert client.get("/s/staff/supervisor/").url == "/s/staff/?lost"


def test_cookie_older_than_seven_days_leads_to_the_start_page(checked, monkeypatch):
    from questionnaire.wizard import interview

    now = interview.time.time()
    monkeypatch.setattr(interview.time, "time", lambda: now + interview.LIFE + 1)
    assert checked.get("supervisor").url == "/s/staff/?lost"


def test_cookie_of_one_survey_is_none_of_another(checked, make_survey):
    make_survey("other")
    client = Client(headers={"cookie": f"interview={checked.client.cookies['interview'].value}"})
    assert client.get("/s/other/supervisor/").url == "/s/other/?lost"


def test_cookie_made_with_an_older_secret_key_is_still_read(checked, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a newer key"
    assert checked.check().status_code == 200


def test_cookie_keeps_to_its_survey_and_out_of_scripts(respondent):
    cookie = respondent.start().cookies["interview"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/s/staff/", True, "Lax")


def test_cookie_tells_no_answer(checked):
    value = checked.client.cookies["interview"].value
    assert [code for code in EMPLOYEE.values() if len(code) > 3 and code in value] == []


def test_draft_survey_says_that_it_is_not_open(make_survey):
    make_survey(opened=False)
    response = Respondent().get()
    assert (response.status_code, response.templates[0].name) == (200, "respondent/not_open.html")


def test_draft_survey_starts_no_interview(make_survey):
    make_survey(opened=False)
    assert "interview" not in Respondent().start().cookies


def test_unknown_survey_is_a_page_that_is_not_there(db):
    assert Respondent("nothing").get().status_code == 404


def test_question_page_forbids_what_comes_from_elsewhere(respondent):
    respondent.start()
    response = respondent.get("school-type")
    assert (response["Content-Security-Policy"].split("; ")[0], "unsafe" in response["Content-Security-Policy"]) == (
        "default-src 'none'",
        False,
    )
    assert response["Cache-Control"] == "no-store, private"


def test_post_without_csrf_token_is_refused_and_keeps_the_answers(survey):
    respondent = Respondent(enforce_csrf_checks=True)
    respondent.post("", {"csrfmiddlewaretoken": token(respondent.get())})
    assert respondent.post("school-type", {"school_type": "state"}).status_code == 403
    assert respondent.get("school-type").status_code == 200


def test_megabyte_of_junk_is_refused_and_stores_nothing(respondent):
    respondent.start()
    response = respondent.client.post(
        "/s/staff/school-type/", b"x" * 1_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert respondent.check().url == "/s/staff/school-type/"


def test_front_page_lists_open_surveys_that_opted_in(make_survey):
    make_survey("seen", listed=True)
    make_survey("unseen")
    make_survey("later", opened=False, listed=True)
    assert [survey.slug for survey in Client().get("/").context["surveys"]] == ["seen"]


@pytest.mark.parametrize(("path", "known"), [("/s/staff/", False), ("/i/", False), ("/admin/", True)])
def test_who_is_signed_in_is_known_on_staffs_pages_alone(survey, admin_client, path, known):
    request = admin_client.get(path).wsgi_request
    assert [hasattr(request, name) for name in ("session", "user", "_messages")] == [known] * 3


def test_start_page_that_is_kept_tells_at_once_what_is_mended(survey, respondent):
    before = respondent.get().content.decode()
    Survey.objects.update(contact="The desk on the third floor")
    after = respondent.get().content.decode()
    assert ["The desk on the third floor" in page for page in (before, after)] == [False, True]
