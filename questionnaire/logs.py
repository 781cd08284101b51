"""Keeps what respondents do out of every log: a path below a survey's start page tells answers.

`/s/<survey>/supervisor/` alone says that someone's earner was an employee.
"""

import logging
import re
import traceback

# How gunicorn begins when it quotes what it could not read, and whose it was: that may be a piece of a form.
_UNREADABLE = "Invalid request from ip="
_PATH = re.compile(r"((?:/|%2f)(?:s|%73|i|%69)(?:/|%2f))[^\s\"'<>]*", re.IGNORECASE)  # gunicorn tells it as it was sent


def redact(text: str) -> str:
    """The text with every address below `/s/` cut off after that; below `/i/` too, where someone may put a code."""
    return _PATH.sub(r"\1…", text)


class NoSurveyPaths(logging.Filter):
    """Drops what Django and gunicorn would say of a request below a survey, save that something failed.

    And all that gunicorn would say of a request that it cannot read.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if message.startswith(_UNREADABLE):
            return False
        if _PATH.search(message):
            if record.levelno < logging.ERROR:
                return False
            record.msg, record.args = redact(message), None
        return True


class NoArgumentsOfJobs(logging.Filter):
    """Of a job that failed, tells its task, its number, the kind of fault and where; no argument, and no value.

    A fault's own message may quote what was being written.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        job = getattr(record, "job", None)
        if record.name.partition(".")[0] == "procrastinate" and isinstance(job, dict):
            record.msg, record.args = (
                f"job {job.get('task_name')}[{job.get('id')}]: {getattr(record, 'action', '')}",
                None,
            )
            if isinstance(record.exc_info, tuple) and record.exc_info[0]:
                kind, _fault, trace = record.exc_info
                record.exc_info, record.exc_text = None, "".join(traceback.format_tb(trace)) + kind.__name__
        return True


class PlainFormatter(logging.Formatter):
    """Formats a record with its traceback, redacted as a whole."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
