"""Closes a survey: first no more answers are taken, then the sealed ones become counts, then the key is destroyed.

Of a linked survey the answers themselves are kept as well, with the invitations.

Each of the three steps can be interrupted and run again: nothing is lost, and nothing is counted twice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire import audit, sealing
from questionnaire.engine.model import Standard
from questionnaire.engine.route import route
from questionnaire.fieldwork import surveys
from questionnaire.fieldwork.surveys import Refused, locked
from questionnaire.fieldwork.tally import Tally
from questionnaire.models import AnswerPattern, Invitation, LinkedResponse, SealedResponse, Survey

Progress = Callable[[Iterable, int], Iterable]
Pattern = tuple[str, str]  # mode, answers as canonical JSON


def close(
    slug: str,
    *,
    actor: str,
    key: bytes | None = None,
    progress: Progress = lambda rows, total: rows,
    at: datetime | None = None,
) -> int:
    """Close the survey, or finish a closing that was interrupted.

    Returns how many sealed rows could not be opened or held no whole interview, and so are not counted.
    `key` is the private half where the owner keeps it; it stays in memory. `progress(rows, total)` may wrap the rows as
    they are opened. `at` is as in `stop`. Refused where the survey was never open, or where the key is not there or is
    another: then nothing is changed but that no more answers are taken.
    """
    stop(slug, actor=actor, at=at)
    rejected = _count(slug, actor=actor, key=key, progress=progress)
    # Only after the counts are committed, and again until it is true.
    surveys.try_to_destroy_key(Survey.objects.get(slug=slug), actor=actor)
    return rejected


def check_key(slug: str, key: bytes | None = None) -> None:
    """Refused where the answers cannot be opened with this key, or with the one in the key store. Changes nothing.

    Asked before `stop`, so that a wrong key does not end a survey that people still answer.
    """
    survey = Survey.objects.filter(slug=slug, state__in=(Survey.State.OPEN, Survey.State.STOPPED)).first()
    if survey is not None:  # otherwise `close` says why there is nothing to open
        _opener(survey, key)


def stop(slug: str, *, actor: str, at: datetime | None = None) -> None:
    """Take no more answers. The update waits for every submission in flight, and those that come later see it.

    `at` is the time of the end that is told, for a made-up survey of an earlier year; otherwise now.
    """
    with transaction.atomic():
        survey = locked(slug)
        if survey.state == Survey.State.DRAFT:
            raise Refused(_("“%s” is a draft: there is nothing to close.") % slug)
        if survey.state != Survey.State.OPEN:
            return
        survey.state = Survey.State.STOPPED
        survey.stopped_at = at or timezone.now()
        survey.save(update_fields=["state", "stopped_at"])
        audit.record(actor=actor, action="stopped", survey=slug)


@transaction.atomic
def _count(slug: str, *, actor: str, key: bytes | None, progress: Progress) -> int:
    """Open the seals and keep only how many gave exactly the same answers, in an order that tells no arrival.

    Only where the survey is linked, which respondents were told, is each answer kept with its invitation too.
    """
    survey = locked(slug)
    if survey.state != Survey.State.STOPPED:
        return 0
    opener = _opener(survey, key)
    rows = _rows(survey)
    counts: Counter[Pattern] = Counter()
    tally = Tally(survey)
    linked: list[LinkedResponse] = []
    rejected = 0
    for sealed, number, invitation, groups in progress(rows.iterator(chunk_size=1000), rows.count()):
        try:
            mode, answers = opener.open(sealed)
            pattern = _pattern(survey.definition, mode, answers)
            if survey.is_linked:
                linked.append(_linked(survey, invitation, number, mode, answers))
        except sealing.CannotOpen:
            rejected += 1
            continue
        counts[pattern] += 1
        tally.add(pattern, answers, groups or {})
    add_counts(survey, counts)
    tally.write()
    LinkedResponse.objects.bulk_create(linked, batch_size=2000)
    SealedResponse.objects.filter(survey=survey).delete()
    survey.invited = survey.invitations.count() or None
    if not survey.is_linked:
        survey.invitations.all().delete()
    survey.state = Survey.State.CLOSED
    survey.save(update_fields=["state", "invited"])
    audit.record(actor=actor, action="closed", survey=slug, rejected=rejected)
    return rejected


def _opener(survey: Survey, key: bytes | None) -> sealing.Opener:
    """What opens the survey's answers: the key that was brought, or the one in the key store."""
    try:
        return sealing.opener(survey.public_key) if key is None else sealing.opener_with(survey.public_key, key)
    except sealing.KeyMissing as error:
        raise Refused(
            _("The answers of “%(slug)s” cannot be opened. %(why)s") % {"slug": survey.slug, "why": error}
        ) from error


def _rows(survey: Survey) -> QuerySet:
    """(sealed answers, number, invitation's id, groups by breakdown) of everyone who has not withdrawn.

    The last two are None for who was not invited.
    """
    invitation = Invitation.objects.filter(survey=survey, digest=OuterRef("key"))
    rows = SealedResponse.objects.filter(survey=survey).exclude(sealed=b"")
    of_invited = {"invitation": Subquery(invitation.values("pk")), "groups": Subquery(invitation.values("groups"))}
    return rows.annotate(**of_invited).values_list("sealed", "number", *of_invited)


def _linked(survey: Survey, invitation: int | None, number: int, mode: str, answers: dict[str, str]) -> LinkedResponse:
    """What is kept of one person. CannotOpen where nobody was invited: counts are later made of what is kept."""
    if invitation is None:
        raise sealing.CannotOpen
    return LinkedResponse(survey=survey, invitation_id=invitation, number=number, mode=mode, answers=answers)


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
