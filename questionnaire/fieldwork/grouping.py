"""Counts by group: what respondents' groups become at closing, and when earlier answers are imported.

Groups are merged before anything is written, so that no group below the survey's threshold is ever stored.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from questionnaire.engine.derive import derive
from questionnaire.engine.model import Standard
from questionnaire.merging import Merged, Size, merge
from questionnaire.models import Breakdown, GroupCount, MergedGroup, Survey


@dataclass(frozen=True)
class Grouping:
    """A breakdown as it is counted, or two of them crossed. `of` names the breakdowns, `groups` are without people.

    `keys` maps the respondents' groups (one code for each breakdown in `of`) to codes in `groups`.
    """

    code: str
    title: str
    shape: str
    of: tuple[str, ...]
    groups: tuple[Size, ...]
    headcounts: Mapping[str, int]
    keys: Mapping[tuple[str, ...], str]


def groupings(survey: Survey) -> list[Grouping]:
    """Every breakdown of a survey, then its two-way tables."""
    single = {breakdown.pk: _single(breakdown) for breakdown in survey.breakdowns.prefetch_related("groups__parent")}
    return [*single.values(), *(_crossed(single[two.first_id], single[two.second_id]) for two in survey.two_ways.all())]


def _single(breakdown: Breakdown) -> Grouping:
    groups = list(breakdown.groups.all())
    return Grouping(
        code=breakdown.code,
        title=breakdown.title,
        shape=breakdown.shape,
        of=(breakdown.code,),
        groups=tuple(Size(each.code, each.title, 0, 0, each.parent.code if each.parent else "") for each in groups),
        headcounts={each.code: each.headcount for each in groups},
        keys={(each.code,): each.code for each in groups},
    )


def _crossed(first: Grouping, second: Grouping) -> Grouping:
    """Groups of one within groups of the other. Small ones join the other groups, whatever the shapes are."""
    pairs = list(product(first.groups, second.groups))
    people = sum(second.headcounts.values()) or 1
    return Grouping(
        code=f"{first.code}-by-{second.code}",
        title=f"{first.title} by {second.title}",
        shape=Breakdown.Shape.FLAT,
        of=first.of + second.of,
        groups=tuple(Size(f"{one.code}-and-{two.code}", f"{one.title}, {two.title}", 0, 0) for one, two in pairs),
        # How many are in both is not known before opening: as if the one told nothing of the other.
        headcounts={
            f"{one.code}-and-{two.code}": first.headcounts[one.code] * second.headcounts[two.code] // people
            for one, two in pairs
        },
        keys={(one.code, two.code): f"{one.code}-and-{two.code}" for one, two in pairs},
    )


class Tally:
    """Takes respondents one by one, and keeps how many of each group gave each pattern of answers."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._groupings = groupings(survey)
        self._patterns: dict[object, int] = {}
        self._answers: list[Mapping[str, str]] = []
        self._counts: dict[str, dict[str, Counter[int]]] = {
            each.code: {group.code: Counter() for group in each.groups} for each in self._groupings
        }

    def add(self, pattern: object, answers: Mapping[str, str], groups: Mapping[str, str], n: int = 1) -> None:
        """Count `n` respondents of these groups (by breakdown) who gave these answers, known by `pattern`.

        Who is in no group, or in one that the survey does not have, is counted in no group.
        """
        index = self._patterns.get(pattern)
        if index is None:
            index = self._patterns[pattern] = len(self._answers)
            self._answers.append(answers)
        for grouping in self._groupings:
            group = grouping.keys.get(tuple(groups.get(breakdown, "") for breakdown in grouping.of))
            if group is not None:
                self._counts[grouping.code][group][index] += n

    def write(self) -> None:
        """Merge what is too small and add to the survey's counts, in canonical order.

        Groups that were merged before stay so: what is added can only make them larger.
        """
        if not self._groupings:
            return
        standard = self._survey.definition
        values = [_values(standard, answers, self._survey.imputation) for answers in self._answers]
        for grouping in self._groupings:
            by_group = {group: _categories(counts, values) for group, counts in self._counts[grouping.code].items()}
            merged = self._merged(grouping, by_group)
            self._store(grouping, merged, by_group)

    def _merged(self, grouping: Grouping, by_group: Mapping[str, Counter[tuple[str, str]]]) -> Sequence[Merged]:
        before = MergedGroup.objects.filter(survey=self._survey, breakdown=grouping.code)
        if before:
            return [Merged(each.code, each.title, tuple(each.members)) for each in before]
        sizes = [_sized(self._survey.definition, group, by_group[group.code]) for group in grouping.groups]
        merged = _merge(self._survey, grouping, sizes)
        MergedGroup.objects.bulk_create(
            MergedGroup(
                survey=self._survey,
                breakdown=grouping.code,
                code=each.code,
                title=each.title,
                members=list(each.members),
                position=position,
            )
            for position, each in enumerate(merged)
        )
        return merged

    def _store(self, grouping: Grouping, merged: Sequence[Merged], by_group: Mapping[str, Counter]) -> None:
        stored = GroupCount.objects.filter(survey=self._survey, breakdown=grouping.code)
        totals: Counter[tuple[str, str, str]] = Counter({(row.group, row.table, row.category): row.n for row in stored})
        stored.delete()
        for each in merged:
            for member in each.members:
                for (table, category), n in by_group[member].items():
                    totals[each.code, table, category] += n
        GroupCount.objects.bulk_create(
            [
                GroupCount(
                    survey=self._survey, breakdown=grouping.code, group=group, table=table, category=category, n=n
                )
                for (group, table, category), n in sorted(totals.items())
            ],
            batch_size=2000,
        )


def _values(standard: Standard, answers: Mapping[str, str], imputation: str) -> dict[str, str]:
    """Table -> category of these answers."""
    derived = derive(standard, answers, {"imputation": imputation})
    return {table.id: derived[table.variable] for table in standard.tables}


def _categories(counts: Counter[int], values: Sequence[Mapping[str, str]]) -> Counter[tuple[str, str]]:
    """(table, category) -> respondents, of one group."""
    found: Counter[tuple[str, str]] = Counter()
    for index, n in counts.items():
        for pair in values[index].items():
            found[pair] += n
    return found


def _sized(standard: Standard, group: Size, counts: Counter[tuple[str, str]]) -> Size:
    """The group with its responses, and with the substantive answers of the table that has fewest."""
    tables = [table for table in standard.tables if not table.imputed_of]
    responses = sum(counts[tables[0].id, category.code] for category in tables[0].categories)
    substantive = min(
        sum(counts[table.id, category.code] for category in table.categories if category.base == "known")
        for table in tables
    )
    return replace(group, responses=responses, substantive=substantive)


def _merge(survey: Survey, grouping: Grouping, sizes: Sequence[Size]) -> list[Merged]:
    """The groups to keep: merged to the survey's threshold, or as they are where an office protects them itself."""
    if survey.policy == Survey.Policy.EXACT:
        return [Merged(group.code, group.title, (group.code,)) for group in grouping.groups]
    return merge(sizes, grouping.shape, survey.group_minimum)


def would_show(survey: Survey) -> Iterator[tuple[Grouping, list[Merged]]]:
    """Each breakdown with the groups that would be shown if two in three people in scope answered."""
    for grouping in groupings(survey):
        expected = [
            replace(group, responses=people, substantive=people)
            for group in grouping.groups
            for people in [grouping.headcounts[group.code] * 2 // 3]
        ]
        yield grouping, _merge(survey, grouping, expected)
