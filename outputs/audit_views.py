"""The page that tells how a release was attacked before it was built: that it held to all, the details to auditors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from outputs.access import visible_release
from outputs.releases import Published
from outputs.views import page, results_page
from questionnaire import audit

SEE_DETAILS = "outputs.view_release_audit"

_METHODS = {
    "nearest": _("To the nearest multiple, each count by itself"),
    "nearest_and_left": _("To the nearest multiple, what is no fact about a person as what the others leave"),
    "controlled": _("To a neighbouring multiple, all counts together"),
    "random": _("To a neighbouring multiple, at random"),
}
_FOUND = {
    "": _("Nothing about anybody"),
    "exact": _("A small count would be known exactly"),
    "certain": _("The answer of everybody whom an attacker does not know already would be certain"),
    "mover": _("The answer of someone who came or went since an earlier release would be certain"),
    "unsettled": _("The attack came to no end, so that it was not known to hold"),
}


@dataclass(frozen=True)
class Attempt:
    """One way of rounding that was tried, and what the attack on it found, where; in words."""

    method: str
    found: str
    where: str


@results_page
def audit_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """Whether the release was attacked; to auditors how, which is recorded."""
    release = visible_release(request, survey, number)
    details = bool(release.audit) and request.user.has_perm(SEE_DETAILS)
    if details:
        audit.record(actor=request.user.get_username(), action="read the attack", survey=survey, release=number)
    return page(
        request,
        "audit",
        f"{release}: how it was attacked",
        release=release,
        details=details,
        attempts=list(attempts(release)) if details else [],
    )


def attempts(release: Published) -> Iterator[Attempt]:
    """Every way that was tried, in order; the last one held."""
    for tried in release.audit.get("tried", []):
        yield Attempt(
            str(_METHODS[tried["method"]]),
            str(_FOUND[tried["found"]]),
            _where(release, tried) if tried["found"] else "",
        )


def _where(release: Published, tried: Mapping[str, str]) -> str:
    table = release.table(tried["table"])
    category = next(cell.label for cell in table.cells if cell.code == tried["category"])
    breakdowns = {breakdown["code"]: breakdown["title"] for breakdown in release.breakdowns}
    group = tried["group"] or str(_("people in none of the groups shown"))
    of = f"{breakdowns[tried['breakdown']]}: {group}" if tried["breakdown"] in breakdowns else group
    return f"{of}; {table.title}: {category}"
