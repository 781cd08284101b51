"""Decides what the charts of a release show: a chart for each table of everyone, and one by each breakdown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from outputs.broken_down import BrokenDown
from outputs.disclosure.protected import BOTTOM, ORGANISATION, TOP, Figure, ProtectedTable
from outputs.releases import Published
from outputs.shares import in_words, known_cells
from outputs.words import together

SHADES = 3  # an order of more steps is drawn in one colour, as categories are: four colours at most, one for unknown
CODED = {TOP, BOTTOM}
MOST_PANELS = 24  # beyond it nobody compares small charts by eye, and the table serves better


@dataclass(frozen=True)
class Bar:
    """A category’s share of the base known or, where `known` is false, of the base asked.

    `shade` is its step in an order, from 1; 0 where categories have none. `everyone` is the whole organisation’s
    share in per cent, where the bar is to be seen beside it.
    """

    label: str
    share: Figure
    known: bool
    shade: int = 0
    everyone: Decimal | None = None


@dataclass(frozen=True)
class Panel:
    """One small chart: a table of everyone or of one group. All panels have the same scale, from 0 to 100 per cent."""

    id: str
    title: str
    table: str
    base_asked: Figure
    base_known: Figure
    bars: tuple[Bar, ...]

    @property
    def known(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if bar.known)

    @property
    def unknown(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if not bar.known)

    @property
    def heading_of_known(self) -> str:
        return f"Base known: {self.base_known} of {self.base_asked} people asked"

    @property
    def heading_of_unknown(self) -> str:
        return f"Base asked: {self.base_asked} people"

    @property
    def words(self) -> str:
        """Everything that is drawn, for whoever does not see it."""
        parts = [f"{self.heading_of_known}: {_told(self.known)}."]
        if self.unknown:
            parts.append(f"{self.heading_of_unknown}: {_told(self.unknown)}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Chart:
    """Panels that are compared with each other. `file` is the name of the stand-alone drawing."""

    id: str
    title: str
    panels: tuple[Panel, ...]

    @property
    def file(self) -> str:
        return f"{self.id}.svg"


def legend(release: Published, *panels: Panel) -> list[str]:
    """How these panels are to be read: what is drawn in them besides bars, each symbol in them with its meaning."""
    bars = [bar for panel in panels for bar in panel.bars]
    shown = {bar.share.status for bar in bars}
    return [
        "Every bar starts at zero, and all have the same scale.",
        *(
            ["A line across a bar’s end: the range that rounding allows."]
            if any(bar.share.between for bar in bars)
            else []
        ),
        *(["An upright mark: everyone’s share."] if any(bar.everyone is not None for bar in bars) else []),
        *([f"A dashed box: all that {together(sorted(shown & CODED))} may stand for."] if shown & CODED else []),
        *(f"{symbol} {meaning}." for symbol, meaning in release.symbols if symbol in shown),
    ]


def charts(release: Published) -> Iterator[Chart]:
    """Every chart of a release, in the order of its tables. What counts imputed answers is no result, and not drawn."""
    for table in release.tables:
        if not table.imputed_of:
            yield of_table(release, table)
            yield from filter(None, (of_groups(release, each) for each in release.broken_down(table)))


def of_table(release: Published, table: ProtectedTable) -> Chart:
    """The chart of everyone."""
    return Chart(f"chart-{table.id}", table.title, (_panel(release, table, "Everyone"),))


def of_groups(release: Published, broken_down: BrokenDown) -> Chart | None:
    """A panel for each group, in the breakdown’s order, each beside everyone’s shares; None where they are too many."""
    groups = broken_down.groups
    if len(groups) > MOST_PANELS:
        return None
    title = f"{groups[0].title}, by {broken_down.title}"
    panels = tuple(_panel(release, group, group.group) for group in groups)
    return Chart(f"chart-{groups[0].id}-by-{broken_down.code}", title, panels)


def compact(id: str, *compared: Chart) -> Chart:
    """The panels of these charts as one chart, without the shares of the base asked: to be seen side by side."""
    panels = tuple(
        replace(panel, id=f"{id}-{panel.id}", bars=panel.known) for chart in compared for panel in chart.panels
    )
    return Chart(id, compared[0].title, panels)


def _panel(release: Published, table: ProtectedTable, title: str) -> Panel:
    known = known_cells(table)
    in_order = release.is_ordered(table) and len(known) <= SHADES
    everyone = {}
    if table.breakdown != ORGANISATION:
        everyone = {cell.code: cell.percent_known.value for cell in release.table(table.id).cells}
    bars = [
        Bar(cell.label, cell.percent_known, True, place if in_order else 0, everyone.get(cell.code))
        for place, cell in enumerate(known, 1)
    ]
    bars += [Bar(cell.label, cell.percent_asked, False) for cell in table.cells if cell.base == "asked"]
    return Panel(
        id=f"panel-{table.id}-{table.breakdown}-{table.group_code}",
        title=title,
        table=table.title,
        base_asked=table.bases[0],
        base_known=table.bases[1],
        bars=tuple(bars),
    )


def _told(bars: tuple[Bar, ...]) -> str:
    return "; ".join(
        f"{bar.label}, {in_words(bar.share)}"
        + (f", everyone {bar.everyone} per cent" if bar.everyone is not None else "")
        for bar in bars
    )
