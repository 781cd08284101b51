"""The page of the staff site on which a survey is copied into its next wave."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaire.fieldwork import copying
from questionnaire.fieldwork.surveys import Refused
from questionnaire.models import Survey, short_name


class CopyForm(forms.Form):
    """The short name of the next wave. Whether it is taken, copying decides."""

    slug = forms.CharField(
        label=gettext_lazy("Short name of the next wave"),
        max_length=Survey._meta.get_field("slug").max_length,
        validators=[short_name],
        help_text=Survey._meta.get_field("slug").help_text,
    )


class CopyingAdmin(ModelAdmin):
    """Surveys that whoever may add one can copy."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.copy_view)
        return [path("<path:object_id>/copy/", page, name="questionnaire_survey_copy"), *super().get_urls()]

    def copy_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the new short name; a POST copies, and leads to the new draft."""
        survey = self.get_object(request, unquote(object_id))
        if not self.has_add_permission(request) or not self.has_view_permission(request, survey):
            raise PermissionDenied
        if survey is None:
            raise Http404
        posted = request.POST if request.method == "POST" else None
        form = CopyForm(posted, initial={"slug": copying.suggestion(survey.slug)})
        if form.is_valid():
            try:
                new = copying.copy(survey.slug, form.cleaned_data["slug"], actor=request.user.get_username())
            except Refused as refusal:
                form.add_error("slug", str(refusal))
            else:
                told = _("“%(title)s” is copied into the draft “%(slug)s”. Set its times before you open it.")
                self.message_user(request, told % {"title": new.title, "slug": new.slug}, messages.SUCCESS)
                return redirect("admin:questionnaire_survey_change", new.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Copy into the next wave"),
            "opts": self.opts,
            "original": survey,
            "form": form,
        }
        return render(request, "admin/questionnaire/survey/copy.html", context)
