"""A survey of invited people with two breakdowns, and a list of whom it invites."""

import csv
import io
from collections.abc import Iterable, Sequence

from questionnaire.fieldwork import inviting
from questionnaire.fieldwork.csv_rows import BadCell
from tests.conftest import Respondent

DECLARED = {
    "breakdown": [
        {
            "id": "grade",
            "title": "Grade",
            "shape": "order",
            "group": [
                {"id": "junior", "title": "Junior", "headcount": 3},
                {"id": "senior", "title": "Senior", "headcount": 2},
            ],
        },
        {
            "id": "site",
            "title": "Site",
            "group": [
                {"id": "north", "title": "North", "headcount": 4},
                {"id": "south", "title": "South", "headcount": 1},
            ],
        },
    ]
}
INVITED = {"access": "invited", "headcount": 5, "declared": DECLARED}
LIST = "reference,grade,site\nA1,junior,north\nA2,senior,north\n,junior,south\n"


def check(text: str | bytes, slug: str = "staff"):
    """(people, bad rows, faults in words) of a list."""
    faults: list[BadCell] = []
    file = io.BytesIO(text.encode() if isinstance(text, str) else text)
    people, bad_rows = inviting.check(file, slug, report=faults.append)
    return people, bad_rows, [str(fault) for fault in faults]


def invite(text: str = LIST, slug: str = "staff") -> list[dict[str, str]]:
    """Invite the list; the rows of the file of codes."""
    people, _bad_rows, faults = check(text, slug)
    assert faults == []
    return as_dicts(inviting.invite(slug, people, actor="test"))


def as_dicts(rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    header, *people = rows
    return [dict(zip(header, row, strict=True)) for row in people]


def read_codes(text: str) -> list[dict[str, str]]:
    """The rows of a file of codes."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def enter(code: str, slug: str = "staff") -> Respondent:
    """Someone with a browser of their own who types a code; `reply` is the answer to it."""
    someone = Respondent(slug)
    someone.reply = someone.client.post("/i/", {"code": code})
    return someone
