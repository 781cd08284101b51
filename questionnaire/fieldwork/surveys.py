"""Creates and opens surveys. Each move is lawful or refused with the reason, and is recorded."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire import audit, registry, sealing
from questionnaire.models import Survey

# What respondents should read, and read as "not stated" where it is blank.
TOLD = (
    "organisation",
    "purpose",
    "signed_name",
    "contact",
    "controller",
    "lawful_basis",
    "data_protection_contact",
    "complaints_contact",
    "host",
    "address_source",
)


class Refused(Exception):
    """What was asked cannot be done; the message says why, in plain words."""


def create(*, actor: str, **fields: str | bool) -> Survey:
    """Create a draft survey from the model's fields. Refused where a field is missing, wrong or taken."""
    survey = Survey(**fields)
    check_settings(survey)
    with transaction.atomic():
        survey.save()
        audit.record(
            actor=actor,
            action="created",
            survey=survey.slug,
            policy=survey.policy,
            origin=survey.origin,
            not_stated=not_stated(survey),
        )
    return survey


def check_settings(survey: Survey) -> None:
    """Refused, with every fault in one message, unless the survey's fields are right."""
    faults = []
    try:
        survey.full_clean()
    except ValidationError as error:
        faults = [
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


def not_stated(survey: Survey) -> list[str]:
    """What respondents will read as “not stated”."""
    return [name for name in TOLD if not getattr(survey, name).strip()]


def open_survey(slug: str, *, actor: str) -> Survey:
    """Open a draft: make its key, and take answers from now on. Refused in any other state."""
    with transaction.atomic():
        survey = locked(slug)
        if survey.origin != Survey.Origin.WEB:
            raise Refused(_("“%s” holds answers collected earlier: it is never opened. Use import_responses.") % slug)
        if survey.state != Survey.State.DRAFT:
            raise Refused(
                _("“%(slug)s” is %(state)s: only a draft can be opened.") % {"slug": slug, "state": survey.state}
            )
        survey.public_key = sealing.make_key()
        survey.state = Survey.State.OPEN
        survey.opened_at = timezone.now()
        survey.save(update_fields=["public_key", "state", "opened_at"])
        audit.record(actor=actor, action="opened", survey=slug, not_stated=not_stated(survey))
    return survey


def locked(slug: str) -> Survey:
    """The survey, locked until the transaction ends. Refused where there is none of that name."""
    try:
        return Survey.objects.select_for_update().get(slug=slug)
    except Survey.DoesNotExist:
        raise Refused(_("There is no survey “%s”.") % slug) from None
