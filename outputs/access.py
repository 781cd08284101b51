"""Decides which release a page may show: one that is there, and that whoever asks may see."""

from django.http import Http404, HttpRequest

from outputs import releases
from outputs.guard import may_see
from outputs.releases import Published


def visible_release(request: HttpRequest, survey: str, number: int | None = None) -> Published:
    """One release; without a number, the newest. Http404 where there is none, PermissionDenied where it is not theirs.

    The page must have asked already whether they may view releases at all.
    """
    try:
        release = releases.release(survey, number)
    except LookupError as unknown:
        raise Http404(str(unknown)) from unknown
    may_see(request.user, release)
    return release
