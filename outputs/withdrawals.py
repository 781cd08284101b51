"""Withdraws releases that are wrong, and decides what they and their successors say of it.

What was published stays where it was, pages and files alike: whoever quoted it must be able to find it again. But from
then on it says first, in every page and in the notes of every file that has notes, that it was withdrawn, when and why,
and what replaces it; and what replaces it says that it is revised, `[r]`. So the Code of Practice for Statistics would
have it: errors are corrected in the open, at once and with the reason, and nothing disappears without a word. The
figures of a release, and the CSV files that hold nothing else, never change.

A corrected release can be built only where what it is built from has changed; until then nothing replaces this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from outputs.models import Release, Withdrawal
from outputs.words import period, together
from questionnaire import audit

REVISED = "[r]"
LONGEST_REASON = Withdrawal._meta.get_field("reason").max_length


class AlreadyWithdrawn(Exception):
    """A release is withdrawn once: its first reason stands."""


class Withdrawn(NamedTuple):
    """When a release was withdrawn, and why."""

    day: date
    reason: str

    def __str__(self) -> str:
        ending = "" if self.reason.endswith((".", "!", "?")) else "."
        return f"withdrawn on {period(self.day, None)}, because: {self.reason}{ending}"


# Every release of a survey by its number, with its withdrawal where there is one.
History = Mapping[int, Withdrawn | None]


@dataclass(frozen=True)
class Standing:
    """How one release stands among all of its survey: withdrawn, revised, or as it was built."""

    number: int
    history: History

    @property
    def withdrawn(self) -> Withdrawn | None:
        return self.history[self.number]

    @cached_property
    def replaced_by(self) -> int | None:
        """The newest later release that was not withdrawn."""
        return max((other for other in self._standing if other > self.number), default=None)

    @cached_property
    def replaces(self) -> tuple[int, ...]:
        """The withdrawn releases between this one and the last before it that was not withdrawn."""
        since = max((other for other in self._standing if other < self.number), default=0)
        return tuple(sorted(other for other in self.history if since < other < self.number))

    @property
    def is_revised(self) -> bool:
        return bool(self.replaces)

    @property
    def mark(self) -> str:
        """What follows the release's name wherever it is named; blank for most."""
        return (f" {REVISED}" if self.is_revised else "") + (" (withdrawn)" if self.withdrawn else "")

    @property
    def sentences(self) -> list[str]:
        """What everyone must read first; nothing of a release that was neither withdrawn nor revised."""
        return [*self._of_its_withdrawal(), *self._of_what_it_replaces()]

    def _of_its_withdrawal(self) -> list[str]:
        if self.withdrawn is None:
            return []
        instead = f"use release {self.replaced_by} instead" if self.replaced_by else "nothing replaces them yet"
        return [f"This release was {self.withdrawn} Do not use its figures: {instead}."]

    def _of_what_it_replaces(self) -> list[str]:
        if not self.is_revised:
            return []
        replaced = together([f"release {other}" for other in self.replaces])
        reasons = [f"Release {other} was {self.history[other]}" for other in self.replaces]
        return [" ".join([f"{REVISED} Revised: this release replaces {replaced}.", *reasons])]

    @property
    def _standing(self) -> list[int]:
        return [number for number, withdrawn in self.history.items() if withdrawn is None]


@transaction.atomic
def withdraw(survey: str, number: int, *, actor: str, reason: str) -> None:
    """Withdraw a release for good. LookupError where there is none of that number, AlreadyWithdrawn where it was."""
    release = Release.objects.filter(survey__slug=survey, number=number).first()
    if release is None:
        raise LookupError(f"There is no release {number} of a survey called {survey}.")
    try:
        with transaction.atomic():
            Withdrawal.objects.create(release=release, actor=actor, reason=reason)
    except IntegrityError:
        raise AlreadyWithdrawn from None
    audit.record(actor=actor, action="withdrew release", survey=survey, release=number, reason=reason)


def histories() -> dict[int, History]:
    """The history of every survey that was ever released, by the survey's key."""
    found: dict[int, dict[int, Withdrawn | None]] = {}
    for key, *release in Release.objects.values_list("survey_id", *_FIELDS):
        found.setdefault(key, {}).update([_entry(*release)])
    return found


def history(survey_id: int) -> History:
    """The history of one survey."""
    return dict(_entry(*row) for row in Release.objects.filter(survey_id=survey_id).values_list(*_FIELDS))


_FIELDS = ("number", "withdrawal__at", "withdrawal__reason")


def _entry(number, at, reason) -> tuple[int, Withdrawn | None]:
    # By the service's own clock, whoever looks: the notes of files must not change with their reader.
    return number, at and Withdrawn(timezone.localtime(at, timezone.get_default_timezone()).date(), reason)
