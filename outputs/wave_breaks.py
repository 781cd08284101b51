"""Decides where the series of a survey's waves is broken, `[b]`, and says why: what releases tell of themselves."""

from collections.abc import Mapping
from typing import Any

from outputs.disclosure.protected import ProtectedTable
from outputs.releases import Published
from outputs.words import together

BREAK = "[b]"
_ACCESS = {"open_link": "anyone with the link", "invited": "invited people only"}


def breaks(here: Published, there: Published) -> list[str]:
    """Why no figure of the earlier wave is like this one's, in words; [] where they are alike.

    What people in scope are is the owner's to define; that both waves counted them in the same way shows in whether
    they say how many, when they were counted, and who could answer.
    """
    return [
        f"{what}: {of_there} there, {of_here} here"
        for what, of_there, of_here in (
            ("another organisation", there.organisation, here.organisation),
            ("another standard or version", there.facts["standard"], here.facts["standard"]),
            ("other people could answer", _who(there), _who(here)),
            ("asked in other ways", _modes(there), _modes(here)),
            ("people in scope", _known(there, "headcount"), _known(here, "headcount")),
            ("the day on which people in scope were counted", _known(there, "headcount_date"),
             _known(here, "headcount_date")),
        )
        if of_there != of_here
    ]  # fmt: skip


def breaks_of_table(here: Published, there: Published, table: ProtectedTable) -> list[str]:
    """Why this table of theirs is not like ours, in words: other categories, or another imputation where it matters."""
    other = next((each for each in there.tables if each.id == table.id), None)
    if other is None:
        return ["it has no such table"]
    found = [] if _categories(other) == _categories(table) else ["its categories are others, so it is left out"]
    is_imputed = any(each.imputed_of == table.id for release in (here, there) for each in release.tables)
    if is_imputed and here.facts["imputation"] != there.facts["imputation"]:
        treated = [together([each["choice"] for each in release.facts["settings"]]) for release in (there, here)]
        found.append("unknown answers were treated in another way: “{}” there, “{}” here".format(*treated))
    return found


def break_of_breakdown(here: Published, there: Published, code: str) -> str:
    """Why nothing by this breakdown can be set beside the earlier wave, in words; blank where it can."""
    ours, theirs = _breakdown(here, code), _breakdown(there, code)
    if ours is None or theirs is None or not theirs["groups"]:
        return "it shows nothing by this breakdown"
    if ours["title"] != theirs["title"]:
        return f"this breakdown is called “{theirs['title']}” there"
    if _groups(ours) != _groups(theirs):
        return "its groups are others, or were put together in another way"
    return ""


def same_categories(one: ProtectedTable, other: ProtectedTable) -> bool:
    """Whether two tables can stand side by side, row by row."""
    return _categories(one) == _categories(other)


def _categories(table: ProtectedTable) -> list[tuple[str, str]]:
    return [(cell.code, cell.base) for cell in table.cells]


def _breakdown(release: Published, code: str) -> Mapping[str, Any] | None:
    return next((each for each in release.breakdowns if each["code"] == code), None)


def _groups(breakdown: Mapping[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [(group["code"], group["title"], group["members"]) for group in breakdown["groups"]]


def _who(release: Published) -> str:
    return _ACCESS[release.facts["access"]]


def _modes(release: Published) -> str:
    return together(sorted({part["mode"] for part in release.facts["collections"]})) or "not stated"


def _known(release: Published, fact: str) -> str:
    return "not stated" if release.facts[fact] is None else "stated"
