"""What analysts miss in a release, noted for its owner to read before the next survey: nothing can be added later."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from outputs.models import WantedNext
from outputs.releases import Published
from questionnaire import audit

MOST = 50  # of one survey: a page of the staff site shows them all


class TooMany(Exception):
    """So much is wanted already that nobody would read more."""


@dataclass(frozen=True)
class Wanted:
    """One note, who made it and when."""

    text: str
    noted_by: str
    noted_on: date


def of_survey(slug: str) -> list[Wanted]:
    """Everything that was noted of a survey, the oldest first."""
    rows = WantedNext.objects.filter(survey__slug=slug)
    return [Wanted(row.text, row.noted_by, row.noted_on) for row in rows]


@transaction.atomic
def note(release: Published, text: str, *, actor: str) -> bool:
    """Note what is wanted; False where the same was noted before. Raises TooMany."""
    of_same = WantedNext.objects.filter(survey_id=release.row.survey_id)
    if of_same.filter(text=text).exists():
        return False
    if of_same.count() >= MOST:
        raise TooMany
    _row, is_new = WantedNext.objects.get_or_create(
        survey_id=release.row.survey_id, text=text, defaults={"noted_by": actor}
    )
    if is_new:
        audit.record(actor=actor, action="noted as wanted", survey=release.survey)
    return is_new
