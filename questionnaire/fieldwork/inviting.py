"""Invites people: each gets a code, of which only the digest is stored; the codes themselves are handed over once."""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from questionnaire import audit, codes
from questionnaire.fieldwork import people as reading
from questionnaire.fieldwork.csv_rows import BadCell
from questionnaire.fieldwork.people import REFERENCE, RESERVED, People, group_codes
from questionnaire.fieldwork.surveys import Refused, locked
from questionnaire.models import Survey

REPLACED = "codes replaced"
BATCH = 5_000
# Arrays, since rows one by one take several times as long.
_INVITE = """
INSERT INTO questionnaire_invitation (survey_id, digest, reference, groups)
SELECT %s, * FROM unnest(%s::bytea[], %s::text[], %s::jsonb[])
"""
# One statement, so that no moment and no crash leaves an answer under a code that nobody has any more: it could be
# neither withdrawn nor replaced, and its sender could answer once more.
_REPLACE = """
WITH fresh AS (
    SELECT * FROM unnest(%s::bigint[], %s::bytea[]) AS fresh (id, digest)
), moved AS (
    UPDATE questionnaire_sealedresponse AS response SET key = fresh.digest
    FROM fresh JOIN questionnaire_invitation AS invitation ON invitation.id = fresh.id
    WHERE response.survey_id = invitation.survey_id AND response.key = invitation.digest
)
UPDATE questionnaire_invitation AS invitation SET digest = fresh.digest FROM fresh WHERE invitation.id = fresh.id
"""


def check(file: IO[bytes], slug: str, *, report: Callable[[BadCell], None]) -> tuple[People, int]:
    """The people in a file and how many of its rows are bad, as `people.read`; nothing is stored.

    Refused where the survey takes no invitations.
    """
    survey = _inviting(Survey.objects.filter(slug=slug).first(), slug)
    return reading.read(file, survey, _references(survey), report=report)


def invite(slug: str, people: People, *, actor: str, invited_before: int | None = None) -> Iterator[Sequence[str]]:
    """Invite the people, all or none, and return the rows of the file of codes, its header first: the only copy.

    Refused where they do not fit the survey, and where `invited_before`, the number of invitations when the people
    were checked, has changed since: who has no reference would be invited twice.
    """
    with transaction.atomic():
        survey = _inviting(locked(slug), slug)
        if invited_before not in (None, survey.invitations.count()):
            raise Refused(
                _(
                    "People were invited since this list was checked, perhaps these very ones, by a second press. "
                    "See how many are invited: check the list again, or replace the codes if their file was lost."
                )
            )
        _check_people(survey, people)
        made = [codes.make(survey.pk) for _person in people.rows]
        order = list(range(len(made)))
        secrets.SystemRandom().shuffle(order)  # so that a row's id says nothing of the person's place in the list
        with connection.cursor() as cursor:
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                groups = [dict(zip(people.breakdowns, people.rows[each][1:], strict=True)) for each in batch]
                digests = [codes.digest(made[each]) for each in batch]
                references = [people.rows[each][0] for each in batch]
                cursor.execute(_INVITE, [survey.pk, digests, references, [json.dumps(each) for each in groups]])
        audit.record(actor=actor, action="invited", survey=slug, people=len(made))
        audit.record(actor=actor, action="downloaded codes", survey=slug, people=len(made))
    return _codes_file(people.breakdowns, zip(people.rows, made, strict=True))


def replace_codes(slug: str, *, actor: str) -> Iterator[Sequence[str]]:
    """Give every invitation a fresh code, and return the rows of the new file of codes. The old ones stop working.

    What was submitted with an old code moves to the new one.
    """
    with transaction.atomic():
        survey = _inviting(locked(slug), slug)
        breakdowns = tuple(group_codes(survey))
        rows: list[tuple[str, ...]] = []
        made: list[str] = []
        found = survey.invitations.order_by(REFERENCE, "id").values_list("id", REFERENCE, "groups")
        found = found.iterator(chunk_size=BATCH)
        with connection.cursor() as cursor:
            while batch := list(islice(found, BATCH)):
                fresh = [codes.make(survey.pk) for _invitation in batch]
                cursor.execute(_REPLACE, [[each[0] for each in batch], [codes.digest(code) for code in fresh]])
                made += fresh
                rows += [(each[1], *(each[2].get(code, "") for code in breakdowns)) for each in batch]
        if not made:
            raise Refused(_("Nobody is invited to “%s” yet.") % slug)
        audit.record(actor=actor, action=REPLACED, survey=slug, people=len(made))
        audit.record(actor=actor, action="downloaded codes", survey=slug, people=len(made))
    return _codes_file(breakdowns, zip(rows, made, strict=True))


def remove_invitations(slug: str, *, actor: str) -> None:
    """Take back every invitation of a draft; its codes stop working. Refused once it has opened."""
    with transaction.atomic():
        survey = locked(slug)
        if survey.state != Survey.State.DRAFT:
            raise Refused(_("“%s” has opened: some of those invited may have answered.") % slug)
        removed, _by_model = survey.invitations.all().delete()
        audit.record(actor=actor, action="removed invitations", survey=slug, people=removed)


def _inviting(survey: Survey | None, slug: str) -> Survey:
    """The survey, where people can be invited to it; else Refused."""
    if survey is None:
        raise Refused(_("There is no survey “%s”.") % slug)
    if survey.access != Survey.Access.INVITED or survey.origin != Survey.Origin.WEB:
        raise Refused(_("“%s” invites nobody: create a survey for invited people only.") % slug)
    if survey.state not in (Survey.State.DRAFT, Survey.State.OPEN):
        raise Refused(_("“%(slug)s” is %(state)s: it takes no more answers.") % {"slug": slug, "state": survey.state})
    if taken := RESERVED & set(group_codes(survey)):
        raise Refused(_("“%s” is the name of a column of our own; give the breakdown another.") % sorted(taken)[0])
    return survey


def _references(survey: Survey) -> set[str]:
    return set(survey.invitations.exclude(reference="").values_list(REFERENCE, flat=True).iterator(chunk_size=BATCH))


def _check_people(survey: Survey, people: People) -> None:
    """Refused unless the people fit the survey as it is now: it may have changed since they were read."""
    groups = group_codes(survey)
    fit = people.breakdowns == tuple(groups) and all(
        group in known for known, found in zip(groups.values(), people.in_groups(), strict=True) for group in found
    )
    if not fit:
        raise Refused(
            _("The breakdowns of “%s” have changed since this list was checked: check it again.") % survey.slug
        )
    if not people.rows:
        raise Refused(_("The file names no people."))
    invited = _references(survey)
    if any(row[0] in invited for row in people.rows):
        raise Refused(_("Some of these people were invited since this list was checked: check it again."))


def _codes_file(breakdowns: Sequence[str], people: Iterator[tuple[Sequence[str], str]]) -> Iterator[Sequence[str]]:
    yield (REFERENCE, *breakdowns, "code", "link")
    for row, code in people:
        yield (*row, codes.shown(code), f"{settings.PUBLIC_URL}/i/#{code}")
