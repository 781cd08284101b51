"""Decides by which groups a survey is counted: its breakdowns and two-way tables, and which groups join which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from questionnaire.merging import Merged, Size, merge
from questionnaire.models import Breakdown, Survey, TwoWay

MOST_PAIRS = 20_000  # of groups in a two-way table: more would keep every page that counts them waiting


@dataclass(frozen=True)
class Grouping:
    """A breakdown as it is counted, or two of them crossed. `of` names the breakdowns, `groups` are without people.

    `keys` maps the respondents' groups (one code for each breakdown in `of`) to codes in `groups`. Codes of what is
    crossed have an underscore, which a short name never has: so they are never those of another breakdown or group.
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
    two_ways = survey.two_ways.select_related("first", "second")
    return [*single.values(), *(_crossed(str(two), single[two.first_id], single[two.second_id]) for two in two_ways)]


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


def _crossed(title: str, first: Grouping, second: Grouping) -> Grouping:
    """Groups of one within groups of the other. Small ones join the other groups, whatever the shapes are."""
    pairs = {(one.code, two.code): f"{one.code}_and_{two.code}" for one, two in product(first.groups, second.groups)}
    people = sum(second.headcounts.values()) or 1
    return Grouping(
        code=f"{first.code}_by_{second.code}",
        title=title,
        shape=Breakdown.Shape.FLAT,
        of=first.of + second.of,
        groups=tuple(
            Size(pairs[one.code, two.code], f"{one.title}, {two.title}", 0, 0)
            for one, two in product(first.groups, second.groups)
        ),
        # How many are in both is not known before opening: as if the one told nothing of the other.
        headcounts={
            code: first.headcounts[one] * second.headcounts[two] // people for (one, two), code in pairs.items()
        },
        keys=pairs,
    )


def pairs_of(two_way: TwoWay) -> int:
    """How many groups a two-way table has before any are merged."""
    return two_way.first.groups.count() * two_way.second.groups.count()


def merged(survey: Survey, grouping: Grouping, sizes: Sequence[Size]) -> list[Merged]:
    """The groups to keep: merged to the survey's threshold, or as they are where an office protects them itself."""
    if survey.policy == Survey.Policy.EXACT:
        return [Merged(group.code, group.title, (group.code,)) for group in grouping.groups]
    return merge(sizes, grouping.shape, survey.group_minimum)


def would_show(survey: Survey) -> Iterator[tuple[Grouping, list[Merged]]]:
    """Each breakdown with the groups that would be shown if two in three people in scope answered.

    Nothing where a two-way table has more pairs than it may: it cannot open, and to work it out would take long.
    """
    if any(pairs_of(two_way) > MOST_PAIRS for two_way in survey.two_ways.select_related("first", "second")):
        return
    for grouping in groupings(survey):
        expected = [
            replace(group, responses=people, substantive=people)
            for group in grouping.groups
            for people in [grouping.headcounts[group.code] * 2 // 3]
        ]
        yield grouping, merged(survey, grouping, expected)
