"""Measures what somebody can find out from releases of made-up employers, and what the protection costs.

Defined in docs/disclosure.md. Everything is repeated from the same seeds; only the seconds differ from run to run.
"""

import os
from collections import defaultdict

import django
import numpy as np
from tqdm import tqdm

from tests.bench.report import Figures
from tests.server import Server

METHODS = ("nearest", "nearest_and_left", "controlled", "random")
SEEDS = {50: 5, 200: 3, 500: 3, 2_000: 3, 10_000: 1, 100_000: 1, 500_000: 1}
TURNOVERS = (0.02, 0.10)
WHOLE_PEOPLE = 500  # staff up to whom the solver looks for whole people, and not for parts of them
ATTACKED = 100_000  # staff up to whom releases are attacked here; beyond, by the audit alone
WAVES = 2_000  # staff up to whom two waves are attacked here as well
COMPARED = 2_000  # staff at which the usual rules are compared


def employers(server: Server) -> Figures:
    """Employers of every size, each attacked in every role."""
    _set_up()
    from tests.attackers import Found, on_one_release, on_two_waves
    from tests.simulated_employer import Employer, released

    rows = []
    for size, seeds in tqdm(SEEDS.items(), desc="employers"):
        found: dict[str, Found] = defaultdict(Found)
        told, methods, seconds, joined = [], [], [], 0
        for seed in range(seeds):
            employer = Employer(size, seed)
            first = released(employer)
            if size <= ATTACKED:
                for role, each in on_one_release(first, first.survey.group_minimum // 2, size <= WHOLE_PEOPLE).items():
                    found[role] += each
            releases = [first]
            for turnover in TURNOVERS if size <= WAVES else ():
                later = released(employer, employer.a_year_later(turnover), [first.as_earlier()])
                found[f"observer {turnover:.0%}"] += on_two_waves(first, later, size <= 50)
                releases.append(later)
            told += [quality(each) for each in releases]
            methods += [each.rows.method for each in releases]
            seconds += [each.seconds for each in releases]
            joined += sum(len(each.rows.report["joined"]) for each in releases)
        cells, percents, error, points = np.mean(told, axis=0)
        roles = ["outsider", "colleague", "planter", "interviewer of one in 20", "interviewer of one in 5"]
        rows.append(
            (
                f"{size:,} staff",
                str(len(methods)),
                f"{first.rows.report['rows']:,}",
                *(str(found[role].people) if role in found else "–" for role in roles),
                *(str(found[f"observer {each:.0%}"].people) if size <= WAVES else "–" for each in TURNOVERS),
                str(sum(each.small for each in found.values())) if found else "–",
                f"{cells:.0%}",
                f"{percents:.0%}",
                f"{error:.2f}",
                "–" if np.isnan(points) else f"{points:.2f}",
                " / ".join(
                    str(methods.count(each)) for each in ("nearest", "nearest_and_left", "controlled", "random")
                ),
                str(joined),
                f"{np.median(seconds):.1f}",
                f"{max(seconds):.1f}",
            )
        )
    return Figures(
        "Releases of made-up employers (targets: nobody certain, no small count known, all cells shown, "
        "0.7 points and 5 s at 2,000 staff, 2 minutes at 500,000)",
        (
            "", "releases", "rows", "outsider", "colleague", "planter", "interviewer, 1 in 20", "interviewer, 1 in 5",
            "two waves, 2 % turnover", "two waves, 10 %", "small counts known", "cells shown", "percentages shown",
            "error, points", "error of printed percentages", "nearest / and left / controlled / random", "joined",
            "median s", "most s",
        ),
        rows,
    )  # fmt: skip


def quality(released) -> tuple[float, float, float, float]:
    """Shares of cells and of percentages that are printed; mean errors in percentage points.

    The first error is of the share in everybody asked that a reader takes from the printed counts, [low] read as 0; the
    second that of the percentages that are printed.
    """
    from outputs.disclosure.protected import NOT_APPLICABLE

    exact = {
        tuple(row.where): dict(zip(released.shape.cells, row.counts.tolist(), strict=True))
        for row, _ in released.rows.rows
    }
    cells, percents, errors, points = [], [], [], []
    for table in released.tables:
        true = exact[table.breakdown, table.group_code, table.group]
        asked = sum(true[table.id, cell.code] for cell in table.cells if cell.base != "neither")
        for cell in table.cells:
            cells.append(cell.count.status in ("", "[low]"))
            if cell.percent_asked.status == NOT_APPLICABLE:
                continue
            share = 100 * true[table.id, cell.code] / max(asked, 1)
            percents.append(
                cell.percent_asked.value is not None or cell.percent_asked.status in ("[95+]", "[5-]", "[low]")
            )
            errors.append(abs(100 * int(cell.count.value or 0) / max(table.base_asked or 0, 1) - share))
            if cell.percent_asked.value is not None:
                points.append(abs(float(cell.percent_asked.value) - share))
    return float(np.mean(cells)), float(np.mean(percents)), float(np.mean(errors)), float(np.mean(points or [np.nan]))


def usual_rules(server: Server) -> Figures:
    """What usual rules give away of the same employers, and what the product's own way does."""
    _set_up()
    from tests.attackers import on_one_release, on_rule
    from tests.simulated_employer import Employer, released
    from tests.usual_rules import RULES

    employers = [Employer(COMPARED, seed) for seed in range(SEEDS[COMPARED])]
    rows = []
    for name, rule in RULES.items():
        outcomes = [on_rule(employer, rule) for employer in employers]
        rows.append((name, *_shares(np.sum(outcomes, axis=0))))
    own = []
    for employer in employers:
        first = released(employer)
        one = on_one_release(first, first.survey.group_minimum // 2, whole=False)
        shown, _percents, error, _points = quality(first)
        small = sum(int(((row.counts > 0) & (row.counts < 10)).sum()) for row, _atoms in first.rows.rows)
        n = len(first.rows.rows) * len(first.shape.cells)
        certain = [one[role].people for role in ("outsider", "colleague", "planter")]
        own.append((one["outsider"].small, small, *certain, shown * n, n, error * n, n))
    rows.append(("this product", *_shares(np.sum(own, axis=0))))
    return Figures(
        f"The usual rules, {COMPARED:,} staff",
        ("", "counts of 1 to 9 known exactly", "outsider", "colleague", "planter", "cells shown", "error, points"),
        rows,
        f"Sums over {len(employers)} employers; people as in the table above.",
    )


def _shares(outcome: np.ndarray) -> tuple[str, ...]:
    exact, small, outsider, colleague, planter, shown, cells, error, of = outcome
    return (
        f"{exact / max(small, 1):.0%}", f"{outsider:.0f}", f"{colleague:.0f}", f"{planter:.0f}", f"{shown / cells:.0%}",
        f"{error / max(of, 1):.2f}",
    )  # fmt: skip


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
