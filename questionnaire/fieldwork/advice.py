"""Decides what is unwise about a draft, and what its owner should know before it opens; nothing of it forbids."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire.fieldwork.grouping import Grouping
from questionnaire.merging import Merged
from questionnaire.models import Survey

STALE = timedelta(days=365)  # people in scope who were counted longer ago are others by now
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=92)
MOST_NAMED = 8

Shown = Iterable[tuple[Grouping, list[Merged]]]  # as `would_show` has it
Advice = tuple[str, str]  # a sentence, and the field or page where it is acted on


def given(survey: Survey, shown: Shown) -> Iterator[Advice]:
    """Each piece of advice that this survey gives reason for."""
    yield from _on_times(survey)
    yield from _on_people(survey)
    yield from _on_links(survey)
    yield from _on_groups(survey, shown)
    yield from _on_trust(survey)
    yield from _on_the_standard(survey)


def _on_times(survey: Survey) -> Iterator[Advice]:
    if survey.closes_at and not survey.is_past_closing:
        lasts = survey.closes_at - max(survey.opens_at or timezone.now(), timezone.now())
        if lasts < SHORTEST:
            yield _("It closes in less than a week: people who are away miss it."), "closes_at"
        if lasts > LONGEST:
            yield (
                _("It stays open for more than three months: the people in scope change, and answers wait unseen."),
                "closes_at",
            )
    if survey.counts_until is None:
        yield _("No day is set on which the counts are destroyed: they are kept until someone does."), "counts_until"
    if survey.backup_days is None:
        yield _("It is not stated for how long backups are kept, so respondents are not told."), "backup_days"
    if survey.custody == Survey.Custody.OWNER:
        yield (
            _("Without the key the answers are lost for good; unopened, they are destroyed %s days after the end.")
            % survey.unopened_days,
            "unopened_days",
        )


def _on_people(survey: Survey) -> Iterator[Advice]:
    if survey.headcount_date and timezone.localdate() - survey.headcount_date > STALE:
        yield _("The people in scope were counted more than twelve months ago."), "headcount_date"
    expected = survey.headcount and survey.headcount * 2 // 3
    if expected is not None and expected < survey.minimum_responses:
        yield (
            _("If two in three of %(headcount)s people answer, nothing is shown: results need %(fewest)s responses.")
            % {"headcount": f"{survey.headcount:,}", "fewest": survey.minimum_responses},
            "headcount",
        )
    if survey.access == Survey.Access.OPEN_LINK:
        yield (
            _("Anyone with the link can answer, more than once: results are of the whole organisation only."),
            "access",
        )
    if not survey.kiosk and not survey.mail_provider.strip():
        yield _("If people without a work e-mail will answer on devices that they share, say so here."), "kiosk"


def _on_links(survey: Survey) -> Iterator[Advice]:
    if survey.is_linked:
        yield (
            _(
                "A linked survey keeps what each person answered: a data protection impact assessment is needed "
                "before it opens."
            ),
            "kind",
        )
        yield (
            _(
                "Once a linked survey has closed, whoever has a code sees that person’s answers: destroy the file of "
                "codes when the links are sent."
            ),
            "invitations",
        )


def _on_groups(survey: Survey, would_show: Shown) -> Iterator[Advice]:
    # Looked up here, since a query takes a breakdown called "2024" for a place in a list.
    invited = list(survey.invitations.order_by().values_list("groups").annotate(Count("pk")))
    for grouping, shown in would_show:
        if sentence := _never_shown(grouping, shown):
            yield sentence, "breakdowns"
        astray = sum(n for groups, n in invited if groups.get(grouping.code) not in grouping.headcounts)
        if astray and len(grouping.of) == 1:
            yield (
                _("%(n)s of the invited are in no group of “%(breakdown)s”, and will be counted in none.")
                % {"n": f"{astray:,}", "breakdown": grouping.title},
                "invitations",
            )


def _never_shown(grouping: Grouping, shown: list[Merged]) -> str:
    """The sentence on groups that are too small even if two in three people answer; "" where there are none."""
    if not shown:
        return _("Nothing of “%s” would be shown if two in three people answer: its groups are too small.") % (
            grouping.title
        )
    by_themselves = {each.code for each in shown}  # a group of a tree, with all that is part of it
    people = grouping.headcounts
    small = {each.code: each.title for each in grouping.groups if each.code not in by_themselves and people[each.code]}
    if not small:
        return ""
    return _(
        "Of “%(breakdown)s”, these could never be shown by themselves if two in three people answer: %(small)s; "
        "shown instead: %(merged)s."
    ) % {
        "breakdown": grouping.title,
        "small": _listed(list(small.values())),
        "merged": _listed([each.title for each in shown if small.keys() & set(each.members)]),
    }


def _listed(names: list[str]) -> str:
    told = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    return (
        told
        if len(names) <= MOST_NAMED
        else _("%(names)s and %(n)s more")
        % {
            "names": told,
            "n": f"{len(names) - MOST_NAMED:,}",
        }
    )


def _on_trust(survey: Survey) -> Iterator[Advice]:
    if survey.policy == Survey.Policy.EXACT:
        yield (
            _("Respondents are told that results are exact and that your office does its own disclosure control."),
            "policy",
        )
    if not survey.promises.strip():
        yield _("People answer who trust: promise that no answer is used against anyone."), "promises"
    yield _("Look at the survey as respondents will see it."), "preview"


def _on_the_standard(survey: Survey) -> Iterator[Advice]:
    standard = survey.definition
    yield (
        _("Tell the %(owner)s that you use “%(standard)s”, at %(contact)s.")
        % {"owner": standard.owner, "standard": standard.title, "contact": standard.contact},
        standard.url,
    )
    if standard.placement:
        yield standard.placement, standard.url
