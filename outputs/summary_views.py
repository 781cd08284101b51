"""The page for a board: a release on one sheet of paper."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from outputs.access import visible_release
from outputs.summary import summary
from outputs.views import page, results_page


@results_page
def summary_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """Headlines, classes of everyone and of each grade, who answered, and what not to conclude."""
    release = visible_release(request, survey, number)
    day = release.facts["headcount_date"]
    return page(
        request,
        "summary",
        f"Summary: {release}",
        release=release,
        summary=summary(release),
        headcount_date=date.fromisoformat(day) if day else None,
    )
