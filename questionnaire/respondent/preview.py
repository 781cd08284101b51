"""A survey's pages as respondents see them, for staff who may view surveys: in any state, and nothing is stored."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire import codes
from questionnaire.models import Survey
from questionnaire.respondent import views
from questionnaire.wizard.interview import Interview, forget, start_path

View = Callable[..., HttpResponse]
PREVIEW = "preview"  # the instance of the survey's pages; their templates show the banner by it
NOBODYS = 0  # no survey has this number: a code that a preview shows opens nothing


class PreviewWizard(views.RespondentWizard):
    """The wizard that thanks and stores nothing."""

    def submit(self) -> HttpResponse:
        return self.thank()


def preview_page(view: View) -> View:
    """For staff who may view surveys. Who has not signed in is sent to do so; anyone else is refused with 403."""
    in_admin = admin.site.admin_view(view)

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
        surveys = admin.site.get_model_admin(Survey)
        may = admin.site.has_permission(request) and surveys.has_view_permission(request)
        if request.user.is_authenticated and not may:
            raise PermissionDenied
        request.current_app = PREVIEW
        return in_admin(request, **kwargs)

    return guarded


@preview_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; with `?code` as someone sees it who comes with a code."""
    survey = get_object_or_404(Survey, slug=slug)
    returned = "code" in request.GET
    if request.method == "POST":
        interview = Interview.start(survey, views.MODE, codes.make(NOBODYS), path=start_path(request, slug))
        interview.returned = returned
        return views.begin(interview)
    context = {**views.about(survey), "returned": returned, "lost": "lost" in request.GET}
    return render(request, "respondent/start.html", context)


@preview_page
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    return views.step(request, slug, step, wizard=PreviewWizard)


@preview_page
@require_POST
def withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that says that answers are withdrawn; there are none to withdraw."""
    survey = get_object_or_404(Survey, slug=slug)
    response = render(request, "respondent/withdrawn.html", _named(survey))
    forget(response, start_path(request, slug))
    return response


@preview_page
@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "respondent/privacy.html", views.about(get_object_or_404(Survey, slug=slug)))


@preview_page
@require_safe
def not_open(request: HttpRequest, slug: str) -> HttpResponse:
    """What the start page is until the survey opens."""
    survey = get_object_or_404(Survey, slug=slug)
    return render(request, "respondent/not_open.html", _named(survey))


@preview_page
@require_safe
def closed(request: HttpRequest, slug: str) -> HttpResponse:
    """What the start page is once the survey is closed."""
    survey = get_object_or_404(Survey, slug=slug)
    return render(request, "respondent/closed.html", _named(survey))


def _named(survey: Survey) -> dict:
    return {"survey": survey, "title": survey.title, "slug": survey.slug, "linked": survey.is_linked}


complete = preview_page(views.complete)
cleared = preview_page(views.cleared)
