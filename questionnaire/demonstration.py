"""Makes up an employer whose staff are asked in two waves a year apart: who they are, who answers, and what.

The same people in every database: all is drawn from seeds. Nothing here is anybody's answer.
"""

from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any

from questionnaire.engine.model import Standard
from questionnaire.fieldwork.people import People
from questionnaire.simulation import simulated_interview

WAVES = 2
STAFF = 2400
LEAVE = 0.04  # of the staff between two waves; as many join
ANSWER = 0.67  # of those who are asked
SPREAD = 0.25  # how far people of one grade lie apart
GRADE, DEPARTMENT = "grade", "department"
# Code, title, people in scope; and how near to the top (1; 0 is people at large) the people of a grade, how much nearer
# those of a department.
GRADES = (
    ("assistant", "Assistant", 590, -0.6),
    ("officer", "Officer", 640, -0.3),
    ("senior-officer", "Senior officer", 500, 0.1),
    ("manager", "Manager", 360, 0.4),
    ("senior-manager", "Senior manager", 210, 0.75),
    ("director", "Director", 100, 1.0),
)
DEPARTMENTS = (
    ("operations", "Operations", 800, -0.1),
    ("customers", "Customer service", 560, -0.1),
    ("digital", "Digital and data", 380, 0.1),
    ("finance", "Finance", 260, 0.05),
    ("people", "People", 220, 0.0),
    ("legal", "Legal and policy", 180, 0.25),
)


@dataclass(frozen=True)
class Person:
    """Someone made up. `reference` stays theirs over the waves, and what they answer hangs on nothing else."""

    reference: str
    groups: tuple[str, str]  # codes of grade and department
    height: float

    def interview(self, standard: Standard, mode: str) -> dict[str, str]:
        """What they answer, in any wave: a background does not change."""
        random = _random("answers", self.reference)
        height = min(1.0, max(-1.0, random.gauss(self.height, SPREAD)))
        return simulated_interview(standard, mode, random, height)

    def answers(self, wave: int) -> bool:
        """Whether they take part in this wave (from 1)."""
        return _random("takes part", f"{self.reference} {wave}").random() < ANSWER


def breakdowns() -> dict[str, Any]:
    """The employer's breakdowns, as `fieldwork.breakdowns.declare` takes them."""
    return {
        "breakdown": [
            {"id": GRADE, "title": "Grade", "shape": "order", "group": _groups(GRADES)},
            {"id": DEPARTMENT, "title": "Department", "shape": "flat", "group": _groups(DEPARTMENTS)},
        ]
    }


def staff(wave: int) -> list[Person]:
    """Who is in scope in this wave (from 1): some have left since the one before, and others have their places."""
    grades, departments = _places(GRADES, "grades"), _places(DEPARTMENTS, "departments")
    return [
        Person(f"{place + 1:04}-{_joined(place, wave)}", (grade, department), height + nearer)
        for place, ((grade, height), (department, nearer)) in enumerate(zip(grades, departments, strict=True))
    ]


def as_people(persons: list[Person]) -> People:
    """Whom to invite, as a list of people has it."""
    return People((GRADE, DEPARTMENT), [(person.reference, *person.groups) for person in persons])


def _joined(place: int, wave: int) -> int:
    """The wave since which the person at this place has been there."""
    changes = [later for later in range(2, wave + 1) if _random("leaves", f"{place} {later}").random() < LEAVE]
    return max(changes, default=1)


def _places(groups: tuple[tuple[str, str, int, float], ...], seed: str) -> list[tuple[str, float]]:
    """(code, height) of each of the staff, in an order that says nothing."""
    places = list(chain.from_iterable([(code, height)] * people for code, _title, people, height in groups))
    _random("places", seed).shuffle(places)
    return places


def _groups(groups: tuple[tuple[str, str, int, float], ...]) -> list[dict[str, Any]]:
    return [{"id": code, "title": title, "headcount": people} for code, title, people, _height in groups]


def _random(what: str, whose: str) -> Random:
    return Random(f"{what} {whose}")  # noqa: S311  (nothing here is secret)
