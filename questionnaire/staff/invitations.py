"""The staff pages on which people are invited: a list is checked and shown, then its codes are downloaded, once."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questionnaire.fieldwork import invited, inviting
from questionnaire.fieldwork.csv_rows import BadCell
from questionnaire.fieldwork.people import People
from questionnaire.fieldwork.surveys import Refused
from questionnaire.models import AuditEntry, Survey
from questionnaire.staff import carried
from questionnaire.staff.long_forms import View, takes_a_file, takes_a_long_form

MOST_FAULTS = 100  # told on one page; who mends these may find more
NAME = "questionnaire_survey_invitations"


def urls(surveys: ModelAdmin) -> list[URLPattern]:
    """The addresses below a survey's own. For whoever may change surveys; anyone else is refused."""

    def staff(view: View) -> View:
        @csrf_exempt  # each view checks the token itself, some after reading a form that is longer than others
        def guarded(request: HttpRequest, pk: int) -> HttpResponse:
            if not surveys.has_change_permission(request):
                raise PermissionDenied
            survey = get_object_or_404(Survey, pk=pk, access=Survey.Access.INVITED, origin=Survey.Origin.WEB)
            request.site_context = surveys.admin_site.each_context(request)
            return view(request, survey)

        return surveys.admin_site.admin_view(guarded)

    pages = {
        "": (overview, NAME),
        "check/": (check, f"{NAME}_check"),
        "invite/": (invite, f"{NAME}_invite"),
        "replace/": (replace, f"{NAME}_replace"),
        "remove/": (remove, f"{NAME}_remove"),
    }
    return [path(f"<int:pk>/invitations/{place}", staff(view), name=name) for place, (view, name) in pages.items()]


@require_safe
def overview(request: HttpRequest, survey: Survey) -> HttpResponse:
    """How many are invited and, rounded, how many answered; the form for a list of people."""
    return page(request, survey, "overview", _("Invitations"))


@require_POST
@takes_a_file
def check(request: HttpRequest, survey: Survey) -> HttpResponse:
    """What a list of people holds and every fault in it. Nothing is stored."""
    file = request.FILES.get("people")
    if file is None:
        return refused(request, survey, _("Choose a file."))
    faults: list[BadCell] = []
    told = 0

    def report(fault: BadCell) -> None:
        nonlocal told
        told += 1
        if told <= MOST_FAULTS:
            faults.append(fault)

    before = survey.invitations.count()  # first: whoever is invited meanwhile is noticed
    try:
        people, bad_rows = inviting.check(file, survey.slug, report=report)
    except Refused as refusal:
        return refused(request, survey, str(refusal))
    context = {
        "file": file.name,
        "people": f"{len(people.rows):,}",
        "bad_rows": f"{bad_rows:,}" if bad_rows else "",
        "faults": faults,
        "more_faults": f"{told - len(faults):,}" if told > len(faults) else "",
        "groups": _groups(survey, people),
        "warnings": invited.warnings(survey, people),
    }
    if not bad_rows:
        context["carried"] = carried.pack(people, before, survey_id=survey.pk, user_id=request.user.pk)
    return page(request, survey, "check", _("Check the people to invite"), **context)


@require_POST
@takes_a_long_form
def invite(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Invite the people who were checked; the answer is the file of their codes."""
    try:
        people, before = carried.unpack(
            request.long_form.get("people", ""), survey_id=survey.pk, user_id=request.user.pk
        )
        rows = inviting.invite(survey.slug, people, actor=request.user.get_username(), invited_before=before)
    except carried.NotCarried:
        return refused(request, survey, _("The list did not come back whole. Nobody was invited: check it again."))
    except Refused as refusal:
        return refused(request, survey, str(refusal))
    return codes_file(survey, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def replace(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Asks whether to replace every code; the answer to yes is the file of the new ones."""
    times = AuditEntry.objects.filter(survey=survey.slug, action=inviting.REPLACED).count()
    if request.method != "POST":
        return page(request, survey, "replace", _("Replace every code?"), times=times)
    if request.POST.get("times") != str(times):
        return refused(
            request,
            survey,
            _("The codes were replaced since that page was opened, perhaps by a second press: the newest file counts."),
        )
    try:
        rows = inviting.replace_codes(survey.slug, actor=request.user.get_username())
    except Refused as refusal:
        return refused(request, survey, str(refusal))
    return codes_file(survey, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def remove(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Asks whether to take back every invitation of a draft, and does."""
    if request.method != "POST":
        return page(request, survey, "remove", _("Remove every invitation?"))
    try:
        inviting.remove_invitations(survey.slug, actor=request.user.get_username())
    except Refused as refusal:
        return refused(request, survey, str(refusal))
    return redirect(f"admin:{NAME}", survey.pk)


def refused(request: HttpRequest, survey: Survey, why: str) -> HttpResponse:
    """The page of invitations, with why nothing was done."""
    return page(request, survey, "overview", _("Invitations"), error=why, status=422)


def page(
    request: HttpRequest, survey: Survey, template: str, title: str, status: int = 200, **context: object
) -> HttpResponse:
    context = {
        **request.site_context,
        "title": title,
        "survey": survey,
        "count": f"{survey.invitations.count():,}",
        "answered": invited.answered(survey),
        "breakdowns": [breakdown.code for breakdown in survey.breakdowns.all()],
        "is_draft": survey.state == Survey.State.DRAFT,
        "can_invite": survey.state in (Survey.State.DRAFT, Survey.State.OPEN),
        **context,
    }
    return render(request, f"admin/questionnaire/survey/invitations/{template}.html", context, status=status)


def codes_file(survey: Survey, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The file of codes, which no cache keeps (`SecurityHeaders` says so on every page)."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="codes-{survey.slug}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _groups(survey: Survey, people: People) -> list[dict]:
    """By breakdown, each group with how many of the list are in it."""
    return [
        {
            "title": breakdown.title,
            "rows": [
                (group.title, group.code, counts[group.code], group.headcount) for group in breakdown.groups.all()
            ],
        }
        for breakdown, counts in zip(survey.breakdowns.prefetch_related("groups"), people.in_groups(), strict=True)
    ]
