"""How many answered, of how many: of everyone and of each group, from printed figures and stated headcounts alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from outputs.disclosure.layout import percentage
from outputs.disclosure.protected import (
    BOTTOM,
    CONFIDENTIAL,
    EVERYONE,
    NOT_AVAILABLE,
    TOP,
    Figure,
)
from outputs.disclosure.rounded import BOTTOM_SHARE, TOP_SHARE
from outputs.rates import counted_in
from outputs.releases import Published

SYMBOLS = {
    CONFIDENTIAL: "confidential: withheld to protect the people who answered",
    TOP: f"{TOP_SHARE} per cent or more",
    BOTTOM: f"{BOTTOM_SHARE} per cent or less",
    NOT_AVAILABLE: "not available: no headcount was stated",
}


@dataclass(frozen=True)
class Response:
    """The people in scope of a group, how many of them answered, and that as a whole percentage."""

    breakdown: str
    breakdown_title: str
    group: str
    headcount: Figure
    responses: Figure
    rate: Figure


def responses(release: Published) -> tuple[Response, ...]:
    """Of everyone, then of each group. A two-way table's groups have none: how many people are in them is not known."""
    return tuple(_responses(release))


def _responses(release: Published) -> Iterator[Response]:
    everyone = release.responses
    yield _response(EVERYONE.breakdown, EVERYONE.breakdown, EVERYONE.group, release.facts["headcount"], everyone)
    answered = {(part.breakdown, part.group_code): part.bases[0] for part in release.parts_of(counted_in(release))}
    for breakdown in release.breakdowns:
        if not breakdown["two_way"]:
            for group in breakdown["groups"]:
                figure = answered[breakdown["code"], group["code"]]
                yield _response(breakdown["code"], breakdown["title"], group["title"], group["headcount"], figure)


def _response(breakdown: str, title: str, group: str, headcount: int | None, answered: Figure) -> Response:
    people = Figure(Decimal(headcount)) if headcount else Figure(None, NOT_AVAILABLE)
    return Response(breakdown, title, group, people, answered, _rate(people, answered))


def _rate(people: Figure, answered: Figure) -> Figure:
    """Never 0 or 100 per cent: either would say of each person whether they answered."""
    for figure in (answered, people):
        if figure.value is None:
            return figure
    rate = percentage(int(answered.value), int(people.value), decimals=0)
    if rate >= TOP_SHARE:
        return Figure(None, TOP)
    return Figure(None, BOTTOM) if rate <= BOTTOM_SHARE else Figure(rate)
