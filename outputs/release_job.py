"""The release job: reads a closed survey's counts, tabulates, protects and stores. Nothing else sees exact tables."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from outputs import disclosure, tables
from outputs.disclosure.protected import EVERYONE, ProtectedTable, Where
from outputs.models import Release
from outputs.release_facts import settings, told, words
from questionnaire import audit, registry, selectors
from questionnaire.engine.model import Standard, Table
from questionnaire.merging import answered


class Refused(Exception):
    """Why no release can be built, in plain words."""


@transaction.atomic
def build_release(slug: str, actor: str) -> Release:
    """Build and store the next release of a closed survey. Raises Refused.

    Where nothing has changed since the last release, that one is returned as it is. `is_new` on the returned release
    says which. The survey is locked meanwhile, and from its first release on nothing can be added to its counts.
    """
    survey, standard = _survey(slug)
    policy, by_group = (
        disclosure.policy(survey.policy, minimum_responses=minimum, round_to=survey.round_to)
        for minimum in (survey.minimum_responses, survey.group_minimum)
    )
    responses = selectors.responses(survey.id)
    breakdowns = selectors.groups(survey.id)
    counts = tables.tabulate(
        standard,
        ((answers, n) for _mode, answers, n in selectors.patterns(survey.id)),
        settings(survey),
    )
    protected = [
        each.to_json()
        for table in standard.tables
        for each in (
            policy.protect(table, EVERYONE, counts[table.id], responses),
            *_of_groups(by_group, standard, table, breakdowns),
        )
    ]
    facts = told(survey, standard, policy, responses, breakdowns)

    last = Release.objects.filter(survey_id=survey.id).order_by("-number").first()
    if last is not None and last.tables == protected and _without_words(last.facts) == facts:
        return last
    release = Release(
        survey_id=survey.id,
        number=last.number + 1 if last else 1,
        facts=facts | {"words": words(survey, policy, by_group, breakdowns)},
        tables=protected,
    )
    release.save()
    release.is_new = True
    release.survey.mark_released()
    audit.record(actor=actor, action="built release", survey=slug, release=release.number, policy=survey.policy)
    return release


def _of_groups(
    policy: disclosure.Policy, standard: Standard, table: Table, breakdowns: Iterable[selectors.CountedBreakdown]
) -> Iterator[ProtectedTable]:
    """The table of every group. A group is as large as the fewest substantive answers that it gave in any table."""
    for breakdown in breakdowns:
        for group in breakdown.groups:
            counts = {each.code: group.counts.get((table.id, each.code), 0) for each in table.categories}
            size = min(answered(standard.tables, group.counts))
            yield policy.protect(table, Where(breakdown.code, group.code, group.title), counts, size)


def _survey(slug: str) -> tuple[selectors.SurveyFacts, Standard]:
    try:
        survey = selectors.survey_facts(slug, lock=True)
    except ObjectDoesNotExist:
        raise Refused(f"There is no survey called {slug}.") from None
    if survey.state not in ("closed", "released"):
        raise Refused(f"{slug} is {survey.state}. Only a closed survey can be released.")
    try:
        return survey, registry.get_key(survey.standard)
    except LookupError:
        raise Refused(f"{slug} was asked with {survey.standard}, which is not installed here.") from None


def _without_words(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name != "words"}
