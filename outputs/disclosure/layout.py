"""How any policy lays out a protected table: bases, percentages and what has none. Whole numbers in, halves up."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from outputs.disclosure.protected import NOT_APPLICABLE, Figure, ProtectedCell, ProtectedTable, Where
from questionnaire.engine.model import Category, Table

# The bases in which a category counts, by the base that the standard puts it in: "known" lies inside "asked".
_COUNTS_IN = {"known": {"known", "asked"}, "asked": {"asked"}, "neither": set()}


def lay_out(
    table: Table,
    where: Where,
    counts: Mapping[str, int],
    *,
    count: Callable[[int], Figure],
    percent: Callable[[int, list[int]], Figure],
) -> ProtectedTable:
    """The table of one group. `counts` has every category's code; everything printed comes from it and nothing else.

    `count` says how a count is printed, `percent` how its percentage, given the other counts in the base.
    """

    def share(category: Category, name: str) -> Figure:
        if name not in _COUNTS_IN[category.base]:
            return Figure(None, NOT_APPLICABLE)
        others = [each for each in table.categories if each is not category and name in _COUNTS_IN[each.base]]
        return percent(counts[category.code], [counts[each.code] for each in others])

    cells = tuple(
        ProtectedCell(
            category.code,
            category.label,
            category.base,
            count=count(counts[category.code]),
            percent_asked=share(category, "asked"),
            percent_known=share(category, "known"),
        )
        for category in table.categories
    )
    return frame(table, where, cells, _base(table, counts, "asked"), _base(table, counts, "known"))


def frame(
    table: Table,
    where: Where,
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
        **where._asdict(),
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
