"""Lays out a table by the groups of a breakdown as pages show it: groups as rows, one kind of figure at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from outputs.disclosure.protected import FIGURES, Figure, ProtectedTable

# Each kind of figure in words, and the bases that stand beside it.
_KINDS = {
    "count": ("Count", ("Base asked", "Base known")),
    "percent_asked": ("Percentage of base asked", ("Base asked",)),
    "percent_known": ("Percentage of base known", ("Base known",)),
}
# The categories that have such a figure, by the base that the standard puts them in.
_HAVE = {
    "count": {"known", "asked", "neither"},
    "percent_asked": {"known", "asked"},
    "percent_known": {"known"},
}
_BASES = ("Base asked", "Base known")


@dataclass(frozen=True)
class Grid:
    """One kind of figure: a row for each group, a column for each category that has it, then the bases."""

    id: str
    caption: str
    categories: tuple[str, ...]
    bases: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]


@dataclass(frozen=True)
class BrokenDown:
    """A table by one breakdown: the same table of each of its groups, in order."""

    code: str
    title: str
    groups: tuple[ProtectedTable, ...]

    @property
    def grids(self) -> Iterator[Grid]:
        """Counts, then the percentages of both bases."""
        for kind in FIGURES:
            name, bases = _KINDS[kind]
            yield Grid(
                id=f"by-{self.code}-{kind}",
                caption=f"{self.groups[0].title}, by {self.title}. {name}",
                categories=tuple(cell.label for cell in self.groups[0].cells if cell.base in _HAVE[kind]),
                bases=bases,
                rows=tuple((group.group, self._row(group, kind, bases)) for group in self.groups),
            )

    @staticmethod
    def _row(group: ProtectedTable, kind: str, bases: tuple[str, ...]) -> tuple[Figure, ...]:
        figures = [getattr(cell, kind) for cell in group.cells if cell.base in _HAVE[kind]]
        return (*figures, *(base for name, base in zip(_BASES, group.bases, strict=True) if name in bases))
