"""Closing from the staff site: what is asked before, and how it stands afterwards.

An owner's key stays in the memory of the one request that brings it.
"""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from questionnaire.fieldwork import closing
from questionnaire.fieldwork.jobs import end, queue_closing
from questionnaire.fieldwork.progress import telling
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey
from questionnaire.staff.closing_forms import KeyForm
from questionnaire.staff.closing_state import standing

_STILL_OPEN = gettext_lazy(
    "It was not stopped: it takes answers until its closing time. Bring the key back first; if it is lost for good, "
    "end the survey by its closing time."
)


class ClosingPages:
    """Adds to a survey's admin: how its closing stands, a button, and the page behind it."""

    def get_urls(self) -> list[URLPattern]:
        close = self.admin_site.admin_view(self.close_view)
        return [path("<path:object_id>/close/", close, name="questionnaire_survey_close"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, *args, obj: Survey | None = None, **kwargs):
        if obj is not None:
            context["closing"] = standing(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @method_decorator(sensitive_post_parameters())
    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, survey):
            raise PermissionDenied
        if survey is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        stands = standing(survey)
        if stands.needs_key:
            return self._with_key(request, survey)
        if not stands.can_close:
            self.message_user(request, stands.state or _("There is nothing to close."), messages.WARNING)
        elif request.method == "POST":
            self._close(request, survey)
        else:
            return self._page(request, survey)
        return HttpResponseRedirect(_change_page(survey))

    def _close(self, request: HttpRequest, survey: Survey) -> None:
        """Take no more answers from now on, whether a worker runs or not; have one do the rest.

        Of a survey that is stopped already the button says: count, however few there are. Where this service keeps the
        key, it is tried first: a survey whose answers could not be counted is not ended by whoever does not know that.
        """
        try:
            if survey.custody == Survey.Custody.SERVICE:
                closing.check_key(survey.slug)
            if survey.state == Survey.State.STOPPED:
                queue_closing(survey, request.user.pk)
            else:
                end(survey, actor=request.user.get_username(), user_id=request.user.pk)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            if survey.state == Survey.State.OPEN:
                self.message_user(request, _STILL_OPEN, messages.WARNING)
        else:
            self.message_user(request, _("“%s” takes no more answers.") % survey.title, messages.SUCCESS)

    @sensitive_variables()
    def _with_key(self, request: HttpRequest, survey: Survey) -> HttpResponse:
        """Open the answers with the key that is brought: here and now, since a queue would keep it."""
        form = KeyForm(request.POST, request.FILES) if request.method == "POST" else KeyForm()
        if not form.is_valid():
            return self._page(request, survey, form)
        try:
            closing.check_key(survey.slug, form.cleaned_data["private"])
            rejected = closing.close(
                survey.slug,
                actor=request.user.get_username(),
                key=form.cleaned_data["private"],
                progress=telling(survey),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, survey, form)
        self.message_user(request, _("“%s” is closed: its answers are counted.") % survey.title, messages.SUCCESS)
        if rejected:
            self.message_user(request, _("Some rows held no whole interview; they are not counted."), messages.WARNING)
        return HttpResponseRedirect(_change_page(survey))

    def _page(self, request: HttpRequest, survey: Survey, form: KeyForm | None = None) -> HttpResponse:
        title = _("Open the answers of “%s”") if form else _("Close “%s”")
        context = {
            **self.admin_site.each_context(request),
            "title": title % survey.title,
            "opts": self.opts,
            "survey": survey,
            "owner_has_key": survey.custody == Survey.Custody.OWNER,
            "change_page": _change_page(survey),
            "form": form,
        }
        return TemplateResponse(request, "staff/close_survey.html", context)


def _change_page(survey: Survey) -> str:
    return reverse("admin:questionnaire_survey_change", args=[survey.pk])
