"""Gathers what the results pages show of a release beside its tables: rates, and each chart with its headline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from outputs import charts, headlines, rates
from outputs.broken_down import BrokenDown
from outputs.charts import Chart
from outputs.disclosure.protected import ProtectedTable
from outputs.headlines import Headline
from outputs.releases import Published


@dataclass(frozen=True)
class Shown:
    """A table of everyone with its headline and chart; what counts imputed answers has neither."""

    table: ProtectedTable
    headline: Headline | None = None
    chart: Chart | None = None
    legend: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownByGroup:
    """A table by one breakdown. The chart is None where there are too many groups to draw."""

    breakdown: BrokenDown
    headline: Headline | None = None
    chart: Chart | None = None
    legend: tuple[str, ...] = ()


def shown(release: Published, table: ProtectedTable) -> Shown:
    """A table of everyone as a page shows it."""
    if table.imputed_of:
        return Shown(table)
    chart = charts.of_table(release, table)
    return Shown(table, headlines.of_table(release, table), chart, _legend(release, chart))


def shown_by_group(release: Published, table: ProtectedTable) -> Iterator[ShownByGroup]:
    """The table by each breakdown as a page shows it."""
    for each in release.broken_down(table):
        if table.imputed_of:
            yield ShownByGroup(each)
        else:
            chart = charts.of_groups(release, each)
            yield ShownByGroup(each, headlines.of_groups(release, each), chart, _legend(release, chart))


def rates_of(release: Published) -> dict[str, Any]:
    """Response and declaration rates, as the template of the rates has them."""
    day = release.facts["headcount_date"]
    by_group = [(each, rates.response_rates(release, each["code"])) for each in release.breakdowns]
    return {
        "response_rate": rates.response_rate(release),
        "headcount_date": date.fromisoformat(day) if day else None,
        "declaration_rates": list(rates.declaration_rates(release)),
        "response_rates": [
            {"code": each["code"], "title": each["title"], "rates": found} for each, found in by_group if found
        ],
    }


def _legend(release: Published, chart: Chart | None) -> tuple[str, ...]:
    return tuple(charts.legend(release, *chart.panels)) if chart else ()
