"""Small sentences that pages, files and docs share."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal


def either(items: Sequence[str]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    return _listed(items, "or")


def together(items: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return _listed(items, "and")


def who_is_in_base(base: str, categories: Iterable) -> str:
    """Who counts in the base "asked" or "known" of a table, from its categories' labels and bases."""
    outside = {"asked": {"neither"}, "known": {"neither", "asked"}}[base]
    left_out = [f"“{category.label}”" for category in categories if category.base in outside]
    return f"everyone except {together(left_out)}" if left_out else "everyone"


def labels_of(table, codes: Collection[str]) -> str:
    """The categories of a table with these codes, in the table's order: “a”, “a and b”."""
    return together([cell.label for cell in table.cells if cell.code in codes])


def per_cent(share: Decimal) -> str:
    """“37 per cent”, “7.5 per cent”, without zeros at the end."""
    return f"{share.normalize():f} per cent"


def share_in_words(share) -> str:
    """A share (a `Figure`) in per cent, with the range that rounding allows where it is given; or its symbol."""
    if share.value is None:
        return share.status
    between = f" ({share.between})" if share.between else ""
    return f"{share.value}{between} per cent"


def period(first: date | None, last: date | None) -> str:
    """“1 November 2026 to 14 November 2026”; one day alone where both are the same; blank where neither is known."""
    days = [f"{day.day} {day:%B %Y}" for day in (first, last) if day is not None]
    return " to ".join(dict.fromkeys(days))


def _listed(items: Sequence[str], conjunction: str) -> str:
    return f" {conjunction} ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
