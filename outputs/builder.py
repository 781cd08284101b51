"""Decides what a query chooses from a release's catalogue, and lays that out; all else is refused in plain words.

There are no free filters: a release holds what was decided before it was built, and a selection only leaves out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outputs.disclosure.protected import FIGURES, NOT_APPLICABLE, ORGANISATION, Figure, ProtectedTable
from outputs.releases import Published

PARAMETERS = ("table", "by", "figure", "rows")
# Of each kind of figure its name, and which of a table's two bases stand beside it.
KINDS = {
    "count": (gettext_lazy("Count"), (0, 1)),
    "percent_asked": (gettext_lazy("Percentage of base asked"), (0,)),
    "percent_known": (gettext_lazy("Percentage of base known"), (1,)),
}
BASES = (gettext_lazy("Base asked"), gettext_lazy("Base known"))
ROWS = {"groups": gettext_lazy("Groups as rows"), "categories": gettext_lazy("Categories as rows")}
LONGEST = 60  # characters of a wrong value that are told back


class BadQuery(ValueError):
    """What is wrong with a query: `faults`, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


@dataclass(frozen=True)
class Selection:
    """Tables, breakdowns and kinds of figure, each by their codes in the release's order; `rows` is a key of ROWS."""

    tables: tuple[str, ...]
    breakdowns: tuple[str, ...]
    figures: tuple[str, ...]
    rows: str

    @property
    def query(self) -> str:
        """The address's query of exactly this selection, always the same."""
        chosen = zip(PARAMETERS, (self.tables, self.breakdowns, self.figures, (self.rows,)), strict=True)
        return urlencode([(name, value) for name, values in chosen for value in values])


@dataclass(frozen=True)
class Grid:
    """One kind of figure of one table, by one breakdown or by none: columns and rows with their headers."""

    id: str
    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]

    @property
    def turned(self) -> "Grid":
        """The same with rows for columns."""
        figures = zip(*(row for _header, row in self.rows), strict=True)
        headers = tuple(header for header, _row in self.rows)
        return Grid(self.id, self.caption, _("Category"), headers, tuple(zip(self.columns, figures, strict=True)))


@dataclass(frozen=True)
class Chosen(Published):
    """What a selection leaves of a release: whatever pages and files make of a release, they make of this too.

    Everyone who answered stays, for groups to be read beside.
    """

    selection: Selection = field(kw_only=True)

    @cached_property
    def whole(self) -> Published:
        return Published(self.row, self.history)

    @property
    def extent(self) -> str:
        return f"tables chosen from release {self.number}"

    @cached_property
    def parts(self) -> tuple[ProtectedTable, ...]:
        kept = {ORGANISATION, *self.selection.breakdowns}
        return tuple(part for part in self.whole.parts if part.id in self.selection.tables and part.breakdown in kept)

    @property
    def breakdowns(self) -> list[Mapping[str, Any]]:
        return [each for each in self.whole.breakdowns if each["code"] in self.selection.breakdowns]

    def notes_of(self, table: ProtectedTable) -> list[str]:
        """With how many were imputed, though the table that counts them may not be chosen."""
        return self.whole.notes_of(table)


def catalogue(release: Published) -> dict[str, dict[str, str]]:
    """What can be chosen: parameter -> value -> title."""
    return {
        "table": {table.id: table.title for table in release.tables},
        "by": {each["code"]: each["title"] for each in release.breakdowns if each["groups"]},
        "figure": {kind: KINDS[kind][0] for kind in FIGURES},
        "rows": ROWS,
    }


def read(release: Published, query: Mapping[str, Sequence[str]]) -> Selection:
    """What a query (parameter -> values) chooses. BadQuery where it asks for anything else.

    Without a kind of figure all are meant; without an orientation, groups as rows.
    """
    offered = catalogue(release)
    faults = [
        _("The builder does not know “%(name)s”: it takes %(known)s, and no filter.")
        % {"name": name[:LONGEST], "known": ", ".join(PARAMETERS)}
        for name in query
        if name not in PARAMETERS
    ]
    lacks = {
        "table": _("This release has no table “%s”."),
        "by": _("This release has no breakdown “%s”."),
        "figure": _("There is no kind of figure “%s”."),
        "rows": _("Rows cannot be “%s”."),
    }
    for name in PARAMETERS:
        unknown = [value for value in query.get(name, ()) if value not in offered[name]]
        faults += [lacks[name] % value[:LONGEST] for value in dict.fromkeys(unknown)]
    rows = set(query.get("rows", ())) or {"groups"}
    if len(rows) > 1:
        faults.append(_("Choose one orientation."))
    if not query.get("table"):
        faults.append(_("Choose at least one table."))
    if faults:
        raise BadQuery(faults)
    chosen = {name: tuple(value for value in offered[name] if value in query.get(name, ())) for name in PARAMETERS}
    return Selection(chosen["table"], chosen["by"], chosen["figure"] or FIGURES, rows.pop())


def grids(chosen: Chosen) -> Iterator[tuple[ProtectedTable, list[Grid]]]:
    """Each chosen table with its grids: by every breakdown, or of everyone alone, and of every kind of figure."""
    for table in chosen.tables:
        by = [(each["code"], each["title"]) for each in chosen.breakdowns] or [(ORGANISATION, "")]
        laid = [_grid(chosen, table, code, title, kind) for code, title in by for kind in chosen.selection.figures]
        yield table, [grid.turned if chosen.selection.rows == "categories" else grid for grid in laid]


def _grid(chosen: Chosen, table: ProtectedTable, code: str, title: str, kind: str) -> Grid:
    name, bases = KINDS[kind]
    parts = [part for part in chosen.parts_of(table) if part.breakdown in (ORGANISATION, code)]
    shown = [place for place, cell in enumerate(table.cells) if getattr(cell, kind).status != NOT_APPLICABLE]
    return Grid(
        id=f"{table.id}-{code}-{kind}",
        caption=" ".join([table.title + (_(", by %s") % title if title else ""), f"– {name}"]),
        corner=title or _("Group"),
        columns=(*(table.cells[place].label for place in shown), *(str(BASES[base]) for base in bases)),
        rows=tuple(
            (
                part.group,
                (*(getattr(part.cells[place], kind) for place in shown), *(part.bases[base] for base in bases)),
            )
            for part in parts
        ),
    )


def lacking(release: Published) -> list[str]:
    """Which breakdowns and crossings of this survey the release does not have, a sentence each."""
    single = [each for each in release.breakdowns if not each.get("two_way")]
    crossed = {frozenset(each["code"].split("_by_")) for each in release.breakdowns if each.get("two_way")}
    return [
        *(
            _("%s: even put together, too few answered for two groups to be shown.") % each["title"]
            for each in release.breakdowns
            if not each["groups"]
        ),
        *(
            _("%(one)s by %(other)s: the two were not crossed when the survey opened.")
            % {"one": one["title"], "other": other["title"]}
            for one, other in combinations(single, 2)
            if frozenset((one["code"], other["code"])) not in crossed
        ),
        *([] if release.breakdowns else [_("Any breakdown: the survey was opened without one.")]),
    ]
