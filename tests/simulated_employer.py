"""Makes up employers of any size, and releases their surveys by the product's own way, but for the database.

Staff differ by group in how they answer, and some groups are nearly all alike: what an attacker looks for.
"""

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from outputs import disclosure
from outputs.disclosure.protected import ProtectedTable
from outputs.disclosure.shapes import Shape, depends_on, shape
from outputs.disclosure.truth import by_cell
from outputs.earlier_releases import EarlierRelease, printed_rows
from outputs.exact_rows import with_groups
from outputs.models import Release
from outputs.release_facts import told
from outputs.rounded_rows import Rows, rounded_rows
from questionnaire import registry
from questionnaire.engine.derive import derive
from questionnaire.engine.interviews import interviews
from questionnaire.engine.model import Standard, Table
from questionnaire.merging import Size, answered, merge
from questionnaire.selectors import CountedBreakdown, CountedGroup, SurveyFacts

MODE = "online"
SETTINGS = {"imputation": "standard"}
ANSWERED = 2 / 3
NEARLY_ALL_ALIKE = 0.15  # of departments, and of grades
TEAMS = 6  # in a department of a tree, about

# Staff -> grades, departments (with their teams, where they are a tree), shape of the departments.
EMPLOYERS = {
    50: (3, 4, "flat"),
    200: (4, 6, "flat"),
    500: (5, 12, "tree"),
    2_000: (6, 8, "flat"),
    10_000: (8, 60, "tree"),
    100_000: (10, 300, "tree"),
    500_000: (10, 990, "tree"),
}


def standard() -> Standard:
    return registry.all_standards()[0]


@dataclass(frozen=True)
class Interviews:
    """Every interview that the standard allows: the option of each question (-1 where not asked), and its cells."""

    options: np.ndarray  # interviews by questions, places among all options
    cells: np.ndarray  # interviews by tables, places among the shape's cells
    weights: np.ndarray  # of all options, as the demonstration has them


@lru_cache(maxsize=1)
def all_interviews() -> Interviews:
    found = list(interviews(standard(), MODE))
    shaped = shape(standard(), SETTINGS)
    cells = {cell: place for place, cell in enumerate(shaped.cells)}
    codes = [(question.id, code) for question in standard().questions for code in question.asking(MODE).codes]
    places = {each: place for place, each in enumerate(codes)}
    with (registry.folder(standard().key) / "demonstration.csv").open(encoding="utf-8", newline="") as file:
        weights = {(row["question"], row["code"]): float(row["weight"]) for row in csv.DictReader(file)}
    behind = {
        table.id: [each.id for each in standard().questions if each.id in depends_on(standard())[table.id]]
        for table in standard().tables
    }
    derived: dict[
        tuple[str, ...], str
    ] = {}  # by table and the answers that it stands on: few enough to derive each once

    def cell(table: Table, answers: dict[str, str]) -> int:
        key = (table.id, *(answers.get(question, "") for question in behind[table.id]))
        if key not in derived:
            derived[key] = derive(standard(), answers, SETTINGS)[table.variable]
        return cells[table.id, derived[key]]

    return Interviews(
        np.array([[places.get((q.id, each.get(q.id)), -1) for q in standard().questions] for each in found]),
        np.array([[cell(table, each) for table in standard().tables] for each in found]),
        np.array([weights.get(each, 0.0) for each in codes]),
    )


@dataclass(frozen=True, eq=False)
class Staff:
    """Everybody at an employer, one entry each: grade, department, interview (a place among all), who answered.

    `person` is a number that stays with a person from wave to wave.
    """

    person: np.ndarray
    grade: np.ndarray
    department: np.ndarray
    interview: np.ndarray
    answered: np.ndarray

    @cached_property
    def cells(self) -> np.ndarray:
        """People by tables: the cell that each is in."""
        return all_interviews().cells[self.interview]


