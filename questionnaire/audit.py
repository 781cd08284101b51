"""The append-only record of who did what; never of what anyone answered."""

import getpass
from collections.abc import Mapping

from questionnaire.models import AuditEntry


def command_line() -> str:
    """The actor's name for what is done on the command line: the account of the machine."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # a container's account may have no name
        return "command line"


def actions(survey: str) -> set[str]:
    """Whatever was done to a survey, by the names of the actions."""
    return set(AuditEntry.objects.filter(survey=survey).values_list("action", flat=True).distinct())


def record(*, actor: str, action: str, survey: str = "", **detail: str | int | list[str]) -> None:
    """Add an entry. Call it inside the transaction of what it records, so that neither stands without the other."""
    AuditEntry.objects.create(actor=actor, action=action, survey=survey, detail=detail)


def in_words(detail: Mapping[str, object]) -> str:
    """An entry's detail on one line: names and their values, what is empty left out."""
    told = {
        name.replace("_", " "): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in detail.items()
    }
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value)
