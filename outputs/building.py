"""Has releases built in the background, and says in words how that went."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from outputs.models import Building, Release
from questionnaire import selectors

TASK = "build_release"  # its name in the queue, which carries the building's id and nothing else
CAN_BE_RELEASED = ("closed", "released")


@dataclass(frozen=True)
class Course:
    """How the building of a survey's release stands: what the page says, and what it leads to.

    `release` is the number of the release that came of it. Under way, there is nothing to press but a link to look
    again. `asked_by` is blank where nobody has asked for a release yet.
    """

    survey: str
    title: str
    state: str
    detail: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    release: int | None = None
    under_way: bool = False
    can_build: bool = False


def ask(slug: str, *, actor: str) -> None:
    """Have a worker build the next release of a survey, unless this is under way. LookupError where there is none.

    Who asks twice at the same moment gets two buildings, one after the other: the second finds nothing changed.
    """
    survey = _survey(slug)
    last = _last(survey)
    if last is not None and not last.outcome and _job(last):
        return
    with transaction.atomic():
        building = Building.objects.create(survey_id=survey.id, actor=actor)
        app.configure_task(TASK, lock=f"build {survey.id}").defer(building_id=building.pk)


def course(slug: str) -> Course:
    """How it stands now. LookupError where there is no such survey."""
    survey = _survey(slug)
    last = _last(survey)
    can_build = survey.state in CAN_BE_RELEASED
    if last is None:
        return Course(slug, survey.title, *_not_yet(survey), can_build=can_build)
    job = "" if last.outcome else _job(last)
    return Course(
        slug,
        survey.title,
        *_told(last, job),
        asked_by=last.actor,
        asked_at=last.at,
        release=last.release and last.release.number,
        under_way=bool(job),
        can_build=can_build and not job,
    )


def _not_yet(survey: selectors.SurveyFacts) -> tuple[str, str]:
    if survey.state not in CAN_BE_RELEASED:
        return _("This survey is %s.") % survey.state, _("Only a closed survey can be released.")
    return _("No release has been asked for here yet."), ""


def _told(building: Building, job: str) -> tuple[str, str]:
    """What became of it, and what more there is to know."""
    match building.outcome:
        case Building.Outcome.BUILT:
            return _("Release %s is built.") % building.release.number, ""
        case Building.Outcome.UNCHANGED:
            return _("Nothing has changed since release %s.") % building.release.number, _unchanged(building.release)
        case Building.Outcome.REFUSED:
            return _("No release was built."), building.reason
    if job == Status.DOING.value:
        return _("The release is being built."), _("Small surveys take seconds, very large ones minutes.")
    if job:
        return _("The release waits for a worker."), _worker()
    return (
        _("The release was not built: something went wrong, and it is given up."),
        _("Nothing was stored. Whoever operates this service finds the fault in its log. You can try again."),
    )


def _unchanged(release: Release) -> str:
    if not hasattr(release, "withdrawal"):
        return _("It stands, and no other was built.")
    return _(
        "It is withdrawn, and from the same answers and settings the same figures would come: no other was built. "
        "Once what it is built from has changed, a new release can be."
    )


def _worker() -> str:
    if selectors.some_worker_lives():
        return _("A worker takes it up within a minute or two.")
    return _("No worker is running. Whoever operates this service starts one with “manage.py worker”.")


def _survey(slug: str) -> selectors.SurveyFacts:
    try:
        return selectors.survey_facts(slug)
    except ObjectDoesNotExist:
        raise LookupError(f"There is no survey called {slug}.") from None


def _last(survey: selectors.SurveyFacts) -> Building | None:
    return Building.objects.filter(survey_id=survey.id).select_related("release__withdrawal").first()


def _job(building: Building) -> str:
    """The state of the job that is to build it ("todo") or does so ("doing"); blank where there is none."""
    jobs = ProcrastinateJob.objects.filter(task_name=TASK, args__building_id=building.pk)
    return (
        jobs.filter(status__in=[Status.TODO.value, Status.DOING.value]).values_list("status", flat=True).first() or ""
    )
