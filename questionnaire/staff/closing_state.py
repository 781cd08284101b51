"""Says in words how the closing of a survey stands, and what can be done about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from questionnaire.fieldwork.jobs import closing_jobs
from questionnaire.fieldwork.progress import percent, seen
from questionnaire.fieldwork.workers import some_worker_lives
from questionnaire.models import AuditEntry, Survey


@dataclass(frozen=True)
class Standing:
    """How a closing stands: `state` and `detail` in words; whether it can be begun, whether it waits for a key."""

    state: str = ""
    detail: str = ""
    can_close: bool = False
    needs_key: bool = False


def standing(survey: Survey) -> Standing:
    """How the closing of this survey stands now."""
    match survey.state:
        case Survey.State.OPEN if survey.is_past_closing:
            return Standing(_("past its closing time: no more answers are taken"), _worker(survey), can_close=True)
        case Survey.State.OPEN:
            return Standing(can_close=True)
        case Survey.State.STOPPED:
            return _stopped(survey)
        case Survey.State.CLOSED | Survey.State.RELEASED:
            return Standing(_("closed"))
    return Standing()


def _stopped(survey: Survey) -> Standing:
    progress = seen(survey.pk)
    if progress:
        return Standing(_("closing, %s %%") % percent(*progress))
    if survey.custody == Survey.Custody.OWNER:
        return Standing(_("closed, not yet opened: the owner’s key is awaited"), needs_key=True)
    if closing_jobs(survey.pk):
        return Standing(_("waiting for a worker"), _worker(survey))
    return Standing(_("stopped: no more answers are taken, those given are still sealed"), _why(survey), can_close=True)


def _worker(survey: Survey) -> str:
    if some_worker_lives():
        return _("A worker takes it up within a minute or two.")
    return _(
        "No worker is running. Whoever operates this service starts one with “manage.py worker”, "
        "or closes this survey without one: “manage.py close_survey %s”."
    ) % (survey.slug)


def _why(survey: Survey) -> str:
    """Why the last closing was refused, if it was."""
    refusals = AuditEntry.objects.filter(survey=survey.slug, action="closing refused", at__gte=survey.stopped_at)
    last = refusals.order_by("id").last()
    return last.detail.get("why", "") if last else ""
