"""A survey's own pages: front page, start page, its questions, check answers, thank-you page, privacy page."""

import time
from functools import lru_cache

from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire import audit, codes
from questionnaire.engine.interviews import longest
from questionnaire.engine.model import Standard
from questionnaire.models import ROUND_TO, Survey
from questionnaire.respondent.submission import NotInvited, store, withdraw
from questionnaire.views import error_page
from questionnaire.wizard.interview import Interview, forget, read, start_path
from questionnaire.wizard.pages import TOKEN, with_token
from questionnaire.wizard.views import CHECK, QuestionWizard, wizard_view

MODE = "online"  # the standard's own texts for someone who answers alone, in a browser
# All of a survey that an interview begins with, and a digest of the row, by which its start page is kept. In SQL, since
# to have it written, and every field read, takes longer than all the rest of these two requests.
_TO_BEGIN = """
SELECT id, slug, title, state, access, opens_at, closes_at, standard, public_key, kiosk, kind,
    md5(survey::text) AS digest
FROM questionnaire_survey AS survey WHERE slug = %s
"""


class RespondentWizard(QuestionWizard):
    """The wizard in a respondent's own browser."""

    def submit(self) -> HttpResponse:
        self.interview.number = self.interview.number or now()
        try:
            stored = store(self.interview)
        except NotInvited:
            return not_invited(self.request, self.interview.title, self.interview.slug)
        except (DatabaseError, InterfaceError):
            return error_page(self.request, 503)
        if not stored:
            return refused(self.request, self.interview)
        return self.thank()

    def thank(self) -> HttpResponse:
        """To the thank-you page, as someone who has submitted."""
        self.interview.submitted = True
        self.storage.changed = True
        return redirect(self.get_step_url("complete"))


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The open surveys whose owners chose to be listed, of those that anyone may answer."""
    listed = Survey.objects.filter(state=Survey.State.OPEN, listed=True, access=Survey.Access.OPEN_LINK)
    return render(request, "respondent/front.html", {"surveys": [each for each in listed if each.is_taking_answers]})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """The start page; a POST (Start now) begins a fresh interview, and nothing else does."""
    survey = next(iter(Survey.objects.raw(_TO_BEGIN, [slug])), None)
    if survey is None:
        raise Http404
    if not survey.is_taking_answers:
        return unavailable(request, survey)
    interview = read(request, slug)
    # Who submitted with a code leaves it to nobody: the next person at this browser answers for themselves.
    code = interview.code if interview and interview.returned and not interview.submitted else ""
    if request.method == "POST":
        if not survey.invites(codes.digest(code)):
            return not_invited(request, survey.title, slug) if code else redirect("enter")
        return begin(Interview.start(survey, MODE, code))
    return with_token(_start_page(survey.pk, survey.digest, bool(code), "lost" in request.GET, get_language()), request)


@lru_cache(maxsize=64)
def _start_page(number: int, digest: str, returned: bool, lost: bool, language: str) -> str:
    """The start page: the same for everyone while nothing of the survey changes, so it is rendered once and kept."""
    survey = get_object_or_404(Survey, pk=number)
    context = {**about(survey), "returned": returned, "lost": lost, "csrf_token": TOKEN}
    return render_to_string("respondent/start.html", context)


def begin(interview: Interview) -> HttpResponse:
    """To the first question, with a fresh interview in its cookie."""
    response = HttpResponseRedirect(f"{interview.path}{interview.definition.questions[0].slug}/")
    interview.save(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str, wizard: type[RespondentWizard] = RespondentWizard) -> HttpResponse:
    """A question's page, or check answers. Without an interview the way leads to the start page."""
    interview = read(request, slug)
    if interview is None:
        return to_start(request, slug)
    if step not in {CHECK, *(question.slug for question in interview.definition.questions)}:
        return error_page(request, 404)
    request.interview = interview
    return wizard_view(wizard, interview.standard, interview.mode)(request, step=step)


@require_safe
def complete(request: HttpRequest, slug: str) -> HttpResponse:
    """The thank-you page, for whoever has submitted. A shared device forgets the answers with it."""
    interview = read(request, slug)
    if interview is None:
        return to_start(request, slug)
    if not interview.submitted:
        return redirect(f"{interview.path}{CHECK}/")
    response = render(request, "respondent/complete.html", {"interview": interview, "slug": slug})
    if interview.kiosk:
        forget(response, interview.path)
    return response


@require_POST
def withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """Withdraw what was submitted under this browser's code, and forget it here. Says the same if nothing was."""
    interview = read(request, slug)
    if interview is None:
        return to_start(request, slug)
    interview.number = now()
    try:
        open_still = withdraw(interview)
    except NotInvited:
        return not_invited(request, interview.title, slug)
    except (DatabaseError, InterfaceError):
        return error_page(request, 503)
    if not open_still:
        return refused(request, interview)
    context = {"title": interview.title, "slug": slug, "linked": interview.linked}
    response = render(request, "respondent/withdrawn.html", context)
    forget(response, interview.path)
    return response


@require_POST
def cleared(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the answers to this survey out of this browser; what was submitted stays submitted."""
    interview = read(request, slug)
    context = {"slug": slug, "linked": interview is not None and interview.linked}
    response = render(request, "respondent/cleared.html", context)
    forget(response, start_path(request, slug))
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
        "two_ways": [str(two_way) for two_way in survey.two_ways.select_related("first", "second")],
    }


def unavailable(request: HttpRequest, survey: Survey, status: int = 200) -> HttpResponse:
    """The page that says why a survey takes no answers: not open yet, closed, or destroyed."""
    context = {"title": survey.title, "slug": survey.slug, "survey": survey}
    if survey.state == Survey.State.DRAFT:
        page = "not_open"
        context["survey"] = None  # when it opens is not settled before it is opened
    elif survey.state == Survey.State.OPEN and survey.is_yet_to_open:
        page = "not_open"
    elif survey.state == Survey.State.PURGED:
        page, context = "destroyed", {**context, "unread": _unread(survey)}
    else:
        page, context = "closed", {**context, "counted": survey.state in (Survey.State.CLOSED, Survey.State.RELEASED)}
    return render(request, f"respondent/{page}.html", context, status=status)


def not_invited(request: HttpRequest, title: str, slug: str) -> HttpResponse:
    """The page that says that a code was replaced by another: none was wrong when its interview began."""
    return render(request, "respondent/not_invited.html", {"title": title, "slug": slug}, status=403)


def refused(request: HttpRequest, interview: Interview) -> HttpResponse:
    """The page that says why answers that were sent were not taken."""
    return unavailable(request, get_object_or_404(Survey, pk=interview.survey_id), status=410)


def to_start(request: HttpRequest, slug: str) -> HttpResponse:
    """To the start page, which then says why one is there."""
    return redirect(f"{start_path(request, slug)}?lost")


def _unread(survey: Survey) -> str:
    """Why a survey's answers were destroyed without being counted: "few" or "late"; "" where they were counted.

    What was imported was never stopped, and was counted at once.
    """
    done = audit.actions(survey.slug)
    if survey.stopped_at is None or "closed" in done:
        return ""
    return "late" if "destroyed unopened" in done else "few"


def _can_always_refuse(standard: Standard) -> bool:
    return all(standard.refusal in question.asking(MODE).codes for question in standard.questions)


def now() -> int:
    return time.time_ns() // 1000
