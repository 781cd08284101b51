"""Measures the import of ever longer files, to see that memory does not grow with them, and their releases."""

from tests.bench import command
from tests.bench.answers import MODE, write_csv
from tests.bench.report import Figures
from tests.server import Server

SIZES = (10_000, 100_000, 1_000_000)
COLLECTED = ("--mode", MODE, "--collected-from", "2023-10-02", "--collected-to", "2023-10-31")


def measure(server: Server) -> Figures:
    """A survey of its own for each file."""
    return Figures(
        "Importing (target for the release: 2 s)",
        ("", "seconds", "whole process, s", "rows a second", "peak memory, MB", "patterns", "release, s", "whole, s"),
        [_row(server, size) for size in SIZES],
    )


def _row(server: Server, size: int) -> tuple[str, ...]:
    slug, file = f"imported-{size}", server.data_dir / "answers.csv"
    server.manage("create_survey", slug, "--origin", "imported")
    write_csv(file, size)
    done = command.run(server, "import_responses", slug, str(file), *COLLECTED)
    release = command.run(server, "build_release", slug)
    ((patterns,),) = server.query(
        "SELECT count(*) FROM questionnaire_answerpattern JOIN questionnaire_survey survey ON survey.id = survey_id"
        " WHERE slug = %s",
        slug,
    )
    return (
        f"{size:,} rows",
        f"{done.inside:.1f}",
        f"{done.whole:.1f}",
        f"{size / done.inside:,.0f}",
        done.megabytes,
        f"{patterns:,}",
        f"{release.inside:.2f}",
        f"{release.whole:.2f}",
    )
