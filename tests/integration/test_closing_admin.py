"""Closing from the staff site: what the pages say, who may press the button, and what becomes of an owner's key."""

import logging
import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.html import escape
from django.views.debug import ExceptionReporter
from procrastinate.contrib.django.models import ProcrastinateJob

from questionnaire import audit, key_text, sealing
from questionnaire.fieldwork import closing, jobs, workers
from questionnaire.fieldwork.progress import telling
from questionnaire.models import AnswerPattern, Survey
from questionnaire.staff import closing_views
from questionnaire.staff.closing_state import Standing
from tests.integration.test_closing import respond
from tests.integration.test_jobs import of_an_owner
from tests.integration.test_surveys_admin import page_of, recorded, signed_in, told
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db
OTHER = key_text.write(key_text.PRIVATE, b"^" * 32)


@pytest.fixture(autouse=True)
def empty_queue(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def keeper(db):
    return signed_in("view_survey", "change_survey")


@pytest.fixture
def owned(make_survey) -> tuple[Survey, bytes]:
    """A survey with two answers whose owner keeps the private key, and that key."""
    survey, private = of_an_owner(make_survey)
    for answers in (EMPLOYEE, BURSARY):
        respond(survey, answers)
    return survey, private


def answered(survey: Survey) -> None:
    """As many answer as a result needs."""
    for _person in range(survey.minimum_responses):
        respond(survey, EMPLOYEE)


def a_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def seen_on(client, survey: Survey) -> tuple[str, str, list[str]]:
    """What the survey's page says of its closing (how it stands, what more), and the buttons beside."""
    page = BeautifulSoup(client.get(page_of(survey)).content, "html.parser")
    says = [" ".join(each.get_text().split()) for each in page.select(".closing-state p")]
    standing = says[0].removeprefix("How the closing stands: ") if says else ""
    tools = [each.get_text(strip=True) for each in page.select(".object-tools a")]
    return standing, " ".join(says[1:]), [tool for tool in tools if tool in ("Close", "Bring the key")]


def state(survey: Survey) -> str:
    return Survey.objects.get(pk=survey.pk).state


def counted() -> int:
    return sum(AnswerPattern.objects.values_list("n", flat=True))


# ------------------------------------------------------------------------------------------------- the page before


def test_looking_at_what_closing_does_changes_nothing(keeper, survey):
    assert keeper.get(page_of(survey, "close")).status_code == 200
    assert (state(survey), ProcrastinateJob.objects.count()) == ("open", 0)


def test_page_before_says_that_it_cannot_be_undone_and_whose_key_it_is(keeper, make_survey):
    surveys = [make_survey("service"), of_an_owner(make_survey, "owner")[0]]
    pages = [keeper.get(page_of(survey, "close")).content.decode() for survey in surveys]
    said = [
        [sentence in page for sentence in ("This cannot be undone", "is destroyed", "owner keeps the key", "90 days")]
        for page in pages
    ]
    assert said == [[True, True, False, False], [True, False, True, True]]


@pytest.mark.parametrize("permissions", [[], ["view_survey"], ["view_survey", "add_survey", "delete_survey"]])
@pytest.mark.parametrize("method", ["get", "post"])
def test_closing_without_the_permission_to_change_is_refused(survey, permissions, method):
    client = signed_in(*permissions)
    assert getattr(client, method)(page_of(survey, "close")).status_code == 403
    assert state(survey) == "open"


def test_page_of_a_survey_that_may_only_be_looked_at_has_no_close_button(survey):
    assert seen_on(signed_in("view_survey"), survey) == ("", "", [])


@pytest.mark.parametrize("place", ["0", "x", "99999999999999999999", "%00"])
def test_closing_a_survey_that_is_none_leads_back_to_the_staff_page(keeper, place):
    assert keeper.post(f"/admin/questionnaire/survey/{place}/close/").url == "/admin/"


def test_draft_has_no_close_button_and_closing_it_says_why(keeper, make_survey):
    survey = make_survey(opened=False)
    assert seen_on(keeper, survey) == ("", "", [])
    assert told(keeper.post(page_of(survey, "close"), follow=True)) == ["There is nothing to close."]
    assert state(survey) == "draft"


# ------------------------------------------------------------------------------------------------------- the button


def test_close_button_stops_the_survey_at_once_and_queues_the_rest(keeper, survey):
    answered(survey)
    assert seen_on(keeper, survey) == ("", "", ["Close"])
    response = keeper.post(page_of(survey, "close"), follow=True)
    assert (told(response), state(survey)) == (["“Staff survey” takes no more answers."], "stopped")
    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("close_survey", "todo")]
    assert recorded() == [("someone", "stopped", "staff")]


def without_its_key(settings) -> str:
    (key,) = settings.KEY_STORE.iterdir()
    key.unlink()
    return f"The answers of “staff” cannot be opened. {settings.KEY_STORE} does not hold this survey’s key."


def with_another_key(settings) -> str:
    (key,) = settings.KEY_STORE.iterdir()
    key.write_bytes(b"k" * 32)
    return f"The answers of “staff” cannot be opened. The file in {settings.KEY_STORE} is not this survey’s key."


