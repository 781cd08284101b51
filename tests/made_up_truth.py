"""Exact counts of made-up people, for the tests of disclosure control: who they are by school, and all else mixed."""

from collections.abc import Iterable, Mapping

import numpy as np

from outputs import tables
from outputs.disclosure.protected import EVERYONE, Where
from outputs.disclosure.shapes import Shape, people_in, shape
from outputs.disclosure.truth import Atoms, Earlier, Row, Truth, linked
from outputs.exact_rows import telling
from questionnaire import registry
from tests.conftest import STANDARD
from tests.counted_survey import NOT_WORKING, SUPERVISING_PROFESSIONAL

IMPUTE = {"imputation": "standard"}
Patterns = list[tuple[Mapping[str, str], int]]

_WORK = [
    {
        key: answers[key]
        for key in ("employment_status", "employer_size", "supervisor", "parental_occupation")
        if key in answers
    }
    for answers in (
        SUPERVISING_PROFESSIONAL,
        {**SUPERVISING_PROFESSIONAL, "supervisor": "no", "parental_occupation": "routine"},
        NOT_WORKING,
    )
]
_ASKED_ABOUT_MEALS = ("state", "state_selective", "dont_know", "prefer_not_to_say")
_QUALIFIED = ("degree", "below_degree", "no_qualifications")


def mixed(school: str, n: int) -> Patterns:
    """`n` people of one kind of school whose other answers take turns: nobody's follows from another's."""
    turns = [
        {
            "school_type": school,
            **({"free_school_meals": ("yes", "no")[each % 2]} if school in _ASKED_ABOUT_MEALS else {}),
            **_WORK[each % 3],
            "parental_qualification": _QUALIFIED[each % 3],
        }
        for each in range(6)
    ]
    different = [answers for each, answers in enumerate(turns) if answers not in turns[:each]]
    return [(answers, len(range(each, n, len(different)))) for each, answers in enumerate(different) if each < n]


def shaped(**settings: str) -> Shape:
    return shape(registry.get_key(STANDARD), {**IMPUTE, **settings})


def row(patterns: Patterns, where: Where = EVERYONE, shown: bool = True) -> Row:
    standard = registry.get_key(STANDARD)
    counted = tables.tabulate(standard, patterns, IMPUTE)
    counts = {(table, code): n for table, by in counted.items() for code, n in by.items()}
    return Row(where, people_in(shaped(), counts), sum(n for _answers, n in patterns), shown)


def truth(
    patterns: Patterns,
    groups: Mapping[str, Patterns] | None = None,
    *,
    knows: int = 2,
    small: int = 10,
    earlier: Iterable[Earlier] = (),
) -> Truth:
    """Everybody, and the groups of one breakdown."""
    rows, sums = linked(
        [
            (row(patterns), Atoms((), frozenset({()}))),
            *(
                (row(each, Where("grade", code, code)), Atoms(("grade",), frozenset({(code,)})))
                for code, each in (groups or {}).items()
            ),
        ]
    )
    return Truth(shaped(), rows, sums, telling(registry.get_key(STANDARD), shaped()), small, knows, 5, tuple(earlier))


def cell(table: str, code: str) -> int:
    """Its place among the cells."""
    return shaped().cells.index((table, code))


def before(patterns: Patterns, *, joined: int, left: int, within: int = 2) -> Earlier:
    """An earlier release of everybody, rounded to the nearest 5, or to neighbours of the true counts within 0."""
    counts = row(patterns).counts
    rounded = (counts + 2) // 5 * 5 if within else counts
    return Earlier(0, np.maximum(rounded - within, 0), rounded + within, joined, left)
