"""Decides what a board reads in two minutes: headlines, the classes of everyone and of each grade, and cautions.

Which table has classes, and which breakdown grades, is told by their order: the first table that may be drawn as an
order, and the first breakdown with one.
"""

from dataclasses import dataclass

from outputs import charts, headlines
from outputs.charts import Chart
from outputs.dashboard import ShownByGroup, shown_by_group
from outputs.disclosure.protected import ORGANISATION, Figure, ProtectedTable
from outputs.headlines import Headline
from outputs.rates import Rate, declaration_rate, response_rate
from outputs.releases import Published
from outputs.shares import known_cells

CAUTIONS = (
    "This is about the people who answered. Nothing is known of those who did not, and they may differ.",
    "A difference is named only where it stands whatever counts the rounding hides. It tells no cause.",
)


@dataclass(frozen=True)
class Row:
    """A group’s share of each class, and whether it is clearly above or below everyone’s (blank where not known)."""

    title: str
    base_known: Figure
    shares: tuple[tuple[Figure, str], ...]


@dataclass(frozen=True)
class Representation:
    """Everyone, and each group of an ordered breakdown, in the classes of an ordered table. `by` has the headline."""

    by: ShownByGroup
    classes: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Summary:
    """`classes` is the chart of everyone and of each group; None, as `representation`, where nothing has an order."""

    response: Rate | None
    declaration: Rate | None
    headlines: tuple[tuple[str, Headline], ...]
    classes: Chart | None
    legend: tuple[str, ...]
    representation: Representation | None
    cautions: tuple[str, ...]


def summary(release: Published) -> Summary:
    """The summary of a release."""
    table = next((each for each in release.tables if release.is_ordered(each)), None)
    representation = _representation(release, table) if table else None
    drawn = [charts.of_table(release, table)] if table else []
    if representation and representation.by.chart:
        drawn.append(representation.by.chart)
    classes = charts.compact("summary", *drawn) if drawn else None
    found = [(each.title, headlines.of_table(release, each)) for each in release.tables if not each.imputed_of]
    about = [*(headline for _title, headline in found), *([representation.by.headline] if representation else [])]
    cautions = dict.fromkeys([*CAUTIONS, *(caution for headline in about for caution in headline.cautions)])
    return Summary(
        response=response_rate(release),
        declaration=declaration_rate(release, table) if table else None,
        headlines=tuple(found),
        classes=classes,
        legend=tuple(charts.legend(release, *classes.panels)) if classes else (),
        representation=representation,
        cautions=tuple(cautions),
    )


def _representation(release: Published, table: ProtectedTable) -> Representation | None:
    ordered = {each["code"] for each in release.breakdowns if each["shape"] == "order" and not each["two_way"]}
    by = next((each for each in shown_by_group(release, table) if each.breakdown.code in ordered), None)
    if by is None:
        return None
    return Representation(
        by=by,
        classes=tuple(cell.label for cell in known_cells(table)),
        rows=tuple(_row(release, part) for part in (table, *by.breakdown.groups)),
    )


def _row(release: Published, part: ProtectedTable) -> Row:
    everyone = part.breakdown == ORGANISATION
    shares = tuple(
        (cell.percent_known, "" if everyone else headlines.standing(release, part, cell)) for cell in known_cells(part)
    )
    return Row("Everyone" if everyone else part.group, part.bases[1], shares)