STILL_OPEN = (
    "It was not stopped: it takes answers until its closing time. Bring the key back first; if it is lost for good, "
    "end the survey by its closing time."
)


@pytest.mark.parametrize("spoil", [without_its_key, with_another_key])
def test_close_button_of_a_survey_that_could_not_be_opened_says_so_and_stops_nothing(keeper, survey, settings, spoil):
    answered(survey)
    why = spoil(settings)
    response = keeper.post(page_of(survey, "close"), follow=True)
    assert (told(response), state(survey)) == ([why, STILL_OPEN], "open")
    assert (ProcrastinateJob.objects.count(), recorded()) == (0, [])


def test_close_button_of_a_stopped_survey_without_its_key_says_so_and_queues_nothing(keeper, survey, settings):
    closing.stop("staff", actor="test")
    why = without_its_key(settings)
    assert told(keeper.post(page_of(survey, "close"), follow=True)) == [why]
    assert ProcrastinateJob.objects.count() == 0


def test_closing_pressed_twice_is_queued_once(keeper, survey):
    answered(survey)
    keeper.post(page_of(survey, "close"))
    response = keeper.post(page_of(survey, "close"), follow=True)
    assert (told(response)[-1], ProcrastinateJob.objects.count()) == ("Waiting for a worker", 1)


def test_close_button_counts_nothing_where_too_few_answered_until_someone_decides(keeper, survey):
    respond(survey, EMPLOYEE)
    keeper.post(page_of(survey, "close"))
    assert (state(survey), ProcrastinateJob.objects.count(), counted()) == ("stopped", 0, 0)
    assert seen_on(keeper, survey) == (
        "stopped: no more answers are taken, those given are still sealed",
        "Fewer than 10 people answered, too few for any result. Either press Abandon, and their answers are destroyed "
        "unread; or press Close, and they are counted.",
        ["Close"],
    )
    keeper.post(page_of(survey, "close"))
    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("close_survey", "todo")]


@pytest.mark.django_db(transaction=True)
def test_closing_by_the_button_is_finished_by_a_worker(keeper, survey):
    answered(survey)
    keeper.post(page_of(survey, "close"))
    workers.work(wait=False)
    assert (seen_on(keeper, survey), counted()) == (("closed", "", []), 10)
    assert [action for _actor, action, _survey in recorded()] == ["stopped", "closed", "key destroyed"]


def test_closing_that_waits_says_what_an_operator_must_do_where_no_worker_runs(keeper, survey):
    answered(survey)
    keeper.post(page_of(survey, "close"))
    without = seen_on(keeper, survey)
    a_worker()
    assert (without, seen_on(keeper, survey)) == (
        (
            "waiting for a worker",
            "No worker is running. Whoever operates this service starts one with “manage.py worker”, "
            "or closes this survey without one: “manage.py close_survey staff”.",
            [],
        ),
        ("waiting for a worker", "A worker takes it up within a minute or two.", []),
    )


def test_closing_that_was_refused_says_why_and_can_be_begun_again(keeper, survey):
    closing.stop("staff", actor="test")
    audit.record(actor="someone", action="closing refused", survey="staff", why="The key is away.")
    assert seen_on(keeper, survey) == (
        "stopped: no more answers are taken, those given are still sealed",
        "The key is away.",
        ["Close"],
    )
    keeper.post(page_of(survey, "close"))
    assert jobs.closing_jobs(survey.pk) == ["todo"]


@pytest.mark.django_db(transaction=True)
def test_closing_under_way_shows_per_cent_in_steps_of_five_and_no_number(keeper, survey):
    closing.stop("staff", actor="test")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [f"closing {survey.pk} 7777/17777"])
        shown = seen_on(keeper, survey)
        page = keeper.get(page_of(survey)).content.decode()
        cursor.execute("RESET application_name")  # the pool lends the connection again
    other.close()
    assert shown == ("closing, 40 %", "", [])
    assert re.findall(r"7[,.]?777", page) == []


def test_survey_past_its_closing_time_says_so(keeper, survey):
    Survey.objects.update(closes_at=survey.opened_at)
    a_worker()
    assert seen_on(keeper, survey) == (
        "past its closing time: no more answers are taken",
        "A worker takes it up within a minute or two.",
        ["Close"],
    )


# ------------------------------------------------------------------------------------------------ the key of an owner


def test_survey_whose_owner_keeps_the_key_is_stopped_and_no_job_is_queued(keeper, owned):
    survey, _private = owned
    keeper.post(page_of(survey, "close"))
    assert (state(survey), ProcrastinateJob.objects.count()) == ("stopped", 0)
    assert seen_on(keeper, survey) == ("closed, not yet opened: the owner’s key is awaited", "", ["Bring the key"])


