"""Puts two groups of a breakdown together, counts and all, where the attack on a release shows that they must be."""

from collections import Counter
from dataclasses import replace

from questionnaire.merging import Merged, Names, join
from questionnaire.selectors import CountedBreakdown, CountedGroup


def merged_further(breakdown: CountedBreakdown, code: str, sizes: dict[str, int]) -> CountedBreakdown:
    """The breakdown with the group of this code joined to one more; without any groups where only two are left."""
    groups = [Merged(group.code, group.title, group.codes) for group in breakdown.groups]
    joined = join(groups, code, breakdown.shape, sizes, Names(breakdown.titles, breakdown.parents))
    if joined is None:
        return replace(breakdown, groups=())
    merged, (one, other) = joined
    parts = [group for group in breakdown.groups if group.code in (one, other)]
    together = CountedGroup(
        code=merged.code,
        title=merged.title,
        members=tuple(title for part in parts for title in part.members),
        codes=merged.members,
        crossed=tuple(each for part in parts for each in part.crossed),
        headcount=sum(part.headcount for part in parts),
        counts=sum((Counter(part.counts) for part in parts), Counter()),
    )
    return replace(
        breakdown,
        groups=tuple(together if group is parts[0] else group for group in breakdown.groups if group is not parts[1]),
    )
