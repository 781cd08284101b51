"""Makes up interviews, for demonstrations and measurements; never for results.

The weights are made up too, and stand in the standard's folder as `demonstration.csv`: question, code, the weight
among people at large, and the weight among those at the top of an organisation.
"""

import csv
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from questionnaire import registry
from questionnaire.engine.model import Standard
from questionnaire.engine.route import route


def simulated_interviews(standard: Standard, mode: str, number: int, seed: int) -> Iterator[dict[str, str]]:
    """`number` complete interviews of people at large, the same for the same seed."""
    random = Random(seed)  # noqa: S311  (nothing here is secret)
    for _number in range(number):
        yield simulated_interview(standard, mode, random)


def simulated_interview(standard: Standard, mode: str, random: Random, height: float = 0) -> dict[str, str]:
    """One complete interview, of someone as people at large (0), at the top of an organisation (1) or between them.

    Below 0 lies as far away from the top. An option without a weight is not chosen.
    """
    weights = _weights(standard.key)
    answers: dict[str, str] = {}
    while question := route(standard, mode, answers).first_unanswered:
        codes = question.asking(mode).codes
        ends = [weights.get((question.id, code), (0, 0)) for code in codes]
        (answers[question.id],) = random.choices(codes, [max(0, low + height * (high - low)) for low, high in ends])
    return answers


@lru_cache(maxsize=8)
def _weights(key: str) -> dict[tuple[str, str], tuple[float, float]]:
    with (registry.folder(key) / "demonstration.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["question"], row["code"]): (float(row["weight"]), float(row["weight_at_top"]))
            for row in csv.DictReader(file)
        }
