"""Destroys what is due to be destroyed: unopened answers, counts past their day, keys that nothing needs any more."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questionnaire.fieldwork import surveys
from questionnaire.models import Survey

CLOCK = "its time limit"  # the actor of what nobody pressed
log = logging.getLogger(__name__)


def destroy_due() -> tuple[list[str], list[str]]:
    """Destroy whatever is due now. Harmless to call again; what could not be destroyed is then tried again.

    Returns the short names of the surveys of which something was destroyed and, in words, what could not be and why:
    one survey that fails does not hold up the others.
    """
    done, failed = [], []
    for destroy, survey in _due():
        try:
            destroy(survey.slug, actor=CLOCK)
        except surveys.Refused as refusal:  # it was moved meanwhile
            log.warning("%s", refusal)
        except Exception as fault:
            failed.append(_("What is due of “%(slug)s” could not be destroyed: %(why)s.") % _told(survey, fault))
        else:
            done.append(survey.slug)
    for survey in Survey.objects.filter(state__in=_DONE).exclude(public_key=None):
        try:
            surveys.destroy_key(survey, actor=CLOCK)
        except Exception as fault:
            failed.append(_("The key of “%(slug)s” could not be destroyed yet: %(why)s.") % _told(survey, fault))
    return done, failed


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


def _due() -> Iterator[tuple[Callable[..., None], Survey]]:
    """What is to be done now, and to which survey."""
    for survey in Survey.objects.filter(state=Survey.State.STOPPED):
        if survey.unopened_until is not None and survey.unopened_until <= timezone.now():
            yield surveys.destroy_unopened, survey
    today = timezone.localdate()
    for survey in Survey.objects.filter(state__in=[Survey.State.CLOSED, Survey.State.RELEASED], counts_until__lt=today):
        yield surveys.purge, survey


def _told(survey: Survey, fault: Exception) -> dict[str, str]:
    """Of which survey what failed, and why; never in a fault's own message, which may quote what was stored."""
    if isinstance(fault, OSError) and fault.strerror:
        why = fault.strerror
    elif isinstance(fault, DatabaseError):
        why = _("the database did not do it (%s)") % type(fault).__name__
    else:
        why = _("a fault in this service (%s)") % type(fault).__name__
    return {"slug": survey.slug, "why": why}
