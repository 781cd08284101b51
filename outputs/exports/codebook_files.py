"""The files that explain a standard to an analyst: its codebook, and how each variable is derived."""

from collections.abc import Iterator

from outputs.codebook import derivation, universe
from outputs.exports.csv_text import csv_bytes
from outputs.exports.files import CSV, File
from questionnaire.engine.model import Standard

CODEBOOK = ("standard", "question", "mode", "order", "code", "label", "hint", "spontaneous", "universe")


def codebook_files(standard: Standard) -> tuple[File, ...]:
    """`codebook.csv`, then `derivation-<variable>.csv` for every decision table."""
    return (
        File("codebook.csv", "Every answer to every question, in each mode", CSV, lambda: _codebook(standard)),
        *(
            File(
                f"derivation-{decision.variable}.csv",
                f"How {decision.variable} is derived: the first row that matches",
                CSV,
                lambda decision=decision: csv_bytes(*derivation(decision)),
            )
            for decision in standard.decisions
        ),
    )


def _codebook(standard: Standard) -> bytes:
    return csv_bytes(CODEBOOK, _codebook_rows(standard))


def _codebook_rows(standard: Standard) -> Iterator[tuple[object, ...]]:
    for question in standard.questions:
        for mode in standard.modes:
            asked_of = universe(standard, question, mode.id)
            for order, option in enumerate(question.asking(mode.id).options, 1):
                spontaneous = "yes" if option.spontaneous else "no"
                yield (
                    standard.key,
                    question.id,
                    mode.id,
                    order,
                    option.code,
                    option.label,
                    option.hint,
                    spontaneous,
                    asked_of,
                )
