"""Decides which releases of earlier waves a release is set beside, and which of their tables and groups.

What is not alike is a break in the series, `[b]`: `outputs.wave_breaks` has the reasons, `outputs.beside` the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from outputs.beside import Beside, Column
from outputs.disclosure.protected import ProtectedTable
from outputs.releases import Published, releases_of
from outputs.wave_breaks import BREAK, break_of_breakdown, breaks, breaks_of_table, same_categories


@dataclass(frozen=True)
class BrokenDownBeside:
    """A table by one breakdown, group by group; `breaks` are the waves that are left out, each with the reason."""

    code: str
    title: str
    groups: tuple[Beside, ...]
    breaks: tuple[str, ...]


@dataclass(frozen=True)
class Waves:
    """A release, and one of each wave before it, nearest first. `without` are waves of which none can be shown."""

    newest: Published
    earlier: tuple[Published, ...]
    without: tuple[str, ...] = ()

    @property
    def breaks(self) -> list[tuple[Published, list[str]]]:
        """Each earlier wave, with why none of its figures is like the newest one's; [] where they are alike."""
        return [(wave, breaks(self.newest, wave)) for wave in self.earlier]

    @property
    def tables(self) -> list[ProtectedTable]:
        """The newest wave's tables, but those that only count what was imputed."""
        return [table for table in self.newest.tables if not table.imputed_of]

    def breaks_of(self, table: ProtectedTable) -> list[str]:
        """Why this table is not like an earlier wave's, beside what holds of all its tables."""
        return [
            f"{BREAK} {wave}: {reason}."
            for wave in self.earlier
            for reason in breaks_of_table(self.newest, wave, table)
        ]

    def everyone(self, table: ProtectedTable) -> Beside:
        """The table of everyone who answered, in every wave that has its categories."""
        return self._beside(table, table.title, self.earlier)

    def broken_down(self, table: ProtectedTable) -> Iterator[BrokenDownBeside]:
        """The table by each breakdown that the newest wave shows, in the waves that have the same groups."""
        for found in self.newest.broken_down(table):
            judged = [(wave, break_of_breakdown(self.newest, wave, found.code)) for wave in self.earlier]
            alike = [wave for wave, reason in judged if not reason]
            yield BrokenDownBeside(
                found.code,
                found.title,
                tuple(self._beside(part, part.group, alike) for part in found.groups) if alike else (),
                tuple(f"{BREAK} {wave}: {reason}." for wave, reason in judged if reason),
            )

    def _beside(self, part: ProtectedTable, title: str, among: Sequence[Published]) -> Beside:
        same = ((wave, _same(wave, part)) for wave in among)
        earlier = (
            Column(wave, found, BREAK if breaks(self.newest, wave) or breaks_of_table(self.newest, wave, part) else "")
            for wave, found in same
            if found is not None and same_categories(found, part)
        )
        return Beside(title, (Column(self.newest, part), *earlier))


def waves(newest: Published, may_see: Callable[[Published], bool]) -> Waves:
    """The release with the newest of each wave before it that stands and may be seen."""
    earlier, without, seen = [], [], {newest.survey}
    survey = newest.previous
    while survey and survey not in seen:
        seen.add(survey)
        of_wave = releases_of(survey)
        shown = next((each for each in of_wave if may_see(each) and not each.standing.withdrawn), None)
        if shown:
            earlier.append(shown)
        else:
            without.append(survey)
        survey = of_wave[0].previous if of_wave else ""
    return Waves(newest, tuple(earlier), tuple(without))


def _same(wave: Published, part: ProtectedTable) -> ProtectedTable | None:
    """The same table of the same group in another wave."""
    return wave.part(part.id, part.breakdown, part.group_code)
