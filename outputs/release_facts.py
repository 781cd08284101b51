"""Decides what a release says of itself in words: its survey and standard, its policy, breakdowns and their groups."""

from collections.abc import Sequence
from typing import Any

from outputs.disclosure import Policy
from questionnaire import selectors
from questionnaire.engine.model import Standard


def settings(survey: selectors.SurveyFacts) -> dict[str, str]:
    """What the survey chose where its standard leaves a choice."""
    return {"imputation": survey.imputation}


def told(
    survey: selectors.SurveyFacts,
    standard: Standard,
    breakdowns: Sequence[selectors.CountedBreakdown],
) -> dict[str, Any]:
    """What the release says of itself. The standard's own particulars are copied: it must read the same for ever."""
    return {
        "survey": survey.slug,
        "title": survey.title,
        "organisation": survey.organisation,
        "standard": survey.standard,
        "standard_title": standard.title,
        "standard_owner": standard.owner,
        "source": standard.url,
        "licence": standard.licence,
        "licence_url": standard.licence_url,
        "policy": survey.policy,
        "imputation": survey.imputation,
        "origin": survey.origin,
        "access": survey.access,
        "headcount": survey.headcount,
        "headcount_date": survey.headcount_date and survey.headcount_date.isoformat(),
        "previous": survey.previous,
        "minimum": survey.minimum_responses,
        "group_minimum": survey.group_minimum,
        "settings": [
            {"title": setting.title, "choice": option.label, "meaning": option.hint}
            for setting in standard.settings
            for option in setting.options
            if option.code == settings(survey)[setting.id]
        ],
        "collections": [
            {
                "mode": standard.mode(collection.mode).title,
                "first_day": collection.collected_from and collection.collected_from.isoformat(),
                "last_day": collection.collected_to and collection.collected_to.isoformat(),
            }
            for collection in survey.collections
        ],
        "ordered": [table.id for table in standard.tables if table.ordered],
        **_of_breakdowns(breakdowns),
    }


def _of_breakdowns(breakdowns: Sequence[selectors.CountedBreakdown]) -> dict[str, Any]:
    """Breakdowns and groups in words; nothing where a survey has none. One without groups could not be shown."""
    told = [
        {
            "code": breakdown.code,
            "title": breakdown.title,
            "shape": breakdown.shape,
            "two_way": len(breakdown.of) > 1,
            "groups": [
                {
                    "code": group.code,
                    "title": group.title,
                    "members": list(group.members),
                    "made_of": [list(each) for each in group.crossed],
                    "headcount": group.headcount,
                }
                for group in breakdown.groups
            ],
        }
        for breakdown in breakdowns
    ]
    return {"breakdowns": told} if told else {}


def words(
    survey: selectors.SurveyFacts,
    policy: Policy,
    by_group: Policy,
    breakdowns: Sequence[selectors.CountedBreakdown],
) -> dict[str, Any]:
    """The policy's explanations as they read on the day. Better words alone are no reason for another release.

    `by_group` is the policy with the threshold of groups.
    """
    imported = ("The answers were collected earlier, with this standard’s questions, and imported.",)
    return {
        "policy": policy.words,
        "notes": [
            *(imported if survey.origin == "imported" else ()),
            *policy.notes,
            *(by_group.notes_on_groups if breakdowns else ()),
            *(_not_shown(breakdown, survey.group_minimum) for breakdown in breakdowns if not breakdown.groups),
        ],
        "symbols": [[symbol, meaning] for symbol, meaning in policy.symbols.items()],
    }


def _not_shown(breakdown: selectors.CountedBreakdown, minimum: int) -> str:
    return (
        f"Nothing is shown by {breakdown.title}: even put together, there were no two groups that each had {minimum} "
        f"responses and {minimum} substantive answers in every table and gave nobody’s answer away."
    )
