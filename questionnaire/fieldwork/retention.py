"""Destroys what is due to be destroyed: unopened answers, counts past their day, keys that nothing needs any more."""

import logging

from django.utils import timezone

from questionnaire.fieldwork import surveys
from questionnaire.models import Survey

CLOCK = "its time limit"  # the actor of what nobody pressed
log = logging.getLogger(__name__)


def destroy_due() -> list[str]:
    """Destroy whatever is due now; the short names of the surveys of which something was. Harmless to call again."""
    done = []
    for survey in Survey.objects.filter(state=Survey.State.STOPPED):
        if survey.unopened_until <= timezone.now():
            done += _tried(surveys.destroy_unopened, survey)
    today = timezone.localdate()
    for survey in Survey.objects.filter(state__in=[Survey.State.CLOSED, Survey.State.RELEASED], counts_until__lt=today):
        done += _tried(surveys.purge, survey)
    for survey in Survey.objects.filter(state__in=[*_DONE]).exclude(public_key=None):
        surveys.destroy_key(survey, actor=CLOCK)
    return done


_DONE = (Survey.State.CLOSED, Survey.State.RELEASED, Survey.State.PURGED)


def _tried(destroy, survey: Survey) -> list[str]:
    """One that was moved meanwhile is left alone."""
    try:
        destroy(survey.slug, actor=CLOCK)
    except surveys.Refused as refusal:
        log.warning("%s", refusal)
        return []
    return [survey.slug]
