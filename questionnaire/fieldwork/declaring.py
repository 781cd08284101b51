"""Replaces the breakdowns of a draft by others that are declared, and writes the stored ones down as a declaration."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from questionnaire import audit
from questionnaire.fieldwork.breakdowns import declare
from questionnaire.fieldwork.refusal import Refused
from questionnaire.fieldwork.surveys import locked
from questionnaire.models import Breakdown, Survey

Declared = dict[str, Any]


def as_declared(survey: Survey) -> Declared:
    """The survey's breakdowns and two-way tables in the form that `breakdowns.declare` takes."""
    return {
        "breakdown": [_breakdown(each) for each in survey.breakdowns.prefetch_related("groups__parent")],
        "two_way": [
            {"first": each.first.code, "second": each.second.code}
            for each in survey.two_ways.select_related("first", "second")
        ],
    }


def _breakdown(breakdown: Breakdown) -> Declared:
    return {
        "id": breakdown.code,
        "title": breakdown.title,
        "shape": breakdown.shape,
        "special_category": breakdown.special_category,
        "group": [
            {
                "id": group.code,
                "title": group.title,
                "headcount": group.headcount,
                **({"parent": group.parent.code} if group.parent else {}),
            }
            for group in breakdown.groups.all()
        ],
    }


@transaction.atomic
def redeclare(slug: str, declared: Declared, *, actor: str) -> None:
    """Put these in the place of all that the draft has. Refused where they are wrong, or the survey is no draft."""
    survey = locked(slug)
    if survey.state != Survey.State.DRAFT:
        raise Refused(_("Breakdowns are fixed since the survey opened."))
    survey.breakdowns.all().delete()
    declare(survey, declared)
    audit.record(
        actor=actor,
        action="changed",
        survey=slug,
        fields=["breakdowns"],
        breakdowns=[each["id"] for each in declared.get("breakdown", [])],
    )


def with_breakdown(declared: Declared, replaced: str | None, breakdown: Declared | None) -> Declared:
    """The declaration with one breakdown added (`replaced` is None), put in another's place, or taken out (None).

    Two-way tables go along with a new short name, and go with a breakdown that is taken out.
    """
    names = {each["id"]: each["id"] for each in declared["breakdown"]}
    breakdowns = [breakdown if each["id"] == replaced else each for each in declared["breakdown"]]
    if replaced is None:
        breakdowns.append(breakdown)
    elif breakdown is None:
        del names[replaced]
    else:
        names[replaced] = breakdown["id"]
    return {
        "breakdown": [each for each in breakdowns if each is not None],
        "two_way": [
            {side: names[each[side]] for side in ("first", "second")}
            for each in declared["two_way"]
            if each["first"] in names and each["second"] in names
        ],
    }


def write_groups(groups: list[Declared]) -> str:
    """One group a line: short name; title; people; what it is part of."""
    between = "\t" if any(";" in group["title"] for group in groups) else "; "
    return "\n".join(
        between.join([group["id"], group["title"], str(group["headcount"]), *filter(None, [group.get("parent")])])
        for group in groups
    )


def read_groups(text: str) -> list[Declared]:
    """The groups in such lines, or in columns copied from a spreadsheet. Refused where a line is none."""
    groups = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
        people = cells[2].replace(",", "") if len(cells) > 2 else ""
        if not 3 <= len(cells) <= 4 or not (people.isascii() and people.isdecimal() and len(people) < 10):
            raise Refused(_("Line %s must read: short name; title; people in scope; and in a tree, part of.") % number)
        parent = {"parent": cells[3]} if len(cells) > 3 and cells[3] else {}
        groups.append({"id": cells[0], "title": cells[1], "headcount": int(people), **parent})
    return groups