@pytest.mark.parametrize("how", ["pasted", "pasted with spaces around it", "chosen as a file"])
def test_key_that_its_owner_brings_opens_the_answers(keeper, owned, how):
    survey, private = owned
    keeper.post(page_of(survey, "close"))
    text = key_text.write(key_text.PRIVATE, private)
    form = {
        "pasted": {"key": text},
        "pasted with spaces around it": {"key": f"\r\n {text} \r\n"},
        "chosen as a file": {"key_file": SimpleUploadedFile("staff.key", text.encode())},
    }[how]
    response = keeper.post(page_of(survey, "close"), form, follow=True)
    assert (told(response)[-1], state(survey), counted()) == (
        "“Staff survey” is closed: its answers are counted.",
        "closed",
        2,
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Paste the private key or choose its file: one of the two."),
        ({"key": OTHER}, "The answers of “staff” cannot be opened. The key that was brought is not this survey’s."),
        ({"key": "keys of other kinds"}, "This is no key; a private half reads “private-…-…”."),
        ({"key": OTHER[:-5]}, "This is no key; a private half reads “private-…-…”."),
        ({"key": OTHER[:-1] + "x"}, "This key is damaged: a character is wrong or missing. Copy it again."),
        ({"key": "é\0" * 9}, "Null characters are not allowed."),
        ({"key": "5e" * 5000}, "Ensure this value has at most 4096 characters (it has 10000)."),
        ({"key_file": b""}, "The submitted file is empty."),
        ({"key_file": b"\xff\xfe" * 32}, "This file is no text, so it is no key."),
        ({"key_file": b"5e" * 50_000}, "This is no key; a private half reads “private-…-…”."),
        ({"key": "5e" * 32, "key_file": b"5e" * 32}, "Paste the private key or choose its file: one of the two."),
    ],
)
def test_key_that_does_not_fit_is_refused_in_words_and_opens_nothing(keeper, owned, form, said):
    survey, _private = owned
    keeper.post(page_of(survey, "close"))
    files = {name: SimpleUploadedFile("a.key", each) for name, each in form.items() if isinstance(each, bytes)}
    page = BeautifulSoup(keeper.post(page_of(survey, "close"), {**form, **files}).content, "html.parser")
    errors = [each.get_text() for each in page.select(".errorlist li")]
    assert ([error[: len(said)] for error in errors], state(survey), counted()) == ([said], "stopped", 0)


def test_key_of_another_is_refused_before_anything_is_stopped(keeper, owned, monkeypatch):
    """The form is shown where a survey is stopped; it may not be what stops one that is open by then."""
    survey, _private = owned
    monkeypatch.setattr(closing_views, "standing", lambda survey: Standing(needs_key=True))
    page = keeper.post(page_of(survey, "close"), {"key": OTHER})
    assert (page.status_code, state(survey), recorded()) == (200, "open", [])


def test_key_that_was_typed_is_not_shown_again(keeper, owned):
    survey, _private = owned
    keeper.post(page_of(survey, "close"))
    typed = OTHER
    response = keeper.post(page_of(survey, "close"), {"key": typed})
    assert (typed in response.content.decode(), response["Cache-Control"]) == (False, "no-store, private")


def fails(*args, **kwargs) -> None:
    raise RuntimeError("a fault in the midst of it")


def test_key_is_in_no_log_and_no_job_where_opening_fails(keeper, owned, caplog, monkeypatch):
    survey, private = owned
    keeper.post(page_of(survey, "close"))
    monkeypatch.setattr(sealing.Opener, "open", fails)
    with caplog.at_level(logging.DEBUG):
        response = keeper.post(page_of(survey, "close"), {"key": key_text.write(key_text.PRIVATE, private)})
    assert (response.status_code, state(survey)) == (500, "stopped")
    said = caplog.text + response.content.decode() + str(list(ProcrastinateJob.objects.values()))
    assert [form in said for form in (private.hex(), repr(private))] == [False, False]


def test_key_is_hidden_in_the_fullest_error_report(keeper, owned, monkeypatch):
    """Django's reports show what was posted, and the variables of every frame."""
    survey, private = owned
    keeper.post(page_of(survey, "close"))
    monkeypatch.setattr(sealing.Opener, "open", fails)
    keeper.raise_request_exception = True
    with pytest.raises(RuntimeError) as fault:
        keeper.post(page_of(survey, "close"), {"key": key_text.write(key_text.PRIVATE, private)})
    trace = fault.tb
    while trace.tb_frame.f_code.co_name != "close_view":  # the frames before are the test's own
        trace = trace.tb_next
    request = trace.tb_frame.f_locals["request"]
    report = ExceptionReporter(request, fault.type, fault.value, trace).get_traceback_html()
    assert ("fails" in report, "_with_key" in report) == (True, True)
    beginning = escape(repr(private[:8])[2:-1])  # reports break long values into lines
    assert [form in report for form in (private.hex(), beginning)] == [False, False]


def test_key_of_an_owner_shows_how_far_the_opening_is(keeper, owned):
    survey, _private = owned
    closing.stop(survey.slug, actor="test")
    with transaction.atomic():
        rows = iter(telling(survey)(range(10), 10))
        next(rows)
        assert seen_on(keeper, survey)[0] == "closing, 0 %"


def test_queue_has_no_pages_in_the_staff_site(db):
    client = signed_in(is_superuser=True)
    assert client.get("/admin/procrastinate/procrastinatejob/").status_code == 404
    assert "rocrastinate" not in client.get("/admin/").content.decode()
