"""Closes a survey: first no more answers are taken, then the sealed ones become counts, then the key is destroyed.

Each of the three steps can be interrupted and run again: nothing is lost, and nothing is counted twice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire import audit, sealing
from questionnaire.engine.model import Standard
from questionnaire.engine.route import route
from questionnaire.fieldwork.surveys import Refused, locked
from questionnaire.models import AnswerPattern, SealedResponse, Survey

Progress = Callable[[Iterable, int], Iterable]
Pattern = tuple[str, str]  # mode, answers as canonical JSON


def close(slug: str, *, actor: str, progress: Progress = lambda rows, total: rows) -> int:
    """Close the survey, or finish a closing that was interrupted.

    Returns how many sealed rows could not be opened or held no whole interview, and so are not counted.
    `progress(rows, total)` may wrap the rows as they are opened. Refused where the survey was never open, or where
    the key store does not hold its key: then nothing is changed but that no more answers are taken.
    """
    _stop(slug, actor=actor)
    rejected = _count(slug, actor=actor, progress=progress)
    _destroy_key(slug, actor=actor)
    return rejected


def _stop(slug: str, *, actor: str) -> None:
    """Take no more answers. The update waits for every submission in flight, and those that come later see it."""
    with transaction.atomic():
        survey = locked(slug)
        if survey.state == Survey.State.DRAFT:
            raise Refused(_("“%s” is a draft: there is nothing to close.") % slug)
        if survey.state != Survey.State.OPEN:
            return
        survey.state = Survey.State.STOPPED
        survey.stopped_at = timezone.now()
        survey.save(update_fields=["state", "stopped_at"])
        audit.record(actor=actor, action="stopped", survey=slug)


@transaction.atomic
def _count(slug: str, *, actor: str, progress: Progress) -> int:
    """Open the seals and keep only how many gave exactly the same answers, in an order that tells no arrival."""
    survey = locked(slug)
    if survey.state != Survey.State.STOPPED:
        return 0
    try:
        opener = sealing.opener(survey.public_key)
    except sealing.KeyMissing as error:
        raise Refused(
            _("The answers of “%(slug)s” cannot be opened. %(why)s") % {"slug": slug, "why": error}
        ) from error
    rows = SealedResponse.objects.filter(survey=survey).exclude(sealed=b"")
    counts: Counter[Pattern] = Counter()
    rejected = 0
    for sealed in progress(rows.values_list("sealed", flat=True).iterator(chunk_size=1000), rows.count()):
        try:
            counts[_pattern(survey.definition, *opener.open(sealed))] += 1
        except sealing.CannotOpen:
            rejected += 1
    add_counts(survey, counts)
    SealedResponse.objects.filter(survey=survey).delete()
    survey.state = Survey.State.CLOSED
    survey.save(update_fields=["state"])
    audit.record(actor=actor, action="closed", survey=slug, rejected=rejected)
    return rejected


def add_counts(survey: Survey, counts: Counter[Pattern]) -> None:
    """Add to the survey's counts: one row for each pattern, written in canonical order."""
    known = {(row.mode, canonical(row.answers)): row for row in AnswerPattern.objects.filter(survey=survey)}
    AnswerPattern.objects.filter(survey=survey).delete()
    total = counts + Counter({pattern: row.n for pattern, row in known.items()})
    AnswerPattern.objects.bulk_create(
        [
            AnswerPattern(survey=survey, mode=mode, answers=json.loads(answers), n=n)
            for (mode, answers), n in sorted(total.items())
        ],
        batch_size=2000,
    )


def canonical(answers: dict[str, str]) -> str:
    """The one way in which a pattern is written down."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":"))


def _pattern(standard: Standard, mode: str, answers: dict[str, str]) -> Pattern:
    """The pattern of a whole interview; CannotOpen where the answers are not one."""
    try:
        walked = route(standard, mode, answers)
    except (LookupError, TypeError) as error:
        raise sealing.CannotOpen from error
    if not walked.complete or walked.answers != answers:
        raise sealing.CannotOpen
    return mode, canonical(answers)


def _destroy_key(slug: str, *, actor: str) -> None:
    """Destroy the private key: only after the counts are committed, and again until it is true."""
    survey = Survey.objects.get(slug=slug)
    if survey.public_key and sealing.destroy_key(survey.public_key):
        audit.record(actor=actor, action="key destroyed", survey=slug)
