"""Surveys and the audit record in the Django admin, plainly: drafts are edited, what is open is only looked at."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from questionnaire import audit, registry
from questionnaire.admin_copying import CopyingAdmin
from questionnaire.fieldwork import surveys
from questionnaire.models import AuditEntry, ImportedFile, Survey
from questionnaire.staff import invitations
from questionnaire.staff.closing_views import ClosingPages

# Its pages let whoever may look at jobs end them. How work stands is told on the page of what is worked at.
admin.site.unregister(ProcrastinateJob)

SECTIONS = (
    (None, ("title", "slug")),
    (
        _("What respondents read, fixed when the survey opens"),
        (
            "organisation",
            "purpose",
            "signed_name",
            "signed_role",
            "promises",
            "controller",
            "lawful_basis",
            "address_source",
        ),
    ),
    (
        _("How results are made, fixed when the survey opens"),
        ("standard", "origin", "policy", "imputation", "minimum_responses"),
    ),
    (_("Shared devices, fixed when the survey opens"), ("kiosk",)),
    (
        _("What can be mended while the survey is open"),
        (
            "contact",
            "data_protection_contact",
            "complaints_contact",
            "host",
            "mail_provider",
            "backup_days",
            "closes_at",
            "listed",
        ),
    ),
)
MENDABLE = SECTIONS[-1][1]


class SurveyForm(forms.ModelForm):
    """A survey's settings. The standard and its imputation policies are those that are installed."""

    class Meta:
        model = Survey
        fields = [field for _heading, fields in SECTIONS for field in fields]
        widgets = {"standard": forms.Select, "imputation": forms.Select}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        standards = registry.all_standards()
        if "standard" in self.fields:  # all are read only once the survey is no draft
            self.fields["standard"].widget.choices = [(each.key, f"{each.title}, {each.version}") for each in standards]
            self.fields["imputation"].widget.choices = [
                (option.code, option.label) for each in standards for option in each.setting("imputation").options
            ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.fields and not self.errors:
            for field, value in cleaned.items():
                setattr(self.instance, field, value)
            try:
                surveys.check_settings(self.instance)
            except surveys.Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned


class PlainAdmin(admin.ModelAdmin):
    """Lists are narrowed by their filters alone: an address cannot ask after what a record holds."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup.split("__")[0] in self.list_filter


@admin.register(Survey)
class SurveyAdmin(ClosingPages, CopyingAdmin, PlainAdmin):
    """Settings are fixed when a survey opens; afterwards only the words that say who asks can be mended."""

    form = SurveyForm
    list_display = ("title", "slug", "state", "origin", "policy", "opened_at")
    list_filter = ("state",)
    search_fields = ("title", "slug", "organisation")
    actions = ("open_surveys",)
    # One field with one label, where the admin's own pair of fields has none.
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": forms.DateTimeInput}}
    fieldsets = (
        (None, {"fields": ("state",)}),
        *((heading, {"fields": fields}) for heading, fields in SECTIONS),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """A survey that is about to be saved or deleted is locked, so that it is judged by the state that it is in."""
        surveys = super().get_queryset(request)
        changes = request.method == "POST" and request.resolver_match.url_name.endswith(("_change", "_delete"))
        return surveys.select_for_update() if changes else surveys

    def get_urls(self) -> list:
        return [*invitations.urls(self), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> tuple[str, ...]:
        if obj is None or obj.state == Survey.State.DRAFT:
            return ("state",)
        return ("state", *(field for _heading, fields in SECTIONS for field in fields if field not in MENDABLE))

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        """A draft may be thrown away; a survey that has asked anyone may not."""
        return super().has_delete_permission(request, obj) and obj is not None and obj.state == Survey.State.DRAFT

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Survey, form: forms.ModelForm, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            audit.record(
                actor=request.user.get_username(),
                action="changed" if change else "created",
                survey=obj.slug,
                fields=list(form.changed_data),
                policy=obj.policy,
            )

    def delete_model(self, request: HttpRequest, obj: Survey) -> None:
        with transaction.atomic():
            audit.record(actor=request.user.get_username(), action="deleted", survey=obj.slug)
            super().delete_model(request, obj)

    @admin.action(description=_("Open the selected drafts: they take answers from now on"), permissions=["change"])
    def open_surveys(self, request: HttpRequest, queryset) -> None:
        for survey in queryset:
            try:
                surveys.open_survey(survey.slug, actor=request.user.get_username())
            except surveys.Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, _("“%s” is open.") % survey.title, messages.SUCCESS)


class ReadOnlyAdmin(PlainAdmin):
    """Records that nobody changes here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "survey", "detail")
    list_filter = ("action",)
    search_fields = ("survey", "actor")


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin):
    list_display = ("survey", "mode", "collected_from", "collected_to", "imported_at")
    fields = ("survey", "mode", "collected_from", "collected_to", "imported_at")
