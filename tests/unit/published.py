"""Releases of made-up counts, without a database: what the tests of charts, headlines and rates are held against."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from outputs.disclosure import policy
from outputs.disclosure.protected import EVERYONE, Where
from outputs.models import Release
from outputs.releases import Published
from questionnaire.engine.model import Category, Table

CLASSES = (
    Category("high", "High", "known"),
    Category("middle", "Middle", "known"),
    Category("low", "Low", "known"),
    Category("unknown", "Unknown", "asked"),
)


def table(id: str = "classes", categories: Sequence[Category] = CLASSES, **fields) -> Table:
    return Table(id, f"The {id}", id, "Everyone who answered.", tuple(categories), **fields)


def published(
    counts: Sequence[int] | Mapping[str, Sequence[int]],
    *,
    of: Table | None = None,
    others: Sequence[tuple[Table, Sequence[int]]] = (),
    exact: bool = False,
    ordered: bool = True,
    shape: str = "order",
    headcounts: Mapping[str, int | None] | None = None,
    **facts,
) -> Published:
    """A release of one table: its counts of everyone or, by title, of everyone ("All") and of the groups of Grade.

    Counts are as they were before rounding, in the order of the categories. `others` are further tables of everyone.
    """
    found = dict(counts) if isinstance(counts, Mapping) else {"All": counts}
    main = of or table()
    rules = policy("exact" if exact else "rounded", minimum_responses=10, round_to=5)
    parts = []
    for each, by_title in ((main, found), *((each, {"All": numbers}) for each, numbers in others)):
        for title, numbers in by_title.items():
            where = EVERYONE if title == "All" else Where("grade", title.lower(), title)
            rounded = numbers if exact else [(n + 2) // 5 * 5 for n in numbers]
            named = {category.code: n for category, n in zip(each.categories, rounded, strict=True)}
            parts.append(rules.protect(each, where, named, exact or sum(numbers) >= 10).to_json())
    groups = [title for title in found if title != "All"]
    told = {
        "survey": "staff",
        "title": "Staff survey",
        "organisation": "Made-up Office",
        "standard": "made-up/1",
        "standard_title": "Made-up standard",
        "standard_owner": "Nobody",
        "licence": "a licence",
        "policy": "exact" if exact else "rounded",
        "rounding": rules.rounding,
        "responses": rules.responses(sum(found["All"])).to_json(),
        "headcount": None,
        "headcount_date": None,
        "ordered": [main.id] if ordered else [],
        "words": {
            "policy": rules.words,
            "notes": [],
            "symbols": [[symbol, meaning] for symbol, meaning in rules.symbols.items()],
        },
    }
    if groups:
        told["breakdowns"] = [
            {
                "code": "grade",
                "title": "Grade",
                "shape": shape,
                "two_way": False,
                "groups": [
                    {
                        "code": title.lower(),
                        "title": title,
                        "members": [title],
                        "headcount": (headcounts or {}).get(title),
                    }
                    for title in groups
                ],
            }
        ]
    made = Release(number=1, facts=told | facts, tables=parts)
    made.created_at = datetime(2026, 11, 1, tzinfo=UTC)
    return Published(made, history={1: None})
