"""The release job: reads a closed survey's counts, tabulates, protects and stores. Nothing else sees exact tables."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from outputs import disclosure, tables
from outputs.models import Release
from questionnaire import audit, registry, selectors
from questionnaire.engine.model import Standard

# The whole organisation, which is the only group until surveys have breakdowns.
ORGANISATION = ("organisation", "All")


class Refused(Exception):
    """Why no release can be built, in plain words."""


@transaction.atomic
def build_release(slug: str, actor: str) -> Release:
    """Build and store the next release of a closed survey. Raises Refused.

    Where nothing has changed since the last release, that one is returned as it is. `is_new` on the returned release
    says which. The survey is locked meanwhile, and from its first release on nothing can be added to its counts.
    """
    survey, standard = _survey(slug)
    policy = disclosure.policy(survey.policy, minimum_responses=survey.minimum_responses, round_to=survey.round_to)
    responses = selectors.responses(survey.id)
    counts = tables.tabulate(
        standard,
        ((answers, n) for _mode, answers, n in selectors.patterns(survey.id)),
        _settings(survey),
    )
    protected = [
        policy.protect(table, *ORGANISATION, counts[table.id], responses).to_json() for table in standard.tables
    ]
    facts = _facts(survey, standard, policy.responses(responses).to_json())

    last = Release.objects.filter(survey_id=survey.id).order_by("-number").first()
    if last is not None and last.tables == protected and _without_words(last.facts) == facts:
        return last
    release = Release(
        survey_id=survey.id,
        number=last.number + 1 if last else 1,
        facts=facts | {"words": _words(survey, policy)},
        tables=protected,
    )
    release.save()
    release.is_new = True
    release.survey.mark_released()
    audit.record(actor=actor, action="built release", survey=slug, release=release.number, policy=survey.policy)
    return release


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


def _settings(survey: selectors.SurveyFacts) -> dict[str, str]:
    """What the survey chose where its standard leaves a choice."""
    return {"imputation": survey.imputation}


def _facts(survey: selectors.SurveyFacts, standard: Standard, responses: dict[str, str | None]) -> dict[str, Any]:
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
        "settings": [
            {"title": setting.title, "choice": option.label, "meaning": option.hint}
            for setting in standard.settings
            for option in setting.options
            if option.code == _settings(survey)[setting.id]
        ],
        "collections": [
            {
                "mode": standard.mode(collection.mode).title,
                "first_day": collection.collected_from and collection.collected_from.isoformat(),
                "last_day": collection.collected_to and collection.collected_to.isoformat(),
            }
            for collection in survey.collections
        ],
        "responses": responses,
    }


def _words(survey: selectors.SurveyFacts, policy: disclosure.Policy) -> dict[str, Any]:
    """The policy's explanations as they read on the day. Better words alone are no reason for another release."""
    imported = ("The answers were collected earlier, with this standard’s questions, and imported.",)
    return {
        "policy": policy.words,
        "notes": [*(imported if survey.origin == "imported" else ()), *policy.notes],
        "symbols": [[symbol, meaning] for symbol, meaning in policy.symbols.items()],
    }


def _without_words(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name != "words"}
