"""Finds the standards that are installed: each folder `standards/<id>/<version>/` is one."""

from functools import lru_cache
from pathlib import Path

from questionnaire.engine.check import check
from questionnaire.engine.load import FILE, StandardFault, load
from questionnaire.engine.model import Fault, Standard

STANDARDS = Path(__file__).parent / "standards"


def get(id: str, version: str) -> Standard:
    """The standard with this id and version. LookupError where there is none, StandardFault where it is unreadable."""
    return get_key(f"{id}/{version}")


@lru_cache(maxsize=64)
def get_key(key: str) -> Standard:
    """The standard with this key, such as "gss_seb/2023-07". Raises as `get` does."""
    return load(folder(key))


def folder(key: str) -> Path:
    """The folder of the standard with this key. LookupError where there is none."""
    found = _folders().get(key)
    if found is None:
        raise LookupError(f"there is no standard {key}")
    return found


def all_standards() -> tuple[Standard, ...]:
    """Every installed standard, by key. StandardFault where one is unreadable."""
    return tuple(get_key(key) for key in _folders())


def faults() -> list[Fault]:
    """What is wrong with the installed standards, each fault's file with its folder; [] where all are sound."""
    found = []
    for key in _folders():
        try:
            in_folder = check(get_key(key))
        except StandardFault as unreadable:
            in_folder = [unreadable.fault]
        found += [Fault(f"{key}/{fault.file}", fault.place, fault.message) for fault in in_folder]
    return found


def _folders() -> dict[str, Path]:
    return {"/".join(path.parts[-3:-1]): path.parent for path in sorted(STANDARDS.glob(f"*/*/{FILE}"))}
