"""Decides who may see and use a survey's staff pages, and tells a clash in the database in words."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questionnaire.models import Survey

RESTRICT_VIOLATION = "23001"  # what the triggers of migration 0005 raise, each with a sentence for people


def survey_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one survey: seen by who may view or change surveys, used by who may change them.

    Its times are told in the survey's own time zone.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **names: str) -> HttpResponse:
        may_change = request.user.has_perm("questionnaire.change_survey")
        may_view = may_change or request.user.has_perm("questionnaire.view_survey")
        if not (may_view if request.method != "POST" else may_change):
            raise PermissionDenied
        survey = get_object_or_404(Survey, pk=pk)
        with timezone.override(survey.zone):
            try:
                return view(request, survey, **names)
            except IntegrityError as clash:
                messages.error(request, in_words(clash))
                return redirect(request.path)

    return admin.site.admin_view(guarded)


def page(request: HttpRequest, survey: Survey, template: str, title: str, **context: object) -> HttpResponse:
    """One of the templates in `staff`, with what every staff page has."""
    may_change = request.user.has_perm("questionnaire.change_survey")
    shared = {"title": title, "survey": survey, "may_change": may_change}
    return render(request, f"staff/{template}.html", admin.site.each_context(request) | shared | context)


def address(survey: Survey, name: str = "change", *names: str) -> str:
    """Of a page of this survey on the staff site."""
    return reverse(f"admin:questionnaire_survey_{name}", args=[survey.pk, *names])


def in_words(clash: IntegrityError) -> str:
    """What the database refused. Its own message may hold a row's values, so only our triggers' words are shown."""
    if getattr(clash.__cause__, "sqlstate", "") == RESTRICT_VIOLATION:
        return _("Nothing was changed: %s.") % clash.__cause__.diag.message_primary
    return _("Nothing was changed: it clashes with what is stored, perhaps only just now. Look again.")
