"""Decides which releases someone on the staff site may see: those of exact surveys need a permission of their own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from outputs import releases
from outputs.releases import Published

SEE_EXACT = "outputs.view_exact_release"
SEE_AUDIT = "outputs.view_release_audit"


def visible_release(request: HttpRequest, survey: str, number: int | None = None) -> Published:
    """One release; without a number, the newest. Http404 where there is none, PermissionDenied where it is not theirs.

    The page must have asked already whether they may view releases at all.
    """
    try:
        release = releases.release(survey, number)
    except LookupError as unknown:
        raise Http404(str(unknown)) from unknown
    if not _may_see(request, release):
        raise PermissionDenied
    return release


def visible_releases(request: HttpRequest) -> list[Published]:
    """Every release that they may see, by survey, newest first."""
    return [release for release in releases.releases() if _may_see(request, release)]


def may_see_audit(request: HttpRequest) -> bool:
    """Whether they may read how a release was attacked, and what was found, where."""
    return request.user.has_perm(SEE_AUDIT)


def _may_see(request: HttpRequest, release: Published) -> bool:
    return not release.is_exact or request.user.has_perm(SEE_EXACT)
