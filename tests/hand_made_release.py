"""Releases made up by hand, without a database: what the tests of waves compare."""

from datetime import UTC, datetime
from decimal import Decimal

from outputs.disclosure.protected import EVERYONE, LOW, NOT_APPLICABLE, Figure, ProtectedCell, ProtectedTable, Where
from outputs.models import Release
from outputs.releases import Published

FACTS = {
    "organisation": "Made-up Office",
    "standard": "gss_seb/2023-07",
    "policy": "rounded",
    "rounding": {"method": "nearest", "to": 5, "within": 2},
    "imputation": "standard",
    "settings": [{"title": "Unknown answers", "choice": "Impute", "meaning": ""}],
    "access": "invited",
    "headcount": 600,
    "headcount_date": "2026-01-01",
    "collections": [{"mode": "Online", "first_day": "2026-02-01", "last_day": "2026-02-28"}],
    "responses": {"value": "500", "status": ""},
    "words": {"policy": "", "notes": [], "symbols": []},
}
GRADES = [
    {"code": "junior", "title": "Junior", "members": ["Junior"], "headcount": 300},
    {"code": "senior", "title": "Senior", "members": ["Senior", "Chief"], "headcount": 300},
]
GRADE = {"code": "grade", "title": "Grade", "shape": "order", "two_way": False, "groups": GRADES}
JUNIOR, SENIOR = Where("grade", "junior", "Junior"), Where("grade", "senior", "Senior")


def table(known: dict[str, int], unknown: int = 0, *, status="", id="colour", where=EVERYONE, imputed_of=""):
    """A protected table with these printed counts (0 is low), and others of whom no category is known.

    With a status everything in it is withheld by that symbol.
    """
    base = sum(known.values())
    cells = [_cell(code, "known", count, status, base) for code, count in known.items()]
    asked = None if status == "[c]" else base + unknown
    return ProtectedTable(
        id=id,
        title=id.capitalize(),
        universe="Everyone.",
        notes=(),
        imputed_of=imputed_of,
        **where._asdict(),
        cells=(*cells, _cell("not_known", "asked", unknown, status, base)),
        base_asked=asked,
        base_known=None if status == "[c]" else base,
    )


def _cell(code: str, base: str, count: int, status: str, known: int) -> ProtectedCell:
    def figure(number: int) -> Figure:
        return Figure(Decimal(number)) if count else Figure(None, LOW)

    withheld = Figure(None, status)
    share = figure(round(100 * count / known)) if base == "known" and known else Figure(None, NOT_APPLICABLE)
    return ProtectedCell(
        code,
        code.capitalize(),
        base,
        count=withheld if status == "[c]" else figure(count),
        percent_asked=withheld if status else Figure(None, NOT_APPLICABLE),
        percent_known=withheld if status else share,
    )


def made(*tables: ProtectedTable, survey="later", number=1, history=None, **facts) -> Published:
    """A release with these tables and, but for these, the usual facts."""
    told = {**FACTS, "survey": survey, "title": survey.capitalize(), "previous": "", **facts}
    row = Release(number=number, facts=told, tables=[each.to_json() for each in tables])
    row.created_at = datetime(2026, 3, 1, tzinfo=UTC)
    return Published(row, history or {number: None})
