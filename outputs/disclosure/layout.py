"""How any policy lays out a protected table: bases, percentages and what has none. Whole numbers in, halves up."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from outputs.disclosure.protected import NOT_APPLICABLE, Figure, ProtectedCell, ProtectedTable
from questionnaire.engine.model import Category, Table

# The bases in which a category counts, by the base that the standard puts it in: "known" lies inside "asked".
_COUNTS_IN = {"known": {"known", "asked"}, "asked": {"asked"}, "neither": set()}


def lay_out(
    table: Table,
    breakdown: str,
    group: str,
    counts: Mapping[str, int],
    *,
    count: Callable[[int], Figure],
    percent: Callable[[int, int], Figure],
) -> ProtectedTable:
    """The table of one group. `counts` has every category's code; everything printed comes from it and nothing else.

    `count` says how a count is printed, `percent` how the percentage of a count in a base.
    """
    asked, known = _base(table, counts, "asked"), _base(table, counts, "known")

    def share(category: Category, name: str, base: int) -> Figure:
        if name not in _COUNTS_IN[category.base]:
            return Figure(None, NOT_APPLICABLE)
        return percent(counts[category.code], base)

    cells = tuple(
        ProtectedCell(
            category.code,
            category.label,
            category.base,
            count=count(counts[category.code]),
            percent_asked=share(category, "asked", asked),
            percent_known=share(category, "known", known),
        )
        for category in table.categories
    )
    return frame(table, breakdown, group, cells, asked, known)


def frame(
    table: Table,
    breakdown: str,
    group: str,
    cells: tuple[ProtectedCell, ...],
    asked: int | None = None,
    known: int | None = None,
) -> ProtectedTable:
    """The table around its cells; without bases where they are withheld."""
    return ProtectedTable(
        id=table.id,
        title=table.title,
        universe=table.universe,
        notes=table.notes,
        imputed_of=table.imputed_of,
        breakdown=breakdown,
        group=group,
        cells=cells,
        base_asked=asked,
        base_known=known,
    )


def percentage(count: int, base: int, decimals: int) -> Decimal:
    """`count` as a percentage of `base` (not 0). No floating point, so it is the same everywhere."""
    scale = 10**decimals
    return Decimal((2 * 100 * scale * count + base) // (2 * base)).scaleb(-decimals)


def _base(table: Table, counts: Mapping[str, int], name: str) -> int:
    return sum(counts[category.code] for category in table.categories if name in _COUNTS_IN[category.base])
