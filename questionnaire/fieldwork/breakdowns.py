"""Declares a survey's breakdowns, from a TOML file or from another survey, and says what of them is not allowed."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from questionnaire.fieldwork.grouping import MOST_PAIRS, pairs_of
from questionnaire.fieldwork.header import ORGANISATION
from questionnaire.fieldwork.people import RESERVED, group_codes
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Breakdown, Group, Survey, TwoWay

MOST = 4  # four values beside an answer match two in three of 200 people to a staff list
FEWEST_FOR_SENSITIVE = 2000  # people in scope, for special category data and for two-way tables
LARGEST_FILE = 200_000  # bytes: some three thousand groups
LONGEST_LINE = 2000  # characters; Python refuses numbers twice as long
MOST_DOTS = 20  # of one line, outside quotes: the time in which a key is read grows as the square of its parts
# What opens a text over several lines (group 1), a quoted text, or a comment. A quote that is not closed is a fault.
QUOTED = re.compile(r"""("{3}|'{3})|"(?:\\.?|[^"\\])*(?:"|$)|'[^']*(?:'|$)|#.*""")
KEYS = {
    "breakdown": {"id": str, "title": str, "shape": str, "special_category": bool, "group": list},
    "group": {"id": str, "title": str, "headcount": int, "parent": str},
    "two_way": {"first": str, "second": str},
}
WORDS = {str: "text", bool: "true or false", int: "a whole number", list: "a list of tables"}


@dataclass(frozen=True)
class Fault:
    """Something that a survey's breakdowns may not be, in one sentence."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def faults(survey: Survey) -> Iterator[Fault]:
    """Whatever keeps the survey from opening with these breakdowns, however it is opened."""
    breakdowns = list(survey.breakdowns.prefetch_related("groups__parent"))
    two_ways = list(survey.two_ways.select_related("first", "second"))
    in_scope = survey.headcount or 0
    if len(breakdowns) > MOST:
        yield Fault(_("At most %s breakdowns: more of them together tell who answered what.") % MOST)
    if breakdowns and survey.origin == Survey.Origin.WEB and survey.access == Survey.Access.OPEN_LINK:
        yield Fault(_("Breakdowns need invitations: whoever has an open link could say that they belong to any group."))
    for breakdown in breakdowns:
        yield from map(Fault, _faults_of(survey, breakdown, in_scope))
    if two_ways and in_scope < FEWEST_FOR_SENSITIVE:
        yield Fault(_("Two-way tables need at least %s people in scope.") % f"{FEWEST_FOR_SENSITIVE:,}")
    for two_way in two_ways:
        if two_way.first_id == two_way.second_id:
            yield Fault(_("A two-way table needs two different breakdowns; one has “%s” twice.") % two_way.first)
        if (pairs := pairs_of(two_way)) > MOST_PAIRS:
            yield Fault(
                _("“%(two_way)s” has %(pairs)s pairs of groups; a two-way table may have %(most)s.")
                % {"two_way": two_way, "pairs": f"{pairs:,}", "most": f"{MOST_PAIRS:,}"}
            )
    for pair, n in Counter(frozenset((each.first, each.second)) for each in two_ways).items():
        if n > 1:  # the database takes each order once
            yield Fault(_("“%s” are crossed twice: choose one order.") % "” and “".join(sorted(map(str, pair))))
    yield from map(Fault, _faults_of_invitations(survey))


def _faults_of(survey: Survey, breakdown: Breakdown, in_scope: int) -> Iterator[str]:
    groups = list(breakdown.groups.all())
    named = {"breakdown": breakdown.title}
    if len(groups) < 2:
        yield _("“%(breakdown)s” has fewer than two groups.") % named
    if breakdown.code in {question.id for question in survey.definition.questions}:
        yield _("“%(breakdown)s” has the short name of a question; choose another.") % named
    if breakdown.code == ORGANISATION:
        yield _("“%(breakdown)s” has the short name of everyone who answered; choose another.") % named
    if breakdown.special_category and not survey.is_linked and in_scope < FEWEST_FOR_SENSITIVE:
        yield _(
            "“%(breakdown)s” is special category data, which an anonymous survey may ask of no fewer than "
            "%(fewest)s people in scope."
        ) % {**named, "fewest": f"{FEWEST_FOR_SENSITIVE:,}"}
    total = sum(group.headcount for group in groups)
    if survey.headcount is not None and groups and total != survey.headcount:
        yield _("The groups of “%(breakdown)s” have %(total)s people together; in scope are %(scope)s.") % {
            **named,
            "total": f"{total:,}",
            "scope": f"{survey.headcount:,}",
        }
    for group in groups:
        if group.parent_id and breakdown.shape != Breakdown.Shape.TREE:
            yield _("“%(group)s” is part of another group, but “%(breakdown)s” is no tree.") % {**named, "group": group}
        if _is_its_own_ancestor(group, {each.pk: each.parent_id for each in groups}):
            yield _("“%(group)s” of “%(breakdown)s” is part of itself.") % {**named, "group": group}


def _faults_of_invitations(survey: Survey) -> Iterator[str]:
    """Whoever was invited while other breakdowns were declared would silently be counted in no group."""
    groups = group_codes(survey)
    if survey.access == Survey.Access.INVITED and RESERVED & set(groups):
        yield (
            _("“%s” is the name of a column in the file of codes; give the breakdown another short name.")
            % (sorted(RESERVED & set(groups))[0])
        )
    invited = survey.invitations.values_list("groups", flat=True).order_by().distinct()
    if survey.access != Survey.Access.INVITED and invited:
        yield _("People are invited, but anyone with the link could answer: remove the invitations, or invite only.")
    elif any(set(each) != set(groups) or any(each[code] not in groups[code] for code in each) for each in invited):
        yield _("People were invited when the breakdowns were others: remove the invitations and invite again.")


def _is_its_own_ancestor(group: Group, parents: dict[int, int | None]) -> bool:
    seen, above = set(), parents[group.pk]
    while above is not None and above not in seen:
        if above == group.pk:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def read_toml(path: Path) -> dict[str, Any]:
    """What a file declares. Refused, with the reason in plain words, where it is not such a file.

    ```toml
    [[breakdown]]
    id = "grade"                # short name: small letters, digits, hyphens
    title = "Grade"
    shape = "order"             # "flat" (default), "order" or "tree"
    special_category = false    # default
    group = [
      {id = "aa", title = "Administrative assistant", headcount = 400},
      {id = "eo", title = "Executive officer", headcount = 300},   # in a tree also: parent = "…"
    ]

    [[two_way]]
    first = "grade"
    second = "department"
    ```

    Each text stands on one line, as here; how long files and lines may be, `_check_lines` says.
    """
    try:
        return read_toml_text(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("%(path)s cannot be read: %(error)s") % {"path": path, "error": error}) from error


def read_toml_text(text: str, name: str) -> dict[str, Any]:
    """As `read_toml`, of the text of a file of this name."""
    _check_lines(text, name)
    try:
        declared = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits is no TOMLDecodeError
        raise Refused(_("%(path)s cannot be read: %(error)s") % {"path": name, "error": error}) from error
    _check_keys("", declared, {"breakdown": list, "two_way": list})
    for kind in ("breakdown", "two_way"):
        for number, each in enumerate(_tables(declared, kind), start=1):
            _check_keys(f"{kind} {number}: ", each, KEYS[kind])
            for position, group in enumerate(_tables(each, "group") if kind == "breakdown" else [], start=1):
                _check_keys(f"{kind} {number}, group {position}: ", group, KEYS["group"])
    return declared


def _check_lines(text: str, name: str) -> None:
    """Refused where it would take long to read. No text goes over several lines, so each line tells what is quoted."""
    if len(text.encode()) > LARGEST_FILE:
        raise Refused(_("%(path)s is longer than %(most)s bytes.") % {"path": name, "most": f"{LARGEST_FILE:,}"})
    for number, line in enumerate(text.split("\n"), start=1):
        where = {"path": name, "number": f"{number:,}"}
        if len(line) > LONGEST_LINE:
            raise Refused(
                _("%(path)s, line %(number)s: it is longer than %(most)s characters; break it.")
                % {**where, "most": f"{LONGEST_LINE:,}"}
            )
        if any(found[1] for found in QUOTED.finditer(line)):
            raise Refused(_("%(path)s, line %(number)s: a text must begin and end on one line.") % where)
        if QUOTED.sub("", line).count(".") > MOST_DOTS:
            raise Refused(
                _("%(path)s, line %(number)s: it has more than %(most)s dots outside quotes.")
                % {**where, "most": MOST_DOTS}
            )


def _tables(of: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = of.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Refused(_("“%s” must be a list of tables.") % key)
    return found


def _check_keys(where: str, table: dict[str, Any], known: dict[str, type]) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise Refused(
            _("%(where)s“%(unknown)s” is unknown here; there is: %(known)s")
            % {"where": where, "unknown": "”, “".join(unknown), "known": ", ".join(sorted(known))}
        )
    for key, value in table.items():
        if type(value) is not known[key] or (isinstance(value, str) and "\0" in value):
            raise Refused(
                _("%(where)s“%(key)s” must be %(kind)s.") % {"where": where, "key": key, "kind": WORDS[known[key]]}
            )


@transaction.atomic
def declare(survey: Survey, declared: dict[str, Any]) -> None:
    """Store what `read_toml` read as the breakdowns of a draft. Refused where a name, number or reference is wrong."""
    breakdowns = {}
    for position, each in enumerate(_tables(declared, "breakdown")):
        breakdown = Breakdown(
            survey=survey,
            code=each.get("id", ""),
            title=each.get("title", ""),
            shape=each.get("shape", Breakdown.Shape.FLAT),
            special_category=each.get("special_category", False),
            position=position,
        )
        _save(breakdown, f"breakdown {position + 1}")
        breakdowns[breakdown.code] = breakdown
        _declare_groups(breakdown, _tables(each, "group"))
    for position, each in enumerate(_tables(declared, "two_way"), start=1):
        missing = [str(each.get(side)) for side in ("first", "second") if each.get(side) not in breakdowns]
        if missing:
            raise Refused(_("two_way %(n)s: there is no breakdown “%(id)s”.") % {"n": position, "id": missing[0]})
        _save(
            TwoWay(survey=survey, first=breakdowns[each["first"]], second=breakdowns[each["second"]]),
            f"two_way {position}",
        )


def _declare_groups(breakdown: Breakdown, declared: list[dict[str, Any]]) -> None:
    repeated = [code for code, n in Counter(each.get("id") for each in declared).items() if n > 1]
    if repeated:
        raise Refused(
            _("breakdown “%(id)s”: there is more than one group “%(group)s”.")
            % {"id": breakdown.code, "group": repeated[0]}
        )
    groups = {}
    for position, each in enumerate(declared):
        group = Group(
            breakdown=breakdown,
            code=each.get("id", ""),
            title=each.get("title", ""),
            headcount=each.get("headcount"),
            position=position,
        )
        _save(group, f"breakdown “{breakdown.code}”, group {position + 1}")
        groups[group.code] = group
    for each in declared:
        if parent := each.get("parent"):
            if parent not in groups:
                raise Refused(
                    _("breakdown “%(id)s”: “%(group)s” is part of “%(parent)s”, which is no group of it.")
                    % {"id": breakdown.code, "group": each["id"], "parent": parent}
                )
            groups[each["id"]].parent = groups[parent]
            groups[each["id"]].save(update_fields=["parent"])


def _save(row: Breakdown | Group | TwoWay, where: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        told = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise Refused(f"{where}: {told}") from error
    row.save()
