"""Lays one table of several waves side by side, and decides which differences between them may be claimed.

A difference is claimed only where it holds whatever the counts were before they were rounded, where the printed
percentages differ too, and where the waves are alike.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from outputs.disclosure.protected import CONFIDENTIAL, NOT_AVAILABLE, Figure, ProtectedCell, ProtectedTable
from outputs.disclosure.ranges import share_range
from outputs.releases import Published
from outputs.wave_breaks import BREAK
from outputs.words import together

HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear difference"


class Column(NamedTuple):
    """A wave and its part of what is set side by side; `mark` is "[b]" where it is not like the newest wave."""

    wave: Published
    part: ProtectedTable
    mark: str = ""


@dataclass(frozen=True)
class Row:
    """A category or a base, oldest wave first. `change` is since the wave before; blank for bases."""

    label: str
    figures: tuple[Figure, ...]
    change: str = ""


@dataclass(frozen=True)
class Beside:
    """One table of one group in every wave that has it, newest first: percentages of base known, and both bases."""

    title: str
    columns: tuple[Column, ...]

    @property
    def waves(self) -> list[tuple[Published, str]]:
        """Each wave with its mark, oldest first, as it heads its column."""
        return [(wave, mark) for wave, _part, mark in reversed(self.columns)]

    @property
    def before(self) -> Column | None:
        """What the newest wave is compared with, if anything."""
        return self.columns[1] if len(self.columns) > 1 else None

    @property
    def width(self) -> int:
        """How many columns it fills."""
        return len(self.columns) + (2 if self.before else 1)

    @property
    def rows(self) -> list[Row]:
        """A row for each category of base known."""
        return [
            Row(
                cell.label,
                tuple(_cell(part, cell.code).percent_known for _wave, part, _mark in reversed(self.columns)),
                self._change(cell.code),
            )
            for cell in self.columns[0].part.cells
            if cell.base == "known"
        ]

    @property
    def bases(self) -> list[Row]:
        """How many were asked, and of how many of them the category is known."""
        in_time = [part.bases for _wave, part, _mark in reversed(self.columns)]
        asked, known = zip(*in_time, strict=True)
        return [Row("Base asked", asked), Row("Base known", known)]

    @property
    def sentence(self) -> str:
        """Which categories differ from the wave before, and of how many no category is known."""
        if self.before is None:
            return ""
        if self.before.mark:
            return f"{BREAK} Break in the series: no difference from {self.before.wave} is claimed."
        rows = self.rows
        claims = [
            f"{change}: {together([f'“{row.label}”' for row in rows if row.change == change])}"
            for change in (HIGHER, LOWER)
            if any(row.change == change for row in rows)
        ]
        if claims:
            return f"Compared with {self.before.wave}, {'; '.join(claims)}. {self._known}"
        if any(row.change == UNCLEAR for row in rows):
            return f"No clear difference from {self.before.wave}. {self._known}"
        return f"Too little is shown to compare this with {self.before.wave}."

    @property
    def _known(self) -> str:
        """What share of those asked the comparison stands on, in both waves: the others are in none of its figures."""
        (asked, known), (asked_before, known_before) = (each.part.bases for each in self.columns[:2])
        return f"The category is known of {known} of {asked} asked; before, of {known_before} of {asked_before}."

    def _change(self, code: str) -> str:
        if self.before is None:
            return ""
        if self.before.mark:
            return self.before.mark
        return change(*((wave, part, code) for wave, part, _mark in (self.before, self.columns[0])))


Side = tuple[Published, ProtectedTable, str]


def change(before: Side, here: Side) -> str:
    """Whether a category's share of base known is higher or lower than before, beyond doubt and as it is printed.

    A side is a release, a table of it and the category's code. Where one of the shares is not shown, its symbol.
    """
    shares = [_cell(part, code).percent_known for _release, part, code in (here, before)]
    for share in shares:
        if share.status in (CONFIDENTIAL, NOT_AVAILABLE):
            return share.status
    if str(shares[0]) == str(shares[1]):  # who reads the same twice is not told that it differs
        return UNCLEAR
    (least_before, most_before), (least, most) = _range(*before), _range(*here)
    if least > most_before:
        return HIGHER
    return LOWER if most < least_before else UNCLEAR


def _range(release: Published, part: ProtectedTable, code: str) -> tuple[Fraction, Fraction]:
    """Between what the true share lies, by everything that rounding allows."""
    counts = {cell.code: int(cell.count.value or 0) for cell in part.cells if cell.base == "known"}
    own = counts.pop(code)
    return share_range([own], list(counts.values()), release.within)


def _cell(part: ProtectedTable, code: str) -> ProtectedCell:
    return next(cell for cell in part.cells if cell.code == code)
