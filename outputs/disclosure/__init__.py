"""Exact tables in, protected tables out, by the policy that the survey fixed when it opened.

A policy is a module: WORDS say it in a sentence, NOTES and SYMBOLS explain its tables, `protect` applies it.
"""

from types import ModuleType

from outputs.disclosure import exact, rounded

_POLICIES = {"rounded": rounded, "exact": exact}


def policy(name: str) -> ModuleType:
    """The policy of that name. KeyError where there is none."""
    return _POLICIES[name]
