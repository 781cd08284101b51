"""How a worker runs: how much at a time, how it shows that it lives, and how soon it stops."""

from datetime import timedelta

from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from questionnaire.fieldwork.jobs import STALLED

OPTIONS = {
    "concurrency": 4,  # so that a long closing does not hold up the clock
    "delete_jobs": "successful",
    "update_heartbeat_interval": STALLED / 4,
    "stalled_worker_timeout": STALLED,
    "shutdown_graceful_timeout": 3,  # then closings give up, and are begun again: nothing is lost
}


def work(*, wait: bool = True) -> None:
    """Be a worker: until told to stop by a signal, or only until nothing is left to do."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)  # its default keeps four open
    with app.replace_connector(connector):
        app.run_worker(wait=wait, **OPTIONS)


def some_worker_lives() -> bool:
    """Whether any worker has shown a sign of life of late, here or on another machine."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - timedelta(seconds=STALLED)).exists()
