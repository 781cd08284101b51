"""A survey of invited people in groups, answered and closed as in life: what the tests of groups count by hand."""

from collections.abc import Iterable, Mapping

from questionnaire import codes, sealing
from questionnaire.fieldwork import closing, surveys
from questionnaire.models import Breakdown, Group, Invitation, SealedResponse, Survey, TwoWay
from tests.conftest import STANDARD
from tests.integration.test_wizard import BURSARY, EMPLOYEE

# Shape, then code -> title and people in scope.
GRADE = ("order", {"aa": ("Assistant", 700), "eo": ("Executive", 700), "g7": ("Grade 7", 600)})
DEPARTMENT = ("flat", {"hr": ("Personnel", 1000), "it": ("Computing", 900), "legal": ("Legal", 100)})
# The threshold is 10. EMPLOYEE answers every table; BURSARY is asked no free school meals and has no class.
PEOPLE = [
    (EMPLOYEE, {"grade": "aa", "department": "hr"}, 12),
    (BURSARY, {"grade": "aa", "department": "hr"}, 3),
    (EMPLOYEE, {"grade": "eo", "department": "hr"}, 4),
    (EMPLOYEE, {"grade": "eo", "department": "it"}, 15),
    (BURSARY, {"grade": "g7", "department": "it"}, 6),
    (EMPLOYEE, {"grade": "g7", "department": "legal"}, 2),
    (EMPLOYEE, {"grade": "aa"}, 1),
]


def declare(survey: Survey, breakdowns: Mapping[str, tuple[str, Mapping[str, tuple]]], *two_way: str) -> None:
    """Store breakdowns of a draft. A group is its title, people in scope and, in a tree, what it is part of."""
    rows = {}
    for position, (code, (shape, groups)) in enumerate(breakdowns.items()):
        rows[code] = Breakdown.objects.create(
            survey=survey, code=code, title=code.capitalize(), shape=shape, position=position
        )
        made: dict[str, Group] = {}
        for place, (group, (title, headcount, *parent)) in enumerate(groups.items()):
            made[group] = Group.objects.create(
                breakdown=rows[code],
                code=group,
                title=title,
                headcount=headcount,
                parent=made[parent[0]] if parent else None,
                position=place,
            )
    if two_way:
        TwoWay.objects.create(survey=survey, first=rows[two_way[0]], second=rows[two_way[1]])


def answer(survey: Survey, people: Iterable[tuple[Mapping, Mapping | None, int]]) -> None:
    """Invite and seal `n` people of these groups, who give these answers; who has None for groups is not invited."""
    for answers, groups, n in people:
        for _each in range(n):
            digest = codes.digest(codes.make(survey.pk))
            if groups is not None:
                Invitation.objects.create(survey=survey, digest=digest, groups=groups)
            SealedResponse.objects.create(
                survey=survey, key=digest, number=1, sealed=sealing.seal(survey.public_key, "online", answers)
            )


def closed_with_groups(
    people=tuple(PEOPLE), breakdowns=None, two_way=("grade", "department"), slug="staff", headcount=2000, **fields
) -> Survey:
    """The survey, closed; by grade and by department and by both, unless told otherwise."""
    fields = {"title": "Staff survey", "organisation": "Made-up Office", "access": "invited", **fields}
    survey = surveys.create(actor="test", slug=slug, standard=STANDARD, headcount=headcount, **fields)
    declare(survey, {"grade": GRADE, "department": DEPARTMENT} if breakdowns is None else breakdowns, *two_way)
    survey = surveys.open_survey(slug, actor="test")
    answer(survey, people)
    closing.close(slug, actor="test")
    survey.refresh_from_db()
    return survey
