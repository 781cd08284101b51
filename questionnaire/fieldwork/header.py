"""Decides which columns a file of answers must have: the question ids, and one for each breakdown of the survey."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from questionnaire.engine.model import Standard
from questionnaire.fieldwork.refusal import Refused

ORGANISATION = "organisation"  # names the rows of everyone in tables.csv


def check_breakdowns(standard: Standard, breakdowns: Collection[str]) -> None:
    """Refused where the short name of a breakdown already names something else in files of answers or of results."""
    questions = {question.id for question in standard.questions}
    for code in breakdowns:
        if code in questions:
            raise Refused(
                _("The breakdown “%s” has the name of a question, so its column could not be told from the answers.")
                % code
            )
        if code == ORGANISATION:
            raise Refused(_("No breakdown can be called “%s”: in results that is everyone who answered.") % code)


def check_header(row: Sequence[str], questions: Sequence[str], breakdowns: Sequence[str]) -> list[str]:
    """The header's columns; Refused unless they are the question ids and breakdowns, each once, in any order."""
    header = [column.strip() for column in row]
    expected = [*questions, *breakdowns]
    faults = [
        (_("missing"), [column for column in expected if column not in header]),
        (_("unknown"), [column for column in header if column not in expected]),
        (_("more than once"), sorted({column for column in header if header.count(column) > 1})),
    ]
    told = "; ".join(f"{kind}: {', '.join(repr(name) for name in names)}" for kind, names in faults if names)
    if not told:
        return header
    if breakdowns:
        words = _(
            "line 1: the columns must be the question ids (%(ids)s) and the breakdowns (%(breakdowns)s). %(told)s"
        )
    else:
        words = _("line 1: the columns must be the question ids (%(ids)s). %(told)s")
    raise Refused(words % {"ids": ", ".join(questions), "breakdowns": ", ".join(breakdowns), "told": told})
