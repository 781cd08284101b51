"""The only reads of stored surveys and counts that outputs gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Sum

from questionnaire.models import ROUND_TO, AnswerPattern, ImportedFile, Survey


@dataclass(frozen=True)
class Collection:
    """How a part of the answers was collected: the mode, and the first and last day."""

    mode: str
    collected_from: date | None
    collected_to: date | None


@dataclass(frozen=True)
class SurveyFacts:
    """What a release prints about its survey."""

    id: int
    slug: str
    title: str
    organisation: str
    standard: str
    origin: str
    policy: str
    imputation: str
    state: str
    minimum_responses: int
    round_to: int
    collections: tuple[Collection, ...]


def survey_facts(slug: str, *, lock: bool = False) -> SurveyFacts:
    """Facts of one survey. Survey.DoesNotExist (an ObjectDoesNotExist) where there is none of that name.

    With `lock`, inside a transaction, nothing can change the survey or add to its counts before that ends.
    """
    surveys = Survey.objects.select_for_update() if lock else Survey.objects.all()
    survey = surveys.get(slug=slug)
    return SurveyFacts(
        id=survey.pk,
        slug=survey.slug,
        title=survey.title,
        organisation=survey.organisation,
        standard=survey.standard,
        origin=survey.origin,
        policy=survey.policy,
        imputation=survey.imputation,
        state=survey.state,
        minimum_responses=survey.minimum_responses,
        round_to=ROUND_TO,
        collections=tuple(_collections(survey)),
    )


def _collections(survey: Survey) -> Iterator[Collection]:
    if survey.origin == Survey.Origin.IMPORTED:
        for file in ImportedFile.objects.filter(survey=survey):
            yield Collection(file.mode, file.collected_from, file.collected_to)
    else:
        day = lambda moment: moment.date() if isinstance(moment, datetime) else None  # noqa: E731
        yield Collection("online", day(survey.opened_at), day(survey.stopped_at))


def patterns(survey_id: int) -> Iterator[tuple[str, Mapping[str, str], int]]:
    """(mode, answers by question id, number of respondents) for each distinct pattern of a closed survey."""
    rows = AnswerPattern.objects.filter(survey_id=survey_id).order_by("id")
    yield from rows.values_list("mode", "answers", "n").iterator(chunk_size=5000)


def responses(survey_id: int) -> int:
    """How many responses a closed survey has."""
    return AnswerPattern.objects.filter(survey_id=survey_id).aggregate(total=Sum(F("n")))["total"] or 0
