"""Adds to a survey's admin its further pages, its own time zone, and words for what the database refuses."""

from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire.models import Survey
from questionnaire.staff import breakdowns, destroying, linked_answers, opening
from questionnaire.staff.guard import address, in_words

VIEWS = {
    "opening/": (opening.opening, "opening"),
    "breakdowns/": (breakdowns.overview, "breakdowns"),
    "breakdowns/add/": (breakdowns.edit, "breakdown_add"),
    "breakdowns/of/<slug:code>/": (breakdowns.edit, "breakdown"),
    "linked-answers/": (linked_answers.download, "linked_answers"),
    "abandon/": (destroying.abandon, "abandon"),
    "purge/": (destroying.purge, "purge"),
}


class SurveyPages:
    """Mixed into the admin of surveys."""

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(f"<int:pk>/{route}", view, name=f"questionnaire_survey_{name}")
            for route, (view, name) in VIEWS.items()
        ]
        return [*pages, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, *args, obj: Survey | None = None, **kwargs):
        if obj is not None:
            context["survey_tools"] = tools(
                obj,
                may_change=self.has_change_permission(request, obj),
                may_see_linked=request.user.has_perm(linked_answers.PERMISSION),
            )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Times are typed and shown in the survey's own time zone; a clash in the database is told, not a fault."""
        with timezone.override(_zone(request, object_id)):
            try:
                response = super().changeform_view(request, object_id, form_url, extra_context)
                return response.render() if hasattr(response, "render") else response
            except IntegrityError as clash:
                messages.error(request, in_words(clash))
                return redirect(request.path)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except IntegrityError as clash:
            messages.error(request, in_words(clash))
            return redirect("admin:questionnaire_survey_changelist")


def tools(survey: Survey, *, may_change: bool, may_see_linked: bool = False) -> list[tuple[str, str]]:
    """(title, address) of the pages that serve this survey in the state that it is in."""
    found = [(address(survey, "breakdowns"), _("Breakdowns"))]
    if survey.state == Survey.State.DRAFT and survey.origin == Survey.Origin.WEB:
        found.insert(0, (address(survey, "opening"), _("Before opening")))
    if may_see_linked and survey.keeps_linked_answers:
        found.append((address(survey, "linked_answers"), _("Download linked answers")))
    if may_change and survey.state in destroying.ABANDON.states:
        found.append((address(survey, "abandon"), _("Abandon")))
    if may_change and survey.state in destroying.PURGE.states:
        found.append((address(survey, "purge"), _("Purge")))
    return [(title, place) for place, title in found]


def _zone(request: HttpRequest, object_id: str | None) -> ZoneInfo:
    """The zone that a draft's form says; the survey's own where it is fixed, or where the form's is none."""
    known = object_id is not None and object_id.isdecimal() and len(object_id) < 20
    own = Survey.objects.filter(pk=int(object_id)).first() if known else None
    posted = request.POST.get("time_zone", "")
    if (own is None or own.state == Survey.State.DRAFT) and posted in available_timezones():
        return ZoneInfo(posted)
    return own.zone if own else timezone.get_default_timezone()
