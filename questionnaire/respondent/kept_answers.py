"""Shows the holder of a code what a linked survey keeps of them after closing, and lets them begin to change it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from questionnaire import linked
from questionnaire.models import LinkedResponse, Survey
from questionnaire.respondent.views import now, to_start
from questionnaire.wizard.interview import Interview, read
from questionnaire.wizard.views import CHECK


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """What is kept; a POST leads to check answers, where each can be changed and all are submitted again."""
    interview = read(request, slug)
    if interview is None or not linked.is_kept_for(interview.survey_id, interview.key):
        return to_start(request, slug)
    survey = get_object_or_404(Survey, pk=interview.survey_id)
    kept = linked.kept(interview.survey_id, interview.key)
    if request.method == "POST" and kept:
        return _change(survey, kept, interview.code)
    context = {"survey": survey, "slug": slug, "rows": _rows(survey, kept) if kept else []}
    return render(request, "respondent/kept_answers.html", context)


def _change(survey: Survey, kept: LinkedResponse, code: str) -> HttpResponse:
    """To check answers, with a fresh interview that has the answers already."""
    interview = Interview.start(survey, kept.mode, code)
    interview.answers, interview.number = kept.answers, now()
    response = redirect(f"{interview.path}{CHECK}/")
    interview.save(response)
    return response


def _rows(survey: Survey, kept: LinkedResponse) -> list[dict[str, str]]:
    """Each question that was asked with what was answered, in the standard's words and order."""
    askings = {question.id: question.asking(kept.mode) for question in survey.definition.questions}
    return [
        {"key": asking.wording, "value": asking.option(kept.answers[question]).label}
        for question, asking in askings.items()
        if question in kept.answers
    ]
