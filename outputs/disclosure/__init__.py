"""Exact tables in, protected tables out, by the policy and thresholds that the survey fixed when it opened.

`audit` decides how counts are rounded, by attacking them; the policies here say how they are printed.
"""

from outputs.disclosure.exact import Exact
from outputs.disclosure.rounded import Rounded

Policy = Rounded | Exact


def policy(name: str, *, minimum_responses: int, round_to: int, method: str = "nearest") -> Policy:
    """The policy of that name, with a survey's thresholds. KeyError where there is none."""
    return {"rounded": Rounded(minimum_responses, round_to, method), "exact": Exact()}[name]