class Employer:
    """An employer of so many staff, the same for the same seed."""

    def __init__(self, size: int, seed: int) -> None:
        self.size, self.seed = size, seed
        self.grades, self.departments, self.shape = EMPLOYERS[size]
        self._random = np.random.default_rng([size, seed])
        self._of_grades = self._leanings(self.grades)
        self._of_departments = self._leanings(self.departments)
        sizes = self._random.lognormal(0, 0.8, self.departments)
        self._department_sizes = sizes / sizes.sum()
        self._grade_sizes = np.linspace(2, 0.4, self.grades) / np.linspace(2, 0.4, self.grades).sum()
        self.staff = self._hired(np.arange(size))

    def a_year_later(self, turnover: float) -> Staff:
        """The staff after so large a share has left and as many have come to the same places; all others stay.

        Whoever stays answers again, or again does not, and the same: so nothing hides who came and went.
        """
        left = np.flatnonzero(self._random.random(self.size) < turnover)
        new = self._hired(np.arange(self.size, self.size + len(left)))
        fields = {
            name: getattr(self.staff, name).copy()
            for name in ("person", "grade", "department", "interview", "answered")
        }
        for name in ("person", "answered"):
            fields[name][left] = getattr(new, name)
        fields["interview"][left] = self._interviews(fields["grade"][left], fields["department"][left])
        return Staff(**fields)

    def parent(self, department: int) -> int | None:
        """The department that this one is a team of, in a tree."""
        return department - department % TEAMS if self.shape == "tree" and department % TEAMS else None

    def _leanings(self, groups: int) -> np.ndarray:
        """How the people of each group lean to each option: weights on a scale of logarithms."""
        base = np.log(np.maximum(all_interviews().weights, 1e-9))
        alike = self._random.random((groups, 1)) < NEARLY_ALL_ALIKE
        return self._random.normal(0, 0.5, (groups, len(base))) + np.where(alike, 2 * base, 0)

    def _hired(self, person: np.ndarray) -> Staff:
        grade = self._random.choice(self.grades, len(person), p=self._grade_sizes)
        department = self._random.choice(self.departments, len(person), p=self._department_sizes)
        answered_ = self._random.random(len(person)) < ANSWERED
        return Staff(person, grade, department, self._interviews(grade, department), answered_)

    def _interviews(self, grade: np.ndarray, department: np.ndarray) -> np.ndarray:
        """What each of these people answers: by what those of their grade and department lean to."""
        every, found = all_interviews(), np.zeros(len(grade), dtype=np.int64)
        base = np.log(np.maximum(every.weights, 1e-9))
        asked = every.options >= 0
        questions = [np.unique(column[column >= 0]) for column in every.options.T]
        together = department * self.grades + grade
        order = np.argsort(together, kind="stable")
        starts = np.flatnonzero(np.diff(together[order], prepend=-1))
        for people in np.split(order, starts[1:]):
            if not len(people):
                continue
            lean = base + self._of_grades[grade[people[0]]] + self._of_departments[department[people[0]]]
            for options in questions:
                lean[options] -= np.log(np.exp(lean[options]).sum())
            chance = np.exp(np.where(asked, lean[every.options], 0).sum(axis=1))
            found[people] = self._random.choice(len(chance), len(people), p=chance / chance.sum())
        return found


@dataclass(frozen=True, eq=False)
class Released:
    """A survey's release as it is stored, with what it was made from, and how long rounding and the attack took."""

    employer: Employer
    staff: Staff
    survey: SurveyFacts
    shape: Shape
    rows: Rows
    release: Release
    seconds: float

    @property
    def tables(self) -> list[ProtectedTable]:
        return [ProtectedTable.from_json(each) for each in self.release.tables]

    def members(self) -> list[np.ndarray]:
        """Of each row, the places among the staff of the people in it."""
        return [
            np.flatnonzero(self.staff.answered & _within(self.staff, row.where.breakdown, atoms.groups))
            for row, atoms in self.rows.rows
        ]

    def as_earlier(self) -> EarlierRelease:
        """As the next wave finds it."""
        comparable = np.ones(len(self.shape.cells), dtype=bool)
        rows = printed_rows(self.release, self.rows.rows, standard(), self.shape, comparable)
        return EarlierRelease(f"{self.survey.slug}, release 1", rows)


def released(
    employer: Employer, staff: Staff | None = None, waves: Sequence[EarlierRelease] = (), shown_as: str = "wave"
) -> Released:
    """Merge groups as closing does, round, attack, put together further, and print: as a release is built."""
    staff = staff or employer.staff
    survey = facts(employer, shown_as)
    shaped = shape(standard(), SETTINGS)
    breakdowns = [merged(each, survey.group_minimum) for each in unmerged(employer, staff)]
    answers = staff.cells[staff.answered]
    counted = with_groups(survey, standard(), shaped, _counts(answers, shaped), len(answers), breakdowns)
    begun = time.perf_counter()
    key = employer.seed.to_bytes(31, "big") + bytes([len(waves)])
    rows = rounded_rows(survey, standard(), shaped, breakdowns, counted, {}, waves, key)
    release = Release(
        number=1,
        facts={**told(survey, standard(), rows.breakdowns), "rounding": _policy(survey, rows).rounding},
        tables=[each.to_json() for each in printed(survey, shaped, rows)],
        audit=rows.report,
    )
    return Released(employer, staff, survey, shaped, rows, release, time.perf_counter() - begun)


