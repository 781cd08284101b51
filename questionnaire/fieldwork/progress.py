"""How far a closing is: told on its own database connection while it opens seals, and stored nowhere.

Other connections read it in PostgreSQL's list of connections. What they read counts responses: pages give no more of
it than `percent`.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from django.db import connection

from questionnaire.models import Survey

STEP = 1000  # rows between two tellings
ROUND_TO = 5  # per cent
_TOLD = re.compile(r"closing \d+ (\d+)/(\d+)")
_SEEN = """
SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, %s)
"""


def telling(survey: Survey, *, pause: Callable[[], None] = lambda: None) -> Callable[[Iterable, int], Iterable]:
    """What wraps the rows of a closing (`progress` of `closing.close`) and tells how many have been opened.

    `pause` is called as often as this is told; it may raise what is to end the closing.
    """

    def rows_told(rows: Iterable, total: int) -> Iterator:
        for done, row in enumerate(rows):
            if done % STEP == 0:
                pause()
                _tell(f"closing {survey.pk} {done}/{total}")
            yield row
        _tell(f"closing {survey.pk} {total}/{total}")

    return rows_told


def seen(survey_id: int) -> tuple[int, int] | None:
    """(opened, all) of the closing of this survey that is opening seals right now; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [f"closing {survey_id} "])
        told = [_TOLD.fullmatch(name) for (name,) in cursor.fetchall()]
    return max(((int(each[1]), int(each[2])) for each in told if each), default=None)


def percent(done: int, total: int) -> int:
    """How much is done, rounded down to 5 per cent: it tells nobody how many answered."""
    return 100 * done // max(total, 1) // ROUND_TO * ROUND_TO


def _tell(name: str) -> None:
    """Give the connection a name that lasts as long as the transaction, however this ends: pools lend it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [name])
