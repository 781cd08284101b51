"""Work in the background, done by the real worker until nothing is left: closings, by hand and by the clock."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from questionnaire import sealing
from questionnaire.fieldwork import closing, jobs, surveys, workers
from questionnaire.fieldwork.progress import percent, seen, telling
from questionnaire.models import AnswerPattern, AuditEntry, SealedResponse, Survey
from tests.integration.test_closing import respond
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db(transaction=True)
NOW = 1_800_000_000  # when a periodic task was due, as the queue tells it


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    """The queue's tables are not Django's to empty. Nothing of the clock's own is left to meet a test either."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers CASCADE")
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def someone(db) -> User:
    return User.objects.create_user("someone")


def waiting() -> list[tuple[str, str]]:
    """(task, status) of each job in the queue, but those of the clock."""
    kept = ProcrastinateJob.objects.exclude(queueing_lock__isnull=False).order_by("id")
    return list(kept.values_list("task_name", "status"))


def recorded(actor: str) -> list[str]:
    return list(AuditEntry.objects.filter(actor=actor).values_list("action", flat=True))


def counted() -> int:
    return sum(AnswerPattern.objects.values_list("n", flat=True))


def state() -> str:
    return Survey.objects.get().state


# ----------------------------------------------------------------------------------------------------------- closing


def test_queued_closing_is_done_by_a_worker_in_the_name_of_who_asked(survey, someone):
    for answers in (EMPLOYEE, BURSARY, EMPLOYEE):
        respond(survey, answers)
    jobs.queue_closing(survey, someone.pk)
    workers.work(wait=False)
    assert (state(), counted(), waiting()) == ("closed", 3, [])
    assert recorded("someone") == ["stopped", "closed", "key destroyed"]


def test_closing_is_queued_once_however_often_it_is_asked_for(survey, someone):
    jobs.queue_closing(survey, someone.pk)
    jobs.queue_closing(survey)
    assert waiting() == [("close_survey", "todo")]


def test_job_holds_two_ids_and_nothing_else(survey, someone):
    jobs.queue_closing(survey, someone.pk)
    job = ProcrastinateJob.objects.get()
    assert (job.args, job.lock) == ({"survey_id": survey.pk, "user_id": someone.pk}, f"close {survey.pk}")


def test_refused_closing_is_recorded_and_not_tried_again(survey, someone, settings):
    (key,) = settings.KEY_STORE.iterdir()
    key.rename(key.with_suffix(".away"))
    jobs.queue_closing(survey, someone.pk)
    workers.work(wait=False)
    entry = AuditEntry.objects.get(action="closing refused")
    assert (entry.actor, entry.survey, waiting(), state()) == ("someone", "staff", [], "stopped")
    assert entry.detail == {
        "why": f"The answers of “staff” cannot be opened. {settings.KEY_STORE} does not hold this survey’s key."
    }


def test_refused_closing_can_be_queued_again_when_the_key_is_back(survey, settings):
    respond(survey, EMPLOYEE)
    (key,) = settings.KEY_STORE.iterdir()
    away = key.rename(key.with_suffix(".away"))
    jobs.queue_closing(survey)
    workers.work(wait=False)
    away.rename(key)
    jobs.queue_closing(survey)
    workers.work(wait=False)
    assert (state(), counted()) == ("closed", 1)


def test_closing_asked_for_by_an_account_that_is_deleted_meanwhile_is_done(survey, someone):
    number = someone.pk
    jobs.queue_closing(survey, number)
    someone.delete()
    workers.work(wait=False)
    assert (state(), recorded(f"account {number}, since deleted")[0]) == ("closed", "stopped")


def test_closing_of_a_survey_that_is_gone_is_no_fault(make_survey):
    survey = make_survey(opened=False)
    jobs.queue_closing(survey)
    survey.delete()
    workers.work(wait=False)
    assert waiting() == []


def test_fault_in_a_closing_is_tried_again_later_and_tells_no_argument(survey, someone, settings, capfd):
    settings.KEY_STORE.chmod(0o700)
    (key,) = settings.KEY_STORE.iterdir()
    key.unlink()
    key.mkdir()  # where a file should be
    jobs.queue_closing(survey, someone.pk)
    workers.work(wait=False)
    job = ProcrastinateJob.objects.get(task_name="close_survey")
    assert (job.status, job.attempts, job.scheduled_at > timezone.now()) == ("todo", 1, True)
    assert "survey_id=" not in capfd.readouterr().err


# --------------------------------------------------------------------------------------------------------- the clock


def of_an_owner(make_survey, slug: str = "staff") -> tuple[Survey, bytes]:
    """An open survey whose owner keeps the private key, and that key."""
    make_survey(slug, custody="owner", opened=False)
    public, private = sealing.key_pair()
    return surveys.open_survey(slug, actor="test", public_key=public), private


def due(make_survey, slug: str) -> Survey:
    """A survey whose closing time has passed since it was opened."""
    survey = make_survey(slug)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    return survey


def test_survey_past_its_closing_time_is_closed_by_the_clock(make_survey):
    survey = make_survey()
    respond(survey, EMPLOYEE)
    Survey.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    jobs.close_due.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)  # what the first queued as its last
    assert (state(), counted()) == ("closed", 1)
    assert recorded("closing time") == ["stopped", "closed", "key destroyed"]


def test_survey_before_its_closing_time_or_without_one_stays_open(make_survey):
    make_survey("first")
    make_survey("second", closes_at=timezone.now() + timedelta(hours=1))
    jobs.close_due.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)
    assert set(Survey.objects.values_list("state", flat=True)) == {"open"}


