"""Measures what docs/performance.md and docs/disclosure.md tell; nothing here is a test.

make bench                            everything
make bench ARGS="interview page"      some parts: interview, clients, page, closing, import, employers, rules
make bench ARGS="--write"             everything, written into docs/performance.md and docs/disclosure.md
make bench ARGS="employers rules --write"      all that one of the pages tells, written into it
"""

import argparse
import sys

from tests.bench import clients, closing, disclosure, importing, interview, page, report
from tests.server import running_server

PARTS = {
    report.PERFORMANCE: {
        "interview": interview.measure,
        "clients": clients.measure,
        "page": page.measure,
        "closing": closing.measure,
        "import": importing.measure,
    },
    report.DISCLOSURE: {"employers": disclosure.employers, "rules": disclosure.usual_rules},
}


def main() -> int:
    names = [name for parts in PARTS.values() for name in parts]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", choices=[[], *names], help=f"{', '.join(names)}; without any, all of them")
    parser.add_argument("--write", action="store_true", help="write the figures into the pages")
    options = parser.parse_args()
    wanted = set(options.part or names)
    if options.write and any(0 < len(wanted & set(parts)) < len(parts) for parts in PARTS.values()):
        parser.error("a page is only written whole")
    with running_server() as server:
        for place, parts in PARTS.items():
            if not wanted & set(parts):
                continue
            told = [report.machine(server)]
            sys.stdout.write(f"{told[0]}\n")
            for name, measure in parts.items():
                if name in wanted:
                    told.append(str(measure(server)))
                    sys.stdout.write(f"{told[-1]}\n")
                    sys.stdout.flush()
            if options.write:
                report.write(place, "\n".join(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
