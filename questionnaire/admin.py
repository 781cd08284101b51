"""Surveys and the audit record in the Django admin, plainly: drafts are edited, what is open is only looked at."""

from datetime import date, datetime

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from questionnaire import audit, registry
from questionnaire.admin_copying import CopyingAdmin
from questionnaire.fieldwork import retention, surveys
from questionnaire.models import AuditEntry, ImportedFile, Survey
from questionnaire.staff import invitations
from questionnaire.staff.closing_views import ClosingPages
from questionnaire.staff.survey_pages import SurveyPages

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
        _("Who is asked, fixed when the survey opens"),
        ("kind", "access", "headcount", "headcount_date", "kiosk"),
    ),
    (
        _("How results are made, fixed when the survey opens"),
        ("standard", "origin", "policy", "imputation"),
    ),
    (_("The key to the answers, fixed when the survey opens"), ("custody", "unopened_days")),
    (_("The clock by which its times are told, fixed when the survey opens"), ("time_zone",)),
    (
        _("What can be mended while the survey is open"),
        (
            "contact",
            "data_protection_contact",
            "complaints_contact",
            "host",
            "mail_provider",
            "backup_days",
            "opens_at",
            "closes_at",
            "counts_until",
            "minimum_responses",
            "listed",
        ),
    ),
)
MENDABLE = SECTIONS[-1][1]  # as the trigger of migration 0005 has it
UNTIL_THE_END = ("opens_at", "closes_at")  # of these, what may be mended while the survey is open only


class SurveyForm(forms.ModelForm):
    """A survey's settings. The standard and its imputation policies are those that are installed."""

    class Meta:
        model = Survey
        fields = [field for _heading, fields in SECTIONS for field in fields]
        widgets = {"standard": forms.Select, "imputation": forms.Select}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        standards = registry.all_standards()
        for name in {"opens_at", "closes_at"} & self.fields.keys():
            told = self.fields[name].help_text
            self.fields[name].help_text = f"{told} {_('On the clock of %s.') % timezone.get_current_timezone_name()}"
        if "standard" in self.fields:  # all are read only once the survey is no draft
            self.fields["standard"].widget.choices = [(each.key, f"{each.title}, {each.version}") for each in standards]
            self.fields["imputation"].widget.choices = [
                (option.code, option.label) for each in standards for option in each.setting("imputation").options
            ]

    def clean_minimum_responses(self) -> int:
        """A threshold can be raised at any time; once anyone was asked, it is never lowered."""
        wanted, stands = self.cleaned_data["minimum_responses"], self.instance.minimum_responses
        if self.instance.state != Survey.State.DRAFT and wanted < stands:
            raise ValidationError(_("It can only be raised once the survey is open; it is %s.") % stands)
        return wanted

    def clean_opens_at(self) -> datetime | None:
        """Once it takes answers, it goes on: whoever answered may replace or withdraw until the end."""
        wanted, stands = self.cleaned_data["opens_at"], self.instance.opens_at
        begun = stands is None or stands <= timezone.now()
        if self.instance.state != Survey.State.DRAFT and begun and wanted != stands:
            raise ValidationError(_("It takes answers already: this time is not changed any more."))
        return wanted

    def clean_closes_at(self) -> datetime | None:
        """A survey that has ended is not begun again, and none is ended by a slip: the button Close ends it at once."""
        wanted, stands = self.cleaned_data["closes_at"], self.instance.closes_at
        if self.instance.state == Survey.State.DRAFT or wanted == stands:
            return wanted
        if stands is not None and stands <= timezone.now():
            raise ValidationError(_("The survey has ended: this time is not changed any more."))
        if wanted is not None and wanted <= timezone.now():
            raise ValidationError(_("This time has passed. To end the survey now, use Close."))
        return wanted

    def clean_counts_until(self) -> date | None:
        """Respondents were told the day: it may come earlier, never later."""
        wanted, stands = self.cleaned_data["counts_until"], self.instance.counts_until
        if self.instance.state != Survey.State.DRAFT and stands is not None and (wanted is None or wanted > stands):
            raise ValidationError(_("Respondents were told %s: it can only be earlier.") % date_format(stands, "j F Y"))
        return wanted

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
        return lookup.removesuffix("__exact") in self.list_filter


@admin.register(Survey)
class SurveyAdmin(SurveyPages, ClosingPages, CopyingAdmin, PlainAdmin):
    """Settings are fixed when a survey opens; afterwards only the words that say who asks can be mended."""

    form = SurveyForm
    list_display = ("title", "slug", "state", "access", "policy", "opened_at")
    list_filter = ("state",)
    search_fields = ("title", "slug", "organisation")
    # The browser's own fields, with one label each, where the admin's have none.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        },
        models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")},
    }
    fieldsets = (
        (None, {"fields": ("state", "retention")}),
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
            return ("state", "retention")
        return (
            "state",
            "retention",
            *(field for _heading, fields in SECTIONS for field in fields if field not in MENDABLE),
            *(UNTIL_THE_END if obj.state != Survey.State.OPEN else ()),
            *(("minimum_responses",) if obj.state == Survey.State.STOPPED else ()),
        )

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

    @admin.display(description=_("what is destroyed when"))
    def retention(self, survey: Survey) -> str:
        return format_html_join(" ", "{}", ((sentence,) for sentence in retention.told(survey)))


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
    """Who did what to which survey, and when."""

    list_display = ("at", "actor", "action", "survey", "details")
    list_filter = ("action", "survey")
    search_fields = ("survey", "actor")
    fields = ("at", "actor", "action", "survey", "details")
    ordering = ("-id",)

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return audit.in_words(entry.detail)


@admin.register(ImportedFile)
class ImportedFileAdmin(ReadOnlyAdmin):
    list_display = ("survey", "mode", "collected_from", "collected_to", "imported_at")
    fields = ("survey", "mode", "collected_from", "collected_to", "imported_at")
