"""Attacks a real server on a real database with hostile requests, on this machine alone, and reports what gives way.

make fuzz                                         20,000 requests
make fuzz ARGS="--requests 2000 --seed 7"         other requests; a seed is told with every report
"""

import argparse
import sys

from tests.fuzz.attack import Attack
from tests.server import running_server


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000, help="how many at least, after a warm-up of a tenth")
    parser.add_argument("--seed", type=int, default=1, help="whole number from which the requests follow")
    options = parser.parse_args()
    with running_server() as server:
        report = Attack(server, options.seed).run(options.requests)
    sys.stdout.write(f"{report}\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
