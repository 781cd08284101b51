"""Decides what keeps a survey from opening and what is unwise about it, each in one sentence with where to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire import registry
from questionnaire.fieldwork import advice, breakdowns
from questionnaire.fieldwork.grouping import would_show
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


@dataclass(frozen=True)
class Finding:
    """`field_or_page`: a field of the settings, "breakdowns", "invitations", "preview", or an address on the web."""

    required: bool
    sentence: str
    field_or_page: str


def findings(survey: Survey, shown: advice.Shown | None = None) -> list[Finding]:
    """All there is to say, what is required first. `shown` is what `would_show` says, where it is known already."""
    unwise = advice.given(survey, would_show(survey) if shown is None else shown) if _is_installed(survey) else ()
    return [*required(survey), *(Finding(False, sentence, at) for sentence, at in unwise)]


def required(survey: Survey) -> list[Finding]:
    """Without these the dashboard opens nothing; commands open with a warning, but for faults of breakdowns."""
    return [Finding(True, sentence, at) for sentence, at in _required(survey)]


def not_stated(survey: Survey) -> list[str]:
    """What respondents will read as “not stated”."""
    return [name for name in TOLD if not getattr(survey, name).strip()]


def _is_installed(survey: Survey) -> bool:
    return survey.standard in {standard.key for standard in registry.all_standards()}


def _required(survey: Survey) -> Iterator[tuple[str, str]]:
    for name in not_stated(survey):
        field = Survey._meta.get_field(name).verbose_name
        yield _("Respondents would read “not stated” for this: %s.") % field, name
    if survey.closes_at is None:
        yield _("No time is set at which the survey closes."), "closes_at"
    elif survey.is_past_closing:
        yield _("The time at which it closes is past."), "closes_at"
    if survey.counts_until and survey.closes_at and survey.counts_until <= survey.closes_at.date() + timedelta(days=1):
        yield _("The counts would be destroyed before anything could be made of them."), "counts_until"
    if survey.headcount is None:
        yield _("It is not said how many people are in scope."), "headcount"
    if survey.headcount_date is None:
        yield _("It is not said on which day the people in scope were counted."), "headcount_date"
    elif survey.headcount_date > timezone.localdate():
        yield _("The day on which the people in scope were counted is yet to come."), "headcount_date"
    if _is_installed(survey):
        yield from ((fault.sentence, "breakdowns") for fault in breakdowns.faults(survey))
    else:
        yield _("Its standard is not installed here."), "standard"
    if survey.access == Survey.Access.INVITED:
        yield from _required_of_invitations(survey)


def _required_of_invitations(survey: Survey) -> Iterator[tuple[str, str]]:
    invited = survey.invitations.count()
    if not invited:
        yield _("Only invited people may answer, and nobody is invited yet."), "invitations"
    elif survey.headcount is not None and survey.headcount < invited:
        yield (
            _("%(invited)s people are invited, which is more than the %(headcount)s in scope.")
            % {"invited": f"{invited:,}", "headcount": f"{survey.headcount:,}"},
            "headcount",
        )
