"""A survey's own pages: front page, start page, its questions, check answers, thank-you page, privacy page."""

import time
from functools import lru_cache

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire import codes
from questionnaire.engine.interviews import longest
from questionnaire.engine.model import Standard
from questionnaire.models import ROUND_TO, Survey
from questionnaire.respondent.submission import NotInvited, store, withdraw
from questionnaire.views import error_page
from questionnaire.wizard.interview import Interview, forget, read
from questionnaire.wizard.pages import TOKEN, with_token
from questionnaire.wizard.views import CHECK, QuestionWizard, wizard_view

MODE = "online"  # the standard's own texts for someone who answers alone, in a browser
# All of a survey that an interview begins with: reading every field takes longer than all the rest of pressing Start.
TO_BEGIN = ("slug", "title", "state", "closes_at", "standard", "public_key", "kiosk")


class RespondentWizard(QuestionWizard):
    """The wizard in a respondent's own browser."""

    def submit(self) -> HttpResponse:
        self.interview.number = self.interview.number or _now()
        try:
            stored = store(self.interview)
        except NotInvited:
            return not_invited(self.request, self.interview.title, self.interview.slug)
        except (DatabaseError, InterfaceError):
            return error_page(self.request, 503)
        if not stored:
            return closed(self.request, self.interview.title, self.interview.slug, status=410)
        self.interview.submitted = True
        self.storage.changed = True
        return redirect("respondent:complete", self.interview.slug)


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The open surveys whose owners chose to be listed, of those that anyone may answer."""
    listed = Survey.objects.filter(state=Survey.State.OPEN, listed=True, access=Survey.Access.OPEN_LINK)
    return render(request, "respondent/front.html", {"surveys": [each for each in listed if each.is_taking_answers]})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; a POST (Start now) begins a fresh interview, and nothing else does."""
    surveys = Survey.objects.only(*TO_BEGIN) if request.method == "POST" else Survey.objects
    survey = get_object_or_404(surveys, slug=slug)
    if survey.state == Survey.State.DRAFT:
        return render(request, "respondent/not_open.html", {"title": survey.title, "slug": slug})
    if not survey.is_taking_answers:
        return closed(request, survey.title, slug)
    interview = read(request, slug)
    # Who submitted with a code leaves it to nobody: the next person at this browser answers for themselves.
    code = interview.code if interview and interview.returned and not interview.submitted else ""
    if request.method == "POST":
        if not survey.invites(codes.digest(code)):
            return not_invited(request, survey.title, slug) if code else redirect("respondent:enter")
        response = redirect("respondent:step", slug, survey.definition.questions[0].slug)
        Interview.start(survey, MODE, code).save(response)
        return response
    return with_token(_start_page(_facts(survey), bool(code), "lost" in request.GET, get_language()), request)


def _facts(survey: Survey) -> tuple[tuple[str, object], ...]:
    """Every field of the survey with its value."""
    return tuple((field.attname, getattr(survey, field.attname)) for field in Survey._meta.concrete_fields)


@lru_cache(maxsize=64)
def _start_page(facts: tuple[tuple[str, object], ...], returned: bool, lost: bool, language: str) -> str:
    """The start page: the same for everyone while nothing of the survey changes, so it is rendered once and kept."""
    context = {**about(Survey(**dict(facts))), "returned": returned, "lost": lost, "csrf_token": TOKEN}
    return render_to_string("respondent/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """A question's page, or check answers. Without an interview the way leads to the start page."""
    interview = read(request, slug)
    if interview is None:
        return to_start(slug)
    if step not in {CHECK, *(question.slug for question in interview.definition.questions)}:
        return error_page(request, 404)
    request.interview = interview
    return wizard_view(RespondentWizard, interview.standard, interview.mode)(request, step=step)


@require_safe
def complete(request: HttpRequest, slug: str) -> HttpResponse:
    """The thank-you page, for whoever has submitted. A shared device forgets the answers with it."""
    interview = read(request, slug)
    if interview is None:
        return to_start(slug)
    if not interview.submitted:
        return redirect("respondent:step", slug, CHECK)
    response = render(request, "respondent/complete.html", {"interview": interview, "slug": slug})
    if interview.kiosk:
        forget(response, slug)
    return response


@require_POST
def withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw what was submitted under this browser's code, and forget it here. Says the same if nothing was."""
    interview = read(request, slug)
    if interview is None:
        return to_start(slug)
    interview.number = _now()
    try:
        open_still = withdraw(interview)
    except NotInvited:
        return not_invited(request, interview.title, slug)
    except (DatabaseError, InterfaceError):
        return error_page(request, 503)
    if not open_still:
        return closed(request, interview.title, slug, status=410)
    response = render(request, "respondent/withdrawn.html", {"title": interview.title, "slug": slug})
    forget(response, slug)
    return response


@require_POST
def cleared(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the answers to this survey out of this browser; what was submitted stays submitted."""
    response = render(request, "respondent/cleared.html", {"slug": slug})
    forget(response, slug)
    return response


@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """What becomes of the answers, for respondents and data protection officers."""
    survey = get_object_or_404(Survey.objects.exclude(state=Survey.State.DRAFT), slug=slug)
    return render(request, "respondent/privacy.html", about(survey))


def about(survey: Survey) -> dict:
    """What the pages about a survey tell, from its settings and its standard."""
    standard = survey.definition
    return {
        "survey": survey,
        "slug": survey.slug,
        "standard": standard,
        "most_questions": longest(standard, MODE),
        "can_always_refuse": _can_always_refuse(standard),
        "imputation": standard.setting("imputation").option(survey.imputation),
        "round_to": ROUND_TO,
        "promises": survey.promises.splitlines(),
        "invited": survey.access == Survey.Access.INVITED,
        "breakdowns": [breakdown.title for breakdown in survey.breakdowns.all()],
    }


def closed(request: HttpRequest, title: str, slug: str, status: int = 200) -> HttpResponse:
    """The page that says a survey takes no more answers."""
    return render(request, "respondent/closed.html", {"title": title, "slug": slug}, status=status)


def not_invited(request: HttpRequest, title: str, slug: str) -> HttpResponse:
    """The page that says that a code was replaced by another: none was wrong when its interview began."""
    return render(request, "respondent/not_invited.html", {"title": title, "slug": slug}, status=403)


def to_start(slug: str) -> HttpResponse:
    """To the start page, which then says why one is there."""
    response = redirect("respondent:start", slug)
    response["Location"] += "?lost"
    return response


def _can_always_refuse(standard: Standard) -> bool:
    return all(standard.refusal in question.asking(MODE).codes for question in standard.questions)


def _now() -> int:
    return time.time_ns() // 1000
