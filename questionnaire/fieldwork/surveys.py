"""Creates and opens surveys. Each move is lawful or refused with the reason, and is recorded."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire import audit, registry, sealing
from questionnaire.fieldwork import breakdowns, preflight
from questionnaire.fieldwork.preflight import TOLD, not_stated
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey

__all__ = [
    "TOLD",
    "Refused",
    "abandon",
    "check_settings",
    "create",
    "destroy_key",
    "destroy_unopened",
    "locked",
    "not_stated",
    "open_survey",
    "purge",
    "too_few",
    "try_to_destroy_key",
]
log = logging.getLogger(__name__)


def create(*, actor: str, declared: dict | None = None, **fields: str | bool) -> Survey:
    """Create a draft survey from the model's fields. Refused where a field is missing, wrong or taken.

    `declared` are its breakdowns, as `breakdowns.read_toml` reads them.
    """
    survey = Survey(**fields)
    check_settings(survey)
    with transaction.atomic():
        survey.save()
        breakdowns.declare(survey, declared or {})
        audit.record(
            actor=actor,
            action="created",
            survey=survey.slug,
            kind=survey.kind,
            policy=survey.policy,
            origin=survey.origin,
            not_stated=not_stated(survey),
        )
    return survey


def check_settings(survey: Survey) -> None:
    """Refused, with every fault in one message, unless the survey's fields are right."""
    faults = []
    if survey.pk and survey.invitations.exists() and not Survey.objects.filter(pk=survey.pk, kind=survey.kind).exists():
        faults.append(_("kind: people are invited, and were told another: it is chosen before the first invitation"))
    try:
        survey.full_clean()
    except ValidationError as error:
        faults += [
            f"{name}: {message}" if name != "__all__" else message
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    try:
        imputations = {option.code for option in registry.get_key(survey.standard).setting("imputation").options}
    except LookupError:
        known = ", ".join(standard.key for standard in registry.all_standards())
        faults.append(
            _("standard: “%(key)s” is not installed; there is: %(known)s") % {"key": survey.standard, "known": known}
        )
    else:
        if survey.imputation not in imputations:
            faults.append(_("imputation: choose one of %s") % ", ".join(sorted(imputations)))
    if faults:
        raise Refused("\n".join(faults))


def open_survey(
    slug: str,
    *,
    actor: str,
    public_key: bytes | None = None,
    strictly: bool = False,
    at: datetime | None = None,
) -> Survey:
    """Open a draft: make its key, and take answers from now on. Refused in any other state.

    Where the owner keeps the key, `public_key` is the public half of theirs, and only there. What preflight requires
    is recorded where it is not mended; `strictly`, as from the dashboard, it is refused. `at` is the time of opening
    that is told, for a made-up survey of an earlier year; otherwise now.
    """
    with transaction.atomic():
        survey = locked(slug)
        if survey.origin != Survey.Origin.WEB:
            raise Refused(_("“%s” holds answers collected earlier: it is never opened. Use import_responses.") % slug)
        if survey.state != Survey.State.DRAFT:
            raise Refused(
                _("“%(slug)s” is %(state)s: only a draft can be opened.") % {"slug": slug, "state": survey.state}
            )
        if told := [str(fault) for fault in breakdowns.faults(survey)]:
            raise Refused("\n".join(told))
        missing = preflight.required(survey)
        if strictly and missing:
            raise Refused("\n".join(finding.sentence for finding in missing))
        survey.public_key = _key(survey, public_key)
        survey.state = Survey.State.OPEN
        survey.opened_at = at or timezone.now()
        survey.save(update_fields=["public_key", "state", "opened_at"])
        audit.record(
            actor=actor,
            action="opened",
            survey=slug,
            custody=survey.custody,
            not_stated=not_stated(survey),
            not_mended=[each.field_or_page for each in missing if each.field_or_page not in TOLD],
        )
    return survey


def _key(survey: Survey, public_key: bytes | None) -> bytes:
    """The public half under which answers will be sealed."""
    if survey.custody == Survey.Custody.SERVICE:
        if public_key is not None:
            raise Refused(_("“%s” has its key in this service’s key store: bring none.") % survey.slug)
        try:
            return sealing.make_key()
        except OSError as error:
            raise Refused(_("The key store cannot be written: %s. Nothing was opened.") % error.strerror) from error
    if public_key is None:
        raise Refused(
            _("The owner of “%s” keeps its key: make a pair with make_key, offline, and bring the public half.")
            % survey.slug
        )
    if Survey.objects.filter(public_key=public_key).exists():
        raise Refused(_("This key belongs to another survey: make a fresh pair for each."))
    return public_key


def abandon(slug: str, *, actor: str) -> None:
    """Destroy, unread, all that a stopped survey holds where too few answered for any result. Else Refused."""
    with transaction.atomic():
        survey = locked(slug)
        if survey.state != Survey.State.STOPPED:
            raise Refused(_("“%s” is not stopped: only a stopped survey can be abandoned.") % slug)
        if not too_few(survey):
            raise Refused(_("Enough people answered “%s” for results: close it.") % slug)
        _destroy(survey, actor=actor, action="abandoned")
    try_to_destroy_key(survey, actor=actor)


def too_few(survey: Survey) -> bool:
    """Whether fewer people answered than any result needs; of a survey that takes no more answers."""
    return survey.sealedresponse_set.exclude(sealed=b"").count() < survey.minimum_responses


def purge(slug: str, *, actor: str) -> None:
    """Destroy what is kept of a closed survey: its counts and, where it is linked, its answers and invitations.

    What was released stays. Refused before closing.
    """
    with transaction.atomic():
        survey = locked(slug)
        if survey.state not in (Survey.State.CLOSED, Survey.State.RELEASED):
            raise Refused(
                _("“%(slug)s” is %(state)s: only a closed survey can be purged.")
                % {"slug": slug, "state": survey.state}
            )
        _destroy(survey, actor=actor, action="purged")
    try_to_destroy_key(survey, actor=actor)


def destroy_unopened(slug: str, *, actor: str) -> None:
    """Destroy the answers of a stopped survey whose key was not brought in time. Refused before then."""
    with transaction.atomic():
        survey = locked(slug)
        due = survey.unopened_until
        if survey.state != Survey.State.STOPPED or due is None or timezone.now() < due:
            raise Refused(_("The answers of “%s” may still be opened.") % slug)
        _destroy(survey, actor=actor, action="destroyed unopened")
    try_to_destroy_key(survey, actor=actor)


def _destroy(survey: Survey, *, actor: str, action: str) -> None:
    for rows in (
        survey.sealedresponse_set,
        survey.linkedresponse_set,
        survey.invitations,
        survey.answerpattern_set,
        survey.groupcount_set,
        survey.mergedgroup_set,
    ):
        rows.all().delete()
    survey.state = Survey.State.PURGED
    survey.purged_at = timezone.now()
    survey.save(update_fields=["state", "purged_at"])
    audit.record(actor=actor, action=action, survey=survey.slug)


def destroy_key(survey: Survey, *, actor: str) -> None:
    """Destroy the private half. OSError where the key store does not let it be. An owner's own half was never here."""
    if survey.public_key and survey.custody == Survey.Custody.SERVICE and sealing.destroy_key(survey.public_key):
        audit.record(actor=actor, action="key destroyed", survey=survey.slug)


def try_to_destroy_key(survey: Survey, *, actor: str) -> None:
    """Destroy the private half once the rest is committed, or log why not: `destroy_due` repeats it until it is so."""
    try:
        destroy_key(survey, actor=actor)
    except OSError as error:
        log.error("The key of %s could not be destroyed yet: %s", survey.slug, error.strerror)


def locked(slug: str) -> Survey:
    """The survey, locked until the transaction ends. Refused where there is none of that name."""
    try:
        return Survey.objects.select_for_update().get(slug=slug)
    except Survey.DoesNotExist:
        raise Refused(_("There is no survey “%s”.") % slug) from None
