"""The policy "exact": nothing is protected, for a statistical office that does its own disclosure control."""

from collections.abc import Mapping
from decimal import Decimal

from outputs.disclosure.layout import lay_out, percentage
from outputs.disclosure.protected import NOT_APPLICABLE, NOT_AVAILABLE, Figure, ProtectedTable, Where
from questionnaire.engine.model import Table

WORDS = (
    "Exact: counts are not rounded and nothing is withheld. This release is for a statistical office with its own "
    "disclosure control. Do not publish it as it stands."
)
NOTES = ("Percentages are rounded to one decimal, so they may not add up to 100.",)
SYMBOLS = {
    NOT_APPLICABLE: "not applicable: the category stands outside this base",
    NOT_AVAILABLE: "not available: nobody is in this base",
}


class Exact:
    """Counts as they are."""

    words = WORDS
    notes = NOTES
    notes_on_groups = ()
    symbols = SYMBOLS
    rounding = {"method": "none", "to": 1, "within": 0}

    def responses(self, exact: int) -> Figure:
        """The number of responses."""
        return Figure(Decimal(exact))

    def protect(self, table: Table, where: Where, counts: Mapping[str, int], shown: bool) -> ProtectedTable:
        """The table as it was counted, percentages with one decimal, whatever the threshold."""
        return lay_out(table, where, counts, count=lambda count: Figure(Decimal(count)), percent=_percent)


def _percent(count: int, others: list[int]) -> Figure:
    base = count + sum(others)
    return Figure(percentage(count, base, decimals=1)) if base else Figure(None, NOT_AVAILABLE)
