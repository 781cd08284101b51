"""The append-only record of who did what; never of what anyone answered."""

import getpass

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
