"""The only reads of stored surveys and counts, and of whether work is done in the background, that outputs gets."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Sum

from questionnaire.fieldwork.grouping import Grouping, groupings
from questionnaire.fieldwork.workers import some_worker_lives as some_worker_lives
from questionnaire.models import ROUND_TO, AnswerPattern, GroupCount, ImportedFile, MergedGroup, Survey


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
    group_minimum: int
    round_to: int
    collections: tuple[Collection, ...]
    kind: str
    access: str
    headcount: int | None
    headcount_date: date | None
    invited: int | None  # how many people; known from closing on
    previous: str  # the short name of the wave before, blank where there is none


@dataclass(frozen=True)
class CountedGroup:
    """A group of which counts are kept, and (table, category) -> people. No two of a breakdown have the same title.

    `members` are the titles of the groups it is made of, `codes` their codes, `headcount` the people in scope in them.
    A code of a two-way table has one of each breakdown that is crossed, which `crossed` tells apart.
    """

    code: str
    title: str
    members: tuple[str, ...]
    codes: tuple[str, ...]
    crossed: tuple[tuple[str, ...], ...]
    headcount: int
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class CountedBreakdown:
    """A breakdown, or two crossed, with its groups in order; () where too few were large enough to be kept.

    `shape` is "flat", "order" or "tree"; `of` names the breakdowns that are crossed, or the one itself. Of every group
    before any were merged, by code: `titles`, and `parents`, what it is part of. The headcounts of a two-way table's
    groups are estimates.
    """

    code: str
    title: str
    shape: str
    of: tuple[str, ...]
    titles: Mapping[str, str]
    parents: Mapping[str, str]
    groups: tuple[CountedGroup, ...]


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
        group_minimum=survey.group_minimum,
        round_to=ROUND_TO,
        collections=tuple(_collections(survey)),
        kind=survey.kind,
        access=survey.access,
        headcount=survey.headcount,
        headcount_date=survey.headcount_date,
        invited=survey.invited,
        previous=survey.previous.slug if survey.previous else "",
    )


def closed_surveys() -> list[tuple[str, str]]:
    """(short name, title) of each survey that is closed and was never released."""
    return list(Survey.objects.filter(state=Survey.State.CLOSED).order_by("slug").values_list("slug", "title"))


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


def groups(survey_id: int) -> list[CountedBreakdown]:
    """Every breakdown of a closed survey, then its two-way tables, with what is counted by group."""
    survey = Survey.objects.get(pk=survey_id)
    return [_counted(survey, grouping) for grouping in groupings(survey)]


def _counted(survey: Survey, grouping: Grouping) -> CountedBreakdown:
    counts: dict[str, dict[tuple[str, str], int]] = {}
    for row in GroupCount.objects.filter(survey=survey, breakdown=grouping.code):
        counts.setdefault(row.group, {})[row.table, row.category] = row.n
    merged = MergedGroup.objects.filter(survey=survey, breakdown=grouping.code)
    titles = _told_apart({each.code: each.title for each in merged})
    of_members = _told_apart({each.code: each.title for each in grouping.groups})
    crossed = {code: groups for groups, code in grouping.keys.items()}
    return CountedBreakdown(
        grouping.code,
        grouping.title,
        grouping.shape,
        grouping.of,
        of_members,
        {each.code: each.parent for each in grouping.groups if each.parent},
        tuple(
            CountedGroup(
                each.code,
                titles[each.code],
                tuple(of_members[member] for member in each.members),
                tuple(each.members),
                tuple(crossed[member] for member in each.members),
                sum(grouping.headcounts[member] for member in each.members),
                counts.get(each.code, {}),
            )
            for each in merged
        ),
    )


def _told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by code, each followed by its code where another is the same, as of teams in two departments."""
    times = Counter(titles.values())
    told = {code: title if times[title] == 1 else f"{title} ({code})" for code, title in titles.items()}
    if len(set(told.values())) == len(told):
        return told
    return {code: f"{title} ({code})" for code, title in titles.items()}  # one is titled as another is told apart


def with_waves_before(survey_id: int) -> list[int]:
    """The ids of a survey and of every wave before it, newest first."""
    found: list[int] = []
    each: int | None = survey_id
    while each is not None and each not in found:
        found.append(each)
        each = Survey.objects.values_list("previous_id", flat=True).get(pk=each)
    return found
