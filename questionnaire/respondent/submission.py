"""Stores or withdraws a response: sealed, in one statement that also proves the survey open."""

from django.db import connection

from questionnaire.sealing import seal
from questionnaire.wizard.interview import Interview

# The share lock makes a submission wait for a closing that is under way, and a closing for submissions under way:
# what is thanked is counted, what comes later is refused. A higher number replaces; a retry of an older one is a no-op.
_STORE = """
WITH survey AS (
    SELECT id FROM questionnaire_survey
    WHERE id = %s AND state = 'open'
        AND (opens_at IS NULL OR opens_at <= now()) AND (closes_at IS NULL OR now() < closes_at)
    FOR SHARE
), stored AS (
    INSERT INTO questionnaire_sealedresponse AS response (survey_id, key, number, sealed)
    SELECT id, %s, %s, %s FROM survey
    ON CONFLICT (survey_id, key) DO UPDATE SET number = excluded.number, sealed = excluded.sealed
    WHERE excluded.number > response.number
)
SELECT count(*) FROM survey
"""


def store(interview: Interview) -> bool:
    """Store a complete interview's answers; False where the survey takes no answers, not yet or no more.

    Raises django.db.OperationalError while the database cannot be reached: nothing is stored then.
    """
    return _write(interview, seal(interview.public_key, interview.mode, interview.route.answers))


def withdraw(interview: Interview) -> bool:
    """Empty what is stored under the interview's code, whether anything is or not. Else as `store`."""
    return _write(interview, b"")


def _write(interview: Interview, sealed: bytes) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [interview.survey_id, interview.key, interview.number, sealed])
        (open_surveys,) = cursor.fetchone()
    return open_surveys == 1
