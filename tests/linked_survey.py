"""A linked survey in two groups, answered in a browser and closed as in life."""

from collections.abc import Mapping, Sequence

from questionnaire.fieldwork import closing
from questionnaire.models import LinkedResponse, Survey
from tests.invited_survey import DECLARED, enter, invite

LINKED = {"kind": "linked", "access": "invited", "headcount": 5, "declared": DECLARED}


def invited_to(slug: str = "staff") -> list[str]:
    """The codes of A1 (junior, north), A2 (senior, north) and someone without a reference (junior, south)."""
    return [row["code"] for row in invite(slug=slug)]


def closed(codes: Sequence[str], *answers: Mapping[str, str], slug: str = "staff") -> Survey:
    """The survey, closed, after the first of these people have answered so."""
    for code, given in zip(codes, answers, strict=False):
        enter(code, slug).respond(given)
    closing.close(slug, actor="test")
    return Survey.objects.get(slug=slug)


def kept() -> list[tuple[str, str, dict[str, str]]]:
    """(reference, mode, answers) of every linked response."""
    rows = LinkedResponse.objects.order_by("invitation__reference")
    return list(rows.values_list("invitation__reference", "mode", "answers"))
