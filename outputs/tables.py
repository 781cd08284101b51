"""Counts of answer patterns to exact tables. Only the release job may see these numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping

from questionnaire.engine.derive import derive
from questionnaire.engine.model import Standard


def tabulate(
    standard: Standard, patterns: Iterable[tuple[Mapping[str, str], int]], settings: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """How many respondents fall into each category of each table: table id to category code to count.

    `patterns` are answers (codes by question id) with the number of respondents who gave them. Every category of
    every table is there, in the standard's order, those of nobody included. Deriving is done once for each pattern,
    so that the time does not grow with the number of respondents.
    """
    totals: Counter[tuple[str, str]] = Counter()
    for answers, respondents in patterns:
        derived = derive(standard, answers, settings)
        for table in standard.tables:
            totals[table.id, derived[table.variable]] += respondents
    return {
        table.id: {category.code: totals[table.id, category.code] for category in table.categories}
        for table in standard.tables
    }
