"""Makes up interviews, for demonstrations and measurements; never for results.

The weights are made up too, and stand in the standard's folder as `demonstration.csv` (question, code, weight).
"""

import csv
from collections.abc import Iterator
from random import Random

from questionnaire import registry
from questionnaire.engine.model import Standard
from questionnaire.engine.route import route


def simulated_interviews(standard: Standard, mode: str, number: int, seed: int) -> Iterator[dict[str, str]]:
    """`number` complete interviews, the same for the same seed. An option without a weight is not chosen."""
    with (registry.folder(standard.key) / "demonstration.csv").open(encoding="utf-8", newline="") as file:
        weights = {(row["question"], row["code"]): float(row["weight"]) for row in csv.DictReader(file)}
    random = Random(seed)  # noqa: S311  (nothing here is secret)
    for _number in range(number):
        answers: dict[str, str] = {}
        while question := route(standard, mode, answers).first_unanswered:
            codes = question.asking(mode).codes
            (answers[question.id],) = random.choices(codes, [weights.get((question.id, code), 0) for code in codes])
        yield answers
