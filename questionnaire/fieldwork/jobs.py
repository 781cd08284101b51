"""What is done in the background: closing, by hand or by the clock, and taking up what a killed worker left behind.

Jobs carry ids only: the queue keeps their arguments, and an owner's key never is one.
"""

import logging

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status

from questionnaire import audit
from questionnaire.fieldwork import closing, retention, surveys
from questionnaire.fieldwork.progress import telling
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey

STALLED = 20  # seconds without a sign of life after which a worker's jobs are given to another
ATTEMPTS = 10  # a job that ends its worker each time is not begun for ever
CLOCK = "closing time"  # the actor of what nobody pressed a button for
EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "17 * * * *"
log = logging.getLogger(__name__)


def queue_closing(survey: Survey, user_id: int | None = None) -> None:
    """Have a worker close the survey, unless this is queued already; in the transaction that is open, if any."""
    if not closing_jobs(survey.pk):
        close_survey.configure(lock=f"close {survey.pk}").defer(survey_id=survey.pk, user_id=user_id)


@transaction.atomic
def end(survey: Survey, *, actor: str, user_id: int | None = None) -> bool:
    """Take no more answers, and have a worker close the survey; False where that waits for someone.

    For an owner, who keeps the key; or, where too few answered for any result, for whoever decides whether these few
    answers are counted or destroyed unread.
    """
    closing.stop(survey.slug, actor=actor)
    if survey.custody == Survey.Custody.OWNER or surveys.too_few(survey):
        return False
    queue_closing(survey, user_id)
    return True


def closing_jobs(survey_id: int) -> list[str]:
    """The states of the jobs that wait to close this survey ("todo"), or do so ("doing")."""
    jobs = ProcrastinateJob.objects.filter(task_name=close_survey.name, args__survey_id=survey_id)
    return list(jobs.filter(status__in=[Status.TODO.value, Status.DOING.value]).values_list("status", flat=True))


@app.task(name="close_survey", pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=30))
def close_survey(context: JobContext, survey_id: int, user_id: int | None) -> None:
    """Close a survey or finish its closing. What is refused is recorded, and not tried again by itself."""

    def stop_if_asked() -> None:
        if context.should_abort():  # the worker is to stop: another, or the next, begins again
            raise JobAborted

    survey = Survey.objects.filter(pk=survey_id).first()
    if survey is None:
        return
    actor = _name(user_id)
    try:
        closing.close(survey.slug, actor=actor, progress=telling(survey, pause=stop_if_asked))
    except Refused as refusal:
        audit.record(actor=actor, action="closing refused", survey=survey.slug, why=str(refusal))


def _name(user_id: int | None) -> str:
    if user_id is None:
        return CLOCK
    user = get_user_model().objects.filter(pk=user_id).first()
    return user.get_username() if user else f"account {user_id}, since deleted"


# Each periodic task is queued once at most, so that they do not pile up where no worker runs, and is not tried again:
# it comes again by itself.


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="close_due", queueing_lock="close_due")
def close_due(timestamp: int) -> None:
    """End every survey whose closing time has passed, and close it where nobody has to decide or bring anything."""
    for survey in Survey.objects.filter(state=Survey.State.OPEN, closes_at__lte=Now()):
        end(survey, actor=CLOCK)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="take_up_stalled", queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Put back into the queue what was being done by workers that show no sign of life any more."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        if job.queueing_lock:  # a periodic task
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
        elif job.attempts >= ATTEMPTS:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)


@app.periodic(cron=EVERY_HOUR)
@app.task(name="destroy_due", queueing_lock="destroy_due")
def destroy_due(timestamp: int) -> None:
    """Destroy what is due to be destroyed; what could not be is told, and is due again the next time."""
    _done, failed = retention.destroy_due()
    for failure in failed:
        log.error("%s", failure)
