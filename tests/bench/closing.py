"""Measures the closing of a survey with many sealed responses, and the release that follows."""

import os

import psycopg

from questionnaire.sealing import seal
from tests.bench import command
from tests.bench.answers import MODE, simulated
from tests.bench.report import Figures
from tests.server import Server

SLUG = "many"


def measure(server: Server) -> Figures:
    """Close 100,000 responses, sealed for real, and build the release."""
    server.manage("create_survey", SLUG, "--open")
    store(server)
    closing, release = (command.run(server, name, SLUG) for name in ("close_survey", "build_release"))
    return Figures(
        "Closing (target for the release: 2 s)",
        ("", "seconds", "whole process, s", "rows a second", "peak memory, MB"),
        [
            (
                f"Closing {len(simulated()):,} responses",
                f"{closing.inside:.1f}",
                f"{closing.whole:.1f}",
                f"{len(simulated()) / closing.inside:,.0f}",
                closing.megabytes,
            ),
            ("Building the release", f"{release.inside:.2f}", f"{release.whole:.2f}", "", release.megabytes),
        ],
    )


def store(server: Server) -> None:
    """Seal the simulated interviews to the survey's key and write them as submissions would."""
    ((survey, public_key),) = server.query("SELECT id, public_key FROM questionnaire_survey WHERE slug = %s", SLUG)
    statement = "COPY questionnaire_sealedresponse (survey_id, key, number, sealed) FROM STDIN"
    with psycopg.connect(server.database_url) as connection, connection.cursor().copy(statement) as copy:
        for number, answers in enumerate(simulated()):
            copy.write_row((survey, os.urandom(32), number, seal(public_key, MODE, answers)))
