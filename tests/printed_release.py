"""A release made of figures as they would be printed, for tests of what is worked out from these alone."""

from decimal import Decimal

from outputs.disclosure.protected import LOW, ORGANISATION, Figure, ProtectedCell, ProtectedTable
from outputs.models import Release
from outputs.releases import Published


def printed_table(counts: dict[str, int | str], *, base: str = "known", group: str = "") -> ProtectedTable:
    """A table of these counts, 0 being printed as low and a text as itself; its percentages are left out."""
    cells = tuple(
        ProtectedCell(
            code,
            code.capitalize(),
            "asked" if code == "unknown" else base,
            Figure(None, n if isinstance(n, str) else LOW) if isinstance(n, str) or not n else Figure(Decimal(n)),
            Figure(None, "asked"),
            Figure(None, "known"),
        )
        for code, n in counts.items()
    )
    where = ("grade", group, group.capitalize()) if group else (ORGANISATION, "all", "All")
    return ProtectedTable("two", "Two", "", (), "", *where, cells, None, None)


def printed_release(*tables: ProtectedTable, policy: str = "rounded", within: int = 2) -> Published:
    facts = {"policy": policy, "rounding": {"method": "nearest", "to": 5, "within": within}, "survey": "staff"}
    return Published(Release(facts=facts, tables=[table.to_json() for table in tables], number=1))
