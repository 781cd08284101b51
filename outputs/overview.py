"""Lays out the list of results: a survey's waves together, the newest first, and what still waits to be released."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from outputs.releases import Published, releases
from questionnaire import selectors


class Waiting(NamedTuple):
    """A closed survey that was never released."""

    survey: str
    title: str


@dataclass(frozen=True)
class Series:
    """The releases of one survey and of the waves before it, newest wave and release first."""

    surveys: tuple[tuple[Published, ...], ...]

    @property
    def title(self) -> str:
        """As the newest wave has it."""
        return self.newest.facts["title"]

    @property
    def newest(self) -> Published:
        """The newest release of the newest wave."""
        return self.surveys[0][0]

    @property
    def to_compare(self) -> Published:
        """The release of the newest wave that is set beside the waves before it: its newest that was not withdrawn."""
        return next((each for each in self.surveys[0] if not each.standing.withdrawn), self.newest)

    @property
    def built_at(self) -> datetime:
        """When anything was last released."""
        return max(each[0].built_at for each in self.surveys)

    @property
    def has_waves(self) -> bool:
        """Whether there is a wave to set beside another."""
        return len(self.surveys) > 1


def waiting() -> list[Waiting]:
    """What is closed and not released, by short name."""
    return [Waiting(*each) for each in selectors.closed_surveys()]


def all_series(may_see: Callable[[Published], bool]) -> list[Series]:
    """Every series of which something may be seen, that with the newest release first.

    A wave belongs to the series of the wave before it; two surveys made of the same one are waves after it both.
    """
    of = {slug: tuple(each) for slug, each in groupby(filter(may_see, releases()), lambda each: each.survey)}
    series: dict[str, list[tuple[int, tuple[Published, ...]]]] = {}
    for slug, found in of.items():
        path = _path(slug, of)
        series.setdefault(path[-1], []).append((len(path), found))
    laid_out = (
        Series(tuple(found for _place, found in sorted(waves, key=lambda wave: wave[0], reverse=True)))
        for waves in series.values()
    )
    return sorted(laid_out, key=lambda each: each.built_at, reverse=True)


def _path(slug: str, of: Mapping[str, Sequence[Published]]) -> list[str]:
    """The waves from this one back to the first, as far as releases tell."""
    path = [slug]
    while path[-1] in of and (before := of[path[-1]][0].previous) and before not in path:
        path.append(before)
    return path
