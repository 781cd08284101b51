"""Reads releases: the only source of whatever a page or a file says about a survey's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from outputs.broken_down import BrokenDown
from outputs.disclosure.protected import ORGANISATION, Figure, ProtectedTable
from outputs.models import Release
from outputs.withdrawals import History, Standing, histories, history
from outputs.words import period, together, who_is_in_base


@dataclass(frozen=True)
class Published:
    """One release as it was built, for pages and files to read; `history` is its survey's, read when it is wanted."""

    row: Release
    history: History | None = None

    def __str__(self) -> str:
        return f"{self.facts['title']}, release {self.number}{self.standing.mark}"

    @cached_property
    def standing(self) -> Standing:
        """Whether it was withdrawn or is revised: the one thing about a release that is not as it was built."""
        return Standing(self.number, self.history or history(self.row.survey_id))

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the release job stored beside the tables."""
        return self.row.facts

    @property
    def survey(self) -> str:
        """The survey's short name."""
        return self.facts["survey"]

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def built_at(self) -> datetime:
        return self.row.created_at

    @property
    def organisation(self) -> str:
        return self.facts["organisation"] or "not stated"

    @property
    def extent(self) -> str:
        """How much of the release this is, in words."""
        return f"every table of release {self.number}"

    @cached_property
    def responses(self) -> Figure:
        return Figure.from_json(self.facts["responses"])

    @property
    def in_scope(self) -> str:
        """How many people the survey is about, answered or not."""
        people = self.facts["headcount"]
        return "not stated" if people is None else f"{people:,}"

    @property
    def previous(self) -> str:
        """The short name of the survey's wave before; blank where there is none, or none was told yet."""
        return self.facts.get("previous", "")

    @property
    def within(self) -> int:
        """How far a printed count can lie from the true one; 0 where counts are exact."""
        return self.facts["rounding"]["within"]

    @property
    def is_exact(self) -> bool:
        """Whether it is for a statistical office alone, and stays out of everything that is published."""
        return self.facts["policy"] == "exact"

    @property
    def audit(self) -> Mapping[str, Any]:
        """How it was attacked before it was built; empty where it was not. Its details are for auditors alone."""
        return self.row.audit

    @property
    def collected(self) -> list[str]:
        """How and when each part of the answers was collected, a sentence each."""
        return [
            ", ".join(filter(None, [part["mode"], period(_day(part["first_day"]), _day(part["last_day"]))])) + "."
            for part in self.facts["collections"]
        ]

    @property
    def when(self) -> str:
        """From the first day to the last on which answers were collected; blank where neither is known."""
        days = [_day(part[name]) for part in self.facts["collections"] for name in ("first_day", "last_day")]
        known = [day for day in days if day is not None]
        return period(min(known, default=None), max(known, default=None))

    @property
    def source(self) -> str:
        """Whose survey this is, and whose questions."""
        return (
            f"{self.facts['title']} ({self.organisation}). Questions and categories: {self.facts['standard_title']}, "
            f"{self.facts['standard']}, {self.facts['standard_owner']}, under the {self.facts['licence']}."
        )

    @property
    def policy(self) -> str:
        """The release policy in a sentence or two."""
        return self.facts["words"]["policy"]

    @property
    def notes(self) -> list[str]:
        """What holds for every table of the release; first that it was withdrawn, or is revised."""
        return [*self.standing.sentences, *self.facts["words"]["notes"]]

    @property
    def symbols(self) -> list[tuple[str, str]]:
        """Each symbol that may stand for a number, with its meaning."""
        return [(symbol, meaning) for symbol, meaning in self.facts["words"]["symbols"]]

    @cached_property
    def parts(self) -> tuple[ProtectedTable, ...]:
        """Every table, in the standard's order: of everyone who answered, then of each group of each breakdown."""
        return tuple(map(ProtectedTable.from_json, self.row.tables))

    @cached_property
    def tables(self) -> tuple[ProtectedTable, ...]:
        """Every table of everyone who answered."""
        return tuple(part for part in self.parts if part.breakdown == ORGANISATION)

    def part(self, id: str, breakdown: str, group_code: str) -> ProtectedTable | None:
        """The table with this id of one group, or of everyone; None where there is none."""
        return self._by_place.get((id, breakdown, group_code))

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, str], ProtectedTable]:
        return {(part.id, part.breakdown, part.group_code): part for part in self.parts}

    def parts_of(self, table: ProtectedTable) -> tuple[ProtectedTable, ...]:
        """The table of everyone who answered, then the same table of each group."""
        return tuple(part for part in self.parts if part.id == table.id)

    def broken_down(self, table: ProtectedTable) -> list[BrokenDown]:
        """The table by each breakdown of which anything is shown."""
        return [
            BrokenDown(
                breakdown["code"],
                breakdown["title"],
                tuple(part for part in self.parts_of(table) if part.breakdown == breakdown["code"]),
            )
            for breakdown in self.breakdowns
            if breakdown["groups"]
        ]

    @property
    def breakdowns(self) -> list[Mapping[str, Any]]:
        """Code, title, shape and groups of each breakdown, a group with its title and the titles of its members."""
        return self.facts.get("breakdowns", [])

    @property
    def notes_on_groups(self) -> list[str]:
        """Which groups were put together, a sentence for each that is shown."""
        return [
            f"By {breakdown['title']}, “{group['title']}” is {together(group['members'])}."
            for breakdown in self.breakdowns
            for group in breakdown["groups"]
            if len(group["members"]) > 1 and group["title"] not in group["members"]
        ]

    def table(self, id: str) -> ProtectedTable:
        """The table of everyone who answered with this id. LookupError where there is none."""
        for table in self.tables:
            if table.id == id:
                return table
        raise LookupError(f"Release {self.number} of {self.survey} has no table {id}.")

    def is_ordered(self, table: ProtectedTable) -> bool:
        """Whether its categories in base known are steps of an order; else they are categories and no more."""
        return table.id in self.facts.get("ordered", [])

    def notes_of(self, table: ProtectedTable) -> list[str]:
        """What holds for one table: who is in its bases, the standard's own notes, how many were imputed."""
        return [
            f"Base asked: {who_is_in_base('asked', table.cells)}.",
            f"Base known: {who_is_in_base('known', table.cells)}.",
            *table.notes,
            *(_imputed(other) for other in self.tables if other.imputed_of == table.id),
        ]


def releases() -> list[Published]:
    """Every release, by survey, newest first."""
    of = histories()
    rows = Release.objects.order_by("survey__slug", "-number").defer("tables")
    return [Published(row, of[row.survey_id]) for row in rows]


def releases_of(survey: str) -> list[Published]:
    """Every release of one survey, newest first; [] where there is none."""
    rows = Release.objects.filter(survey__slug=survey).order_by("-number").defer("tables")
    return [Published(row) for row in rows]


def release(survey: str, number: int | None = None) -> Published:
    """One release of a survey; without a number, the newest. LookupError where there is none."""
    found = Release.objects.filter(survey__slug=survey)
    if number is not None:
        found = found.filter(number=number)
    newest = found.order_by("-number").first()
    if newest is None:
        raise LookupError(f"There is no release{'' if number is None else f' {number}'} of a survey called {survey}.")
    return Published(newest)


def _imputed(table: ProtectedTable) -> str:
    counted = "; ".join(f"{cell.label}: {cell.count}" for cell in table.cells)
    return f"{table.title}: {counted} (table {table.id})."


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
