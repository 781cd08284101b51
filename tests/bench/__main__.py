"""Measures what docs/performance.md tells, on a real server and a real database; nothing here is a test.

make bench                            everything
make bench ARGS="interview page"      some parts: interview, clients, page, closing, import
make bench ARGS="--write"             everything, written into docs/performance.md
"""

import argparse
import sys

from tests.bench import clients, closing, importing, interview, page, report
from tests.server import running_server

PARTS = {
    "interview": interview.measure,
    "clients": clients.measure,
    "page": page.measure,
    "closing": closing.measure,
    "import": importing.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help=f"{', '.join(PARTS)}; without any, all of them")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    options = parser.parse_args()
    if options.write and options.part:
        parser.error("only a whole run is written")
    with running_server() as server:
        told = [report.machine(server)]
        sys.stdout.write(f"{told[0]}\n")
        for name, measure in PARTS.items():
            if not options.part or name in options.part:
                told.append(str(measure(server)))
                sys.stdout.write(f"{told[-1]}\n")
                sys.stdout.flush()
    if options.write:
        report.write("\n".join(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
