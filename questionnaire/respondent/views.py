"""What a respondent sees: front page, a survey's start page, its questions, check answers, thank-you page."""

import time

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from questionnaire.engine.interviews import longest
from questionnaire.models import Survey
from questionnaire.respondent.submission import store
from questionnaire.views import error_page
from questionnaire.wizard.interview import Interview, read
from questionnaire.wizard.views import CHECK, QuestionWizard, wizard_view

MODE = "online"  # the standard's own texts for someone who answers alone, in a browser


class RespondentWizard(QuestionWizard):
    """The wizard in a respondent's own browser."""

    def submit(self) -> HttpResponse:
        self.interview.number = self.interview.number or time.time_ns() // 1000
        try:
            stored = store(self.interview)
        except (DatabaseError, InterfaceError):
            return error_page(self.request, 503)
        if not stored:
            return _closed(self.request, self.interview.title, status=410)
        self.interview.submitted = True
        self.storage.changed = True
        return redirect("respondent:complete", self.interview.slug)


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The open surveys whose owners chose to be listed."""
    surveys = Survey.objects.filter(state=Survey.State.OPEN, listed=True).only("slug", "title", "organisation")
    return render(request, "respondent/front.html", {"surveys": surveys})


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; a POST (Start now) begins a fresh interview, and nothing else does."""
    survey = get_object_or_404(Survey, slug=slug)
    if survey.state == Survey.State.DRAFT:
        return render(request, "respondent/not_open.html", {"title": survey.title})
    if survey.state != Survey.State.OPEN:
        return _closed(request, survey.title)
    standard = survey.definition
    if request.method == "POST":
        response = redirect("respondent:step", slug, standard.questions[0].slug)
        Interview.start(survey, MODE).save(response)
        return response
    context = {
        "survey": survey,
        "standard": standard,
        "most_questions": longest(standard, MODE),
        "imputation": standard.setting("imputation").option(survey.imputation),
        "lost": "lost" in request.GET,
    }
    return render(request, "respondent/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """A question's page, or check answers. Without an interview the way leads to the start page."""
    interview = read(request, slug)
    if interview is None:
        return _to_start(slug)
    if step not in steps(interview):
        return error_page(request, 404)
    request.interview = interview
    return wizard_view(RespondentWizard, interview.standard, interview.mode)(request, step=step)


@require_safe
def complete(request: HttpRequest, slug: str) -> HttpResponse:
    """The thank-you page, for whoever has submitted."""
    interview = read(request, slug)
    if interview is None:
        return _to_start(slug)
    if not interview.submitted:
        return redirect("respondent:step", slug, CHECK)
    return render(request, "respondent/complete.html", {"interview": interview})


def steps(interview: Interview) -> set[str]:
    """The last parts of this interview's addresses."""
    return {CHECK, *(question.slug for question in interview.definition.questions)}


def _to_start(slug: str) -> HttpResponse:
    response = redirect("respondent:start", slug)
    response["Location"] += "?lost"
    return response


def _closed(request: HttpRequest, title: str, status: int = 200) -> HttpResponse:
    return render(request, "respondent/closed.html", {"title": title}, status=status)