def printed(survey: SurveyFacts, shaped: Shape, rows: Rows) -> list[ProtectedTable]:
    """The tables as they are printed: by table, then by row."""
    policy, counts = _policy(survey, rows), [by_cell(shaped, each) for each in rows.counts]
    return [
        policy.protect(
            table, row.where, {each.code: counts[place][table.id, each.code] for each in table.categories}, row.shown
        )
        for table in standard().tables
        for place, (row, _atoms) in enumerate(rows.rows)
    ]


def facts(employer: Employer, slug: str) -> SurveyFacts:
    """An anonymous survey of everybody at this employer, by invitation, with the thresholds that it gets."""
    from questionnaire.models import Survey

    survey = Survey(
        slug=slug, title=slug, standard=standard().key, access=Survey.Access.INVITED, headcount=employer.size
    )
    return SurveyFacts(
        id=0,
        slug=slug,
        title=slug,
        organisation="",
        standard=standard().key,
        origin=survey.origin,
        policy=survey.policy,
        imputation=SETTINGS["imputation"],
        state="closed",
        minimum_responses=survey.minimum_responses,
        group_minimum=survey.group_minimum,
        round_to=5,
        collections=(),
        kind=survey.kind,
        access=survey.access,
        headcount=employer.size,
        headcount_date=None,
        invited=employer.size,
        previous="",
    )


def unmerged(employer: Employer, staff: Staff) -> list[CountedBreakdown]:
    """Grades and departments before any group is merged."""
    grades = [f"g{each}" for each in range(employer.grades)]
    departments = [f"d{each}" for each in range(employer.departments)]
    parents = {
        code: departments[parent]
        for place, code in enumerate(departments)
        if (parent := employer.parent(place)) is not None
    }
    return [
        _breakdown("grade", "order", grades, {}, staff, staff.grade),
        _breakdown("department", employer.shape, departments, parents, staff, staff.department),
    ]


def _breakdown(code, form, codes, parents, staff: Staff, of: np.ndarray) -> CountedBreakdown:
    shaped = shape(standard(), SETTINGS)
    order = np.argsort(of, kind="stable")
    places = np.split(order, np.searchsorted(of[order], np.arange(1, len(codes))))
    groups = tuple(
        CountedGroup(
            each,
            each,
            (each,),
            (each,),
            ((each,),),
            len(people),
            by_cell(shaped, _counts(staff.cells[people[staff.answered[people]]], shaped)),
        )
        for each, people in zip(codes, places, strict=True)
    )
    return CountedBreakdown(code, code.title(), form, (code,), {each: each for each in codes}, parents, groups)


def merged(breakdown: CountedBreakdown, minimum: int) -> CountedBreakdown:
    """With small groups merged, as closing merges them."""
    groups = {group.code: group for group in breakdown.groups}
    sizes = [
        Size(code, group.title, *answered(standard().tables, group.counts), breakdown.parents.get(code, ""))
        for code, group in groups.items()
    ]
    together = []
    for each in merge(sizes, breakdown.shape, minimum):
        parts = [groups[member] for member in each.members]
        together.append(
            CountedGroup(
                each.code,
                each.title,
                tuple(part.title for part in parts),
                each.members,
                tuple(one for part in parts for one in part.crossed),
                sum(part.headcount for part in parts),
                {cell: sum(part.counts[cell] for part in parts) for cell in parts[0].counts},
            )
        )
    return replace(breakdown, groups=tuple(together))


def _policy(survey: SurveyFacts, rows: Rows):
    return disclosure.policy(
        survey.policy, minimum_responses=survey.group_minimum, round_to=survey.round_to, method=rows.method
    )


def _counts(cells: np.ndarray, shaped: Shape) -> np.ndarray:
    return np.bincount(cells.ravel(), minlength=len(shaped.cells)).astype(np.int64)


def _within(staff: Staff, breakdown: str, groups: frozenset[tuple[str, ...]]) -> np.ndarray:
    """Who is in these groups of a breakdown; everybody where there is none. bool, one a person."""
    if groups == frozenset({()}):
        return np.ones(len(staff.person), dtype=bool)
    return np.isin(getattr(staff, breakdown), [int(code[1:]) for (code,) in groups])
