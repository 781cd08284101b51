"""Stores or withdraws a response: sealed, in one statement that also proves the survey open and the person asked.

What a linked survey keeps after closing is then changed or withdrawn instead.
"""

from django.db import connection

from questionnaire import linked
from questionnaire.sealing import seal
from questionnaire.wizard.interview import Interview

# The share lock makes a submission wait for a closing that is under way, and a closing for submissions under way:
# what is thanked is counted, what comes later is refused. A higher number replaces; a retry of an older one is a no-op.
# An invitation is locked only once the survey is, and so read as it stands then: its code may have been replaced while
# the statement waited.
_STORE = """
WITH survey AS (
    SELECT id, access FROM questionnaire_survey
    WHERE id = %s AND state = 'open'
        AND (opens_at IS NULL OR opens_at <= now()) AND (closes_at IS NULL OR now() < closes_at)
    FOR SHARE
), invitation AS (
    SELECT survey.id FROM survey JOIN questionnaire_invitation AS invited ON invited.survey_id = survey.id
    WHERE survey.access = 'invited' AND invited.digest = %s FOR SHARE OF invited
), asked AS (
    SELECT id FROM survey WHERE access <> 'invited' UNION ALL SELECT id FROM invitation
), stored AS (
    INSERT INTO questionnaire_sealedresponse AS response (survey_id, key, number, sealed)
    SELECT id, %s, %s, %s FROM asked
    ON CONFLICT (survey_id, key) DO UPDATE SET number = excluded.number, sealed = excluded.sealed
    WHERE excluded.number > response.number
)
SELECT (SELECT count(*) FROM survey), (SELECT count(*) FROM asked)
"""


class NotInvited(Exception):
    """The survey asks invited people only, and the interview's code is no invitation's, or no longer."""


def store(interview: Interview) -> bool:
    """Store a complete interview's answers; False where the survey takes no answers, not yet or no more.

    Raises NotInvited, and django.db.OperationalError while the database cannot be reached: nothing is stored then.
    """
    answers = interview.route.answers
    if _write(interview, seal(interview.public_key, interview.mode, answers)):
        return True
    return interview.linked and linked.change(
        interview.survey_id, interview.key, number=interview.number, mode=interview.mode, answers=answers
    )


def withdraw(interview: Interview) -> bool:
    """Empty what is stored under the interview's code, whether anything is or not. Else as `store`."""
    return _write(interview, b"") or (interview.linked and linked.withdraw(interview.survey_id, interview.key))


def _write(interview: Interview, sealed: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [interview.survey_id, interview.key, interview.key, interview.number, sealed])
        open_surveys, asked = cursor.fetchone()
    if open_surveys and not asked:
        raise NotInvited
    return open_surveys == 1