def test_survey_whose_owner_keeps_the_key_is_only_stopped_by_the_clock(make_survey):
    survey, _private = of_an_owner(make_survey)
    Survey.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    jobs.close_due.defer(timestamp=NOW)
    workers.work(wait=False)
    assert (state(), waiting(), recorded("closing time")) == ("stopped", [], ["stopped"])
    assert jobs.closing_jobs(survey.pk) == []


def test_one_survey_that_cannot_be_closed_does_not_hold_up_another(make_survey, settings):
    due(make_survey, "first")
    (key,) = settings.KEY_STORE.iterdir()
    key.unlink()
    due(make_survey, "second")
    jobs.close_due.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)
    states = dict(Survey.objects.values_list("slug", "state"))
    done = AuditEntry.objects.filter(actor="closing time")
    steps = {slug: list(done.filter(survey=slug).values_list("action", flat=True)) for slug in states}
    assert states == {"first": "stopped", "second": "closed"}
    assert steps == {"first": ["stopped", "closing refused"], "second": ["stopped", "closed", "key destroyed"]}


# ----------------------------------------------------------------------------------------------- what a kill leaves


def left_by_a_killed_worker(task: str, seconds: int) -> int:
    """Mark the jobs of this task as being done by a worker that gave no sign of life for so long; its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s') RETURNING id",
            [seconds],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = %s", [worker, task]
        )
    return worker


def test_closing_of_a_worker_that_was_killed_is_taken_up(survey):
    respond(survey, EMPLOYEE)
    jobs.queue_closing(survey)
    left_by_a_killed_worker("close_survey", seconds=jobs.STALLED + 1)
    jobs.take_up_stalled.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)
    assert (state(), counted(), waiting()) == ("closed", 1, [])


def test_closing_of_a_worker_that_lives_is_left_to_it(survey):
    jobs.queue_closing(survey)
    left_by_a_killed_worker("close_survey", seconds=1)
    jobs.take_up_stalled.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)
    assert (state(), waiting()) == ("open", [("close_survey", "doing")])


def test_closing_that_ended_its_worker_ten_times_is_given_up(survey):
    jobs.queue_closing(survey)
    left_by_a_killed_worker("close_survey", seconds=jobs.STALLED + 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [jobs.ATTEMPTS])
    jobs.take_up_stalled.defer(timestamp=NOW)
    workers.work(wait=False)
    assert (state(), waiting(), jobs.closing_jobs(survey.pk)) == ("open", [("close_survey", "failed")], [])


def test_periodic_task_of_a_worker_that_was_killed_is_dropped(survey):
    jobs.close_due.defer(timestamp=NOW)
    left_by_a_killed_worker("close_due", seconds=jobs.STALLED + 1)
    jobs.take_up_stalled.defer(timestamp=NOW)
    workers.work(wait=False)
    assert not ProcrastinateJob.objects.filter(args__timestamp=NOW).exists()


# ---------------------------------------------------------------------------------------------------------- progress


def test_progress_is_seen_from_another_connection_and_ends_with_the_transaction(survey):
    other = connection.copy()

    def told() -> list[str]:
        with other.cursor() as cursor:
            cursor.execute("SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'closing %%'")
            return [name for (name,) in cursor.fetchall()]

    with transaction.atomic():
        seen_on_the_way = [told() for _row in telling(survey)(range(2500), 2500)]
    after = told()
    other.close()
    steps = [f"closing {survey.pk} {done}/2500" for done in (0, 1000, 2000)]
    assert [name for (name,) in dict.fromkeys(map(tuple, seen_on_the_way))] == steps
    assert after == []


def test_progress_ends_with_a_closing_that_fails(survey):
    def failing() -> None:
        with transaction.atomic():
            for row in telling(survey)(range(3), 3):
                row / 0

    with pytest.raises(ZeroDivisionError):
        failing()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name')")
        assert cursor.fetchone() == ("",)
    assert seen(survey.pk) is None


def test_progress_of_one_survey_is_not_that_of_another(survey, make_survey):
    other = make_survey("other")
    with transaction.atomic():
        rows = telling(survey)(range(1500), 1500)
        for _number in range(1001):
            next(iter(rows))
        assert (seen(survey.pk), seen(other.pk)) == ((1000, 1500), None)


@pytest.mark.parametrize(
    ("done", "total", "shown"), [(0, 0, 0), (0, 17, 0), (1000, 17_000, 5), (17, 17, 100), (999, 1000, 95)]
)
def test_percent_is_rounded_down_to_five(done, total, shown):
    assert percent(done, total) == shown


def test_worker_that_works_is_told_from_one_that_was_killed(db):
    before = workers.some_worker_lives()
    left_by_a_killed_worker("none", seconds=jobs.STALLED + 1)
    killed = workers.some_worker_lives()
    left_by_a_killed_worker("none", seconds=1)
    assert (before, killed, workers.some_worker_lives()) == (False, False, True)


def test_closing_that_its_worker_must_leave_is_begun_again_and_loses_nothing(survey):
    """The worker that is to stop asks: the closing gives up between two rows, and nothing is written."""
    for answers in (EMPLOYEE, BURSARY):
        respond(survey, answers)

    class Left(Exception):
        pass

    def leave() -> None:
        raise Left

    with pytest.raises(Left):
        closing.close("staff", actor="test", progress=telling(survey, pause=leave))
    assert (SealedResponse.objects.count(), counted(), state()) == (2, 0, "stopped")
    assert sealing.opener(survey.public_key) is not None
    closing.close("staff", actor="test")
    assert counted() == 2
