"""The simulated answers that closing and importing are measured with: the same ones in every run."""

import csv
from functools import lru_cache
from pathlib import Path
from random import Random

from questionnaire import registry
from questionnaire.engine.model import Standard
from questionnaire.simulation import simulated_interviews

MODE = "online"
DIFFERENT = 100_000


def standard() -> Standard:
    return registry.all_standards()[0]


@lru_cache(maxsize=1)
def simulated() -> list[dict[str, str]]:
    """100,000 whole interviews."""
    return list(simulated_interviews(standard(), MODE, DIFFERENT, seed=1))


def write_csv(path: Path, rows: int) -> None:
    """A file to import, with so many rows, drawn from the simulated interviews."""
    questions = [question.id for question in standard().questions]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(questions)
        for answers in Random(rows).choices(simulated(), k=rows):
            writer.writerow([answers.get(question, "") for question in questions])
