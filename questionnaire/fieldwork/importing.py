"""Adds the answers of a file that were collected earlier to a survey of their own: all of them, or none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from questionnaire import audit
from questionnaire.fieldwork import breakdowns
from questionnaire.fieldwork.closing import add_counts
from questionnaire.fieldwork.header import check_breakdowns
from questionnaire.fieldwork.reading import BadCell, Reading, read
from questionnaire.fieldwork.surveys import Refused, locked
from questionnaire.fieldwork.tally import Tally
from questionnaire.models import ImportedFile, Survey


def import_file(
    slug: str,
    path: Path,
    *,
    mode: str,
    collected_from: date,
    collected_to: date,
    actor: str,
    report: Callable[[BadCell], None],
    reject: Callable[[list[str]], None] | None = None,
    advance: Callable[[int], None] = lambda size: None,
) -> Reading:
    """Check the whole file, then add its counts to the survey; the survey is then closed.

    Every bad cell goes to `report`. Without `reject` one bad row means that nothing is stored (Refused); with it the
    header and the bad rows go there, and the good ones are stored. `advance` hears of the bytes read.
    Refused too where the survey was not created for imports, is released, or took this very file before.
    """
    if collected_from > collected_to:
        raise Refused(_("The first day of collection comes after the last."))
    if collected_to > date.today():  # noqa: DTZ011  (the day where the survey's owner is)
        raise Refused(_("The last day of collection lies in the future."))
    with transaction.atomic():
        survey = locked(slug)
        _check_survey(survey, mode)
        tally = Tally(survey)
        reading = read(
            path,
            survey.definition,
            mode,
            breakdowns=_group_codes(survey),
            grouped=tally.add,
            report=report,
            reject=reject,
            advance=advance,
        )
        if reading.bad_rows and reject is None:
            raise Refused(_("%s rows are not right, so nothing was stored.") % f"{reading.bad_rows:,}")
        if not reading.counts:
            raise Refused(_("The file holds no responses."))
        if ImportedFile.objects.filter(survey=survey, digest=reading.digest).exists():
            raise Refused(_("This very file was imported before; a file is taken once."))
        add_counts(survey, reading.counts)
        unstored = tally.write()
        ImportedFile.objects.create(
            survey=survey,
            digest=reading.digest,
            mode=mode,
            collected_from=collected_from,
            collected_to=collected_to,
            responses=reading.counts.total(),
        )
        survey.state = Survey.State.CLOSED
        survey.save(update_fields=["state"])
        audit.record(actor=actor, action="imported", survey=slug, mode=mode, rejected=reading.bad_rows)
    return replace(reading, unstored=tuple(unstored))


def _group_codes(survey: Survey) -> dict[str, tuple[str, ...]]:
    """The codes of the groups of each breakdown: its columns in a file, and what may stand in them."""
    codes = {each.code: tuple(group.code for group in each.groups.all()) for each in survey.breakdowns.all()}
    check_breakdowns(survey.definition, codes)
    return codes


def _check_survey(survey: Survey, mode: str) -> None:
    if survey.origin != Survey.Origin.IMPORTED:
        raise Refused(
            _(
                "“%s” takes answers here, and imported answers are never mixed with these. "
                "Create a survey with --origin imported."
            )
            % survey.slug
        )
    if survey.state not in (Survey.State.DRAFT, Survey.State.CLOSED):
        raise Refused(_("“%s” is released: adding to it would tell who was added.") % survey.slug)
    if survey.state == Survey.State.DRAFT and (faults := [str(fault) for fault in breakdowns.faults(survey)]):
        raise Refused("\n".join(faults))
    modes = [each.id for each in survey.definition.modes]
    if mode not in modes:
        raise Refused(
            _("“%(mode)s” is no mode of this standard; there is: %(modes)s") % {"mode": mode, "modes": ", ".join(modes)}
        )
