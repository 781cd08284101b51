"""Counts respondents by group, at closing and when earlier answers are imported, and decides what of it is stored.

Groups are merged before anything is written, so that no group below the survey's threshold is ever stored.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from questionnaire.engine.derive import derive
from questionnaire.fieldwork.grouping import Grouping, groupings, merged
from questionnaire.merging import Merged, answered
from questionnaire.models import GroupCount, MergedGroup, Survey

Categories = tuple[tuple[str, str], ...]  # (table, category) of one pattern of answers

_COUNTED = (Survey.State.CLOSED, Survey.State.RELEASED)


class Tally:
    """Takes respondents one by one, and keeps how many of each group fall into the same categories of every table.

    So what it keeps grows with the groups and the categories, not with the respondents.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._standard = survey.definition
        self._groupings = groupings(survey)
        self._categories: dict[Hashable, Categories] = {}
        self._known: dict[Categories, Categories] = {}  # each once, however many patterns fall into the same ones
        self._counts: dict[str, dict[str, Counter[Categories]]] = {
            each.code: {group.code: Counter() for group in each.groups} for each in self._groupings
        }

    def add(self, pattern: Hashable, answers: Mapping[str, str], groups: Mapping[str, str], n: int = 1) -> None:
        """Count `n` respondents of these groups (by breakdown) who gave these answers, known by `pattern`.

        Who is in no group, or in one that the survey does not have, is counted in no group.
        """
        for grouping in self._groupings:
            group = grouping.keys.get(tuple(groups.get(breakdown, "") for breakdown in grouping.of))
            if group is not None:
                self._counts[grouping.code][group][self._categories_of(pattern, answers)] += n

    def write(self) -> list[str]:
        """Merge what is too small and add to the survey's counts, in canonical order.

        Groups that were merged before stay so: what is added can only make them larger. Returns the titles of the
        breakdowns of which nothing is stored, since too few groups are large enough.
        """
        unstored = []
        for grouping in self._groupings:
            by_group = {group: _by_category(counts) for group, counts in self._counts[grouping.code].items()}
            groups = self._merged(grouping, by_group)
            self._store(grouping, groups, by_group)
            if not groups:
                unstored.append(grouping.title)
        return unstored

    def _categories_of(self, pattern: Hashable, answers: Mapping[str, str]) -> Categories:
        """Where these answers fall; derived once for each pattern."""
        found = self._categories.get(pattern)
        if found is None:
            derived = derive(self._standard, answers, {"imputation": self._survey.imputation})
            found = tuple((table.id, derived[table.variable]) for table in self._standard.tables)
            found = self._categories[pattern] = self._known.setdefault(found, found)
        return found

    def _merged(self, grouping: Grouping, by_group: Mapping[str, Counter[tuple[str, str]]]) -> Sequence[Merged]:
        if self._survey.state in _COUNTED:  # before: what was not kept then cannot be made up for
            before = MergedGroup.objects.filter(survey=self._survey, breakdown=grouping.code)
            return [Merged(each.code, each.title, tuple(each.members)) for each in before]
        sizes = []
        for group in grouping.groups:
            responses, substantive = answered(self._standard.tables, by_group[group.code])
            sizes.append(replace(group, responses=responses, substantive=substantive))
        groups = merged(self._survey, grouping, sizes)
        MergedGroup.objects.bulk_create(
            MergedGroup(
                survey=self._survey,
                breakdown=grouping.code,
                code=each.code,
                title=each.title,
                members=list(each.members),
                position=position,
            )
            for position, each in enumerate(groups)
        )
        return groups

    def _store(self, grouping: Grouping, groups: Sequence[Merged], by_group: Mapping[str, Counter]) -> None:
        stored = GroupCount.objects.filter(survey=self._survey, breakdown=grouping.code)
        totals: Counter[tuple[str, str, str]] = Counter({(row.group, row.table, row.category): row.n for row in stored})
        stored.delete()
        for each in groups:
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


def _by_category(counts: Counter[Categories]) -> Counter[tuple[str, str]]:
    """(table, category) -> respondents, of one group."""
    found: Counter[tuple[str, str]] = Counter()
    for categories, n in counts.items():
        for each in categories:
            found[each] += n
    return found
