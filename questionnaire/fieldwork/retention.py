"""Destroys what is due to be destroyed: unopened answers, counts past their day, keys that nothing needs any more."""

import logging
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questionnaire.fieldwork import surveys
from questionnaire.models import Survey

CLOCK = "its time limit"  # the actor of what nobody pressed
log = logging.getLogger(__name__)


def destroy_due() -> list[str]:
    """Destroy whatever is due now; the short names of the surveys of which something was. Harmless to call again."""
    done = []
    for survey in Survey.objects.filter(state=Survey.State.STOPPED):
        if survey.unopened_until is not None and survey.unopened_until <= timezone.now():
            done += _tried(surveys.destroy_unopened, survey)
    today = timezone.localdate()
    for survey in Survey.objects.filter(state__in=[Survey.State.CLOSED, Survey.State.RELEASED], counts_until__lt=today):
        done += _tried(surveys.purge, survey)
    for survey in Survey.objects.filter(state__in=_DONE).exclude(public_key=None):
        surveys.destroy_key(survey, actor=CLOCK)
    return done


def told(survey: Survey) -> list[str]:
    """What is destroyed when, each in one sentence, as things stand now."""
    state = survey.state
    if state == Survey.State.PURGED:
        return [_("Answers and counts were destroyed on %s.") % _day(survey.purged_at)]
    sentences = []
    owners = survey.custody == Survey.Custody.OWNER
    if owners and state in (Survey.State.DRAFT, Survey.State.OPEN):
        sentences.append(
            _("Sealed answers will be destroyed unread %s days after the survey ends unless the key is brought.")
            % survey.unopened_days
        )
    if owners and state == Survey.State.STOPPED:
        sentences.append(
            _("Sealed answers will be destroyed on %s unless the key is brought.") % _day(survey.unopened_until)
        )
    day = survey.counts_until and date_format(survey.counts_until, "j F Y")
    if survey.is_linked:
        kept = _("Linked answers, invitations and counts will be destroyed after %s.")
        forever = _("Linked answers, invitations and counts are kept until someone destroys them.")
    else:
        kept, forever = (
            _("The counts will be destroyed after %s."),
            _("The counts are kept until someone destroys them."),
        )
    sentences.append(kept % day if day else forever)
    return [*sentences, _("What was released stays.")]


def _day(time: datetime | None) -> str:
    return date_format(timezone.localtime(time), "j F Y") if time else _("a day that is not recorded")


_DONE = (Survey.State.CLOSED, Survey.State.RELEASED, Survey.State.PURGED)


def _tried(destroy, survey: Survey) -> list[str]:
    """One that was moved meanwhile is left alone."""
    try:
        destroy(survey.slug, actor=CLOCK)
    except surveys.Refused as refusal:
        log.warning("%s", refusal)
        return []
    return [survey.slug]
