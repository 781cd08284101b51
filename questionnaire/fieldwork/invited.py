"""Tells how many are invited and, never exactly, how many of them answered; and what is odd about whom one invites."""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _

from questionnaire.fieldwork.people import People
from questionnaire.models import FEWEST_RESPONSES, ROUND_TO, Survey


def answered(survey: Survey) -> str:
    """How many have answered and not withdrawn: rounded, since an exact number read twice tells who did meanwhile."""
    n = survey.sealedresponse_set.exclude(sealed=b"").count() + survey.linkedresponse_set.count()
    if n < FEWEST_RESPONSES:
        return _("fewer than %s") % FEWEST_RESPONSES
    return _("about %s") % f"{(n + ROUND_TO // 2) // ROUND_TO * ROUND_TO:,}"


def warnings(survey: Survey, people: People) -> list[str]:
    """In words, wherever more would be invited than are in scope: the numbers or the list may be wrong."""
    told = []
    invited = survey.invitations.count() + len(people.rows)
    if survey.headcount is not None and invited > survey.headcount:
        told.append(
            _("%(invited)s people would be invited; %(scope)s are in scope.")
            % {"invited": f"{invited:,}", "scope": f"{survey.headcount:,}"}
        )
    before = _invited_by_groups(survey)
    for breakdown, counts in zip(survey.breakdowns.prefetch_related("groups"), people.in_groups(), strict=True):
        for group in breakdown.groups.all():
            invited = before[breakdown.code, group.code] + counts[group.code]
            if invited > group.headcount:
                told.append(
                    _("%(invited)s people of “%(group)s” (%(breakdown)s) would be invited; %(scope)s are in scope.")
                    % {
                        "invited": f"{invited:,}",
                        "group": group.title,
                        "breakdown": breakdown.title,
                        "scope": f"{group.headcount:,}",
                    }
                )
    return told


def _invited_by_groups(survey: Survey) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for each in survey.invitations.values("groups").order_by().annotate(n=Count("id")):
        for place in each["groups"].items():
            counts[place] += each["n"]
    return counts
