"""Lays out what a survey counted as rows for the disclosure layer: everybody, then each group of each breakdown.

Exact numbers: only the release job may see them.
"""

from collections.abc import Sequence

import numpy as np

from outputs import tables
from outputs.disclosure.protected import EVERYONE, Where
from outputs.disclosure.shapes import Shape, people_in
from outputs.disclosure.truth import Atoms, Row
from outputs.release_facts import settings
from questionnaire import selectors
from questionnaire.engine.model import Standard
from questionnaire.merging import answered

Counted = tuple[Row, Atoms]


def exact_rows(
    survey: selectors.SurveyFacts,
    standard: Standard,
    shape: Shape,
    breakdowns: Sequence[selectors.CountedBreakdown],
) -> list[Counted]:
    """The first row is of everybody. A row is shown where it has as many people as the survey's thresholds ask."""
    patterns = [(answers, n) for _mode, answers, n in selectors.patterns(survey.id)]
    counted = tables.tabulate(standard, patterns, settings(survey))
    counts = people_in(shape, {(table, code): n for table, by in counted.items() for code, n in by.items()})
    return with_groups(survey, standard, shape, counts, sum(n for _answers, n in patterns), breakdowns)


def with_groups(
    survey: selectors.SurveyFacts,
    standard: Standard,
    shape: Shape,
    counts: np.ndarray,
    people: int,
    breakdowns: Sequence[selectors.CountedBreakdown],
) -> list[Counted]:
    """The rows of everybody, whose `counts` are in the order of the shape's cells, and of each group."""
    enough = survey.policy == "exact" or people >= survey.minimum_responses
    rows = [(Row(EVERYONE, counts, people, enough), Atoms((), frozenset({()})))]
    for breakdown, group in ((each, group) for each in breakdowns for group in each.groups):
        size, substantive = answered(standard.tables, group.counts)
        shown = enough and (survey.policy == "exact" or min(size, substantive) >= survey.group_minimum)
        where = Where(breakdown.code, group.code, group.title)
        row = Row(where, people_in(shape, group.counts), size, shown)
        rows.append((row, Atoms(breakdown.of, frozenset(group.crossed))))
    return rows


def telling(standard: Standard, shape: Shape) -> np.ndarray:
    """Which cells are a fact about a person. bool, one a cell."""
    facts = {(table.id, category.code): category.telling for table in standard.tables for category in table.categories}
    return np.array([facts[cell] for cell in shape.cells])
