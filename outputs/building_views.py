"""The page on which a release is asked for, and which tells how it went."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from outputs import building
from outputs.guard import for_staff_who_may
from outputs.views import or_404, page


@for_staff_who_may("outputs.add_release")
def build_page(request: HttpRequest, survey: str) -> HttpResponse:
    """GET says how it stands; POST has a worker build the next release."""
    if request.method == "POST" and or_404(building.course, survey).can_build:
        building.ask(survey, actor=request.user.get_username())
        return redirect(request.path)
    course = or_404(building.course, survey)
    return page(request, "build", _("Build a release: %s") % course.title, course=course)
