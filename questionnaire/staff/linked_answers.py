"""The file of a linked survey's answers, for staff with the permission to view them; each download is recorded."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from questionnaire import audit
from questionnaire.fieldwork.people import FORMULA, REFERENCE, group_codes
from questionnaire.models import LinkedResponse, Survey

PERMISSION = "questionnaire.view_linkedresponse"


@admin.site.admin_view
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """One row for each person who answered. No cache keeps it (`SecurityHeaders` says so on every page)."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    with transaction.atomic():
        survey = get_object_or_404(Survey.objects.select_for_update(), pk=pk)  # until it is recorded nobody purges it
        if not survey.keeps_linked_answers:
            raise Http404
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(_rows(survey))
        audit.record(actor=request.user.get_username(), action="downloaded linked answers", survey=survey.slug)
    headers = {"Content-Disposition": f'attachment; filename="linked-answers-{survey.slug}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _rows(survey: Survey) -> Iterator[Sequence[str]]:
    """A header; then reference, group in each breakdown, mode, and the code of each answer, blank where not asked."""
    breakdowns, questions = list(group_codes(survey)), [question.id for question in survey.definition.questions]
    yield REFERENCE, *breakdowns, "mode", *questions
    rows = LinkedResponse.objects.filter(survey=survey).order_by(f"invitation__{REFERENCE}", "invitation_id")
    found = rows.values_list(f"invitation__{REFERENCE}", "invitation__groups", "mode", "answers")
    for reference, groups, mode, answers in found.iterator(chunk_size=2000):
        yield (
            _as_text(reference),
            *(_as_text(groups.get(code, "")) for code in breakdowns),
            mode,
            *(answers.get(question, "") for question in questions),
        )


def _as_text(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.startswith((*FORMULA, "\t", "\r")) else cell
