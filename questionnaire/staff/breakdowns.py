"""The pages of a survey's breakdowns: typed, pasted from a spreadsheet or read from a file; fixed once it opens."""

from itertools import combinations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaire.fieldwork import breakdowns, declaring
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Breakdown, Survey
from questionnaire.staff.guard import address, page, survey_page


class BreakdownForm(forms.Form):
    """One breakdown, its groups as lines: more of them than a form may have fields, and pasted as they are."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    id = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens; a column of this name holds it in files."),
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("Shape"), choices=Breakdown.Shape.choices, widget=forms.RadioSelect, initial="flat"
    )
    special_category = forms.BooleanField(
        label=gettext_lazy("Special category data"),
        required=False,
        help_text=gettext_lazy("As in Article 9 of the UK GDPR: ethnicity, health, religion, union membership …"),
    )
    group = forms.CharField(
        label=gettext_lazy("Groups"),
        widget=forms.Textarea(attrs={"rows": 14, "cols": 60, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, in their order: short name; title; people in scope. In a tree also: the short name of the "
            "group that it is part of. Columns copied from a spreadsheet are taken too."
        ),
    )

    def clean_group(self) -> list[dict]:
        try:
            return declaring.read_groups(self.cleaned_data["group"])
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


class FileForm(forms.Form):
    """A file in place of everything that is declared."""

    file = forms.FileField(label=gettext_lazy("TOML file"), help_text=gettext_lazy("It replaces all of the above."))

    def clean_file(self) -> dict:
        file = self.cleaned_data["file"]
        if file.size > breakdowns.LARGEST_FILE:
            raise ValidationError(_("The file is too large."))
        try:
            return breakdowns.read_toml_text(file.read().decode("utf-8-sig"), file.name)
        except (Refused, UnicodeDecodeError) as error:
            raise ValidationError(str(error)) from error


@survey_page
def overview(request: HttpRequest, survey: Survey) -> HttpResponse:
    """All breakdowns and two-way tables; POST chooses two-way tables, or reads a file."""
    declared = declaring.as_declared(survey)
    titles = {each["id"]: each["title"] for each in declared["breakdown"]}
    pairs = [(f"{a} {b}", f"{titles[a]} by {titles[b]}") for a, b in combinations(titles, 2)]
    is_file = "read_file" in request.POST
    form = FileForm(request.POST, request.FILES) if is_file else FileForm()
    if request.method == "POST" and (not is_file or form.is_valid()):
        chosen = [pair.split(" ") for pair, _title in pairs if pair in request.POST.getlist("two_way")]
        two_ways = [{"first": first, "second": second} for first, second in chosen]
        new = form.cleaned_data["file"] if is_file else declared | {"two_way": two_ways}
        if not is_file and _crosses_twice(request.POST.getlist("two_way")):
            refused = _("The same two breakdowns are crossed twice: choose one order. Nothing was changed.")
        else:
            refused = _refusal(request, survey, new)
        if not refused:
            return redirect(address(survey, "breakdowns"))
        messages.error(request, refused)
    chosen = {frozenset(each.values()) for each in declared["two_way"]}
    return page(
        request,
        survey,
        "breakdowns",
        _("Breakdowns: %s") % survey.title,
        is_draft=survey.state == Survey.State.DRAFT,
        breakdowns=[(each, sum(group.headcount for group in each.groups.all())) for each in _stored(survey)],
        pairs=[(value, title, frozenset(value.split(" ")) in chosen) for value, title in pairs],
        faults=list(breakdowns.faults(survey)),
        form=form,
    )


@survey_page
def edit(request: HttpRequest, survey: Survey, code: str | None = None) -> HttpResponse:
    """One breakdown, or a new one; POST stores or removes it."""
    declared = declaring.as_declared(survey)
    stored = next((each for each in declared["breakdown"] if each["id"] == code), None)
    if code and stored is None:
        raise Http404
    if "remove" in request.POST:
        refused = _refusal(request, survey, declaring.with_breakdown(declared, code, None)) if code else ""
        if refused:
            messages.error(request, refused)
        return redirect(address(survey, "breakdowns"))
    initial = stored and stored | {"group": declaring.write_groups(stored["group"])}
    form = BreakdownForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        refused = _refusal(request, survey, declaring.with_breakdown(declared, code, form.cleaned_data))
        if not refused:
            return redirect(address(survey, "breakdowns"))
        form.add_error(None, refused)
    return page(
        request,
        survey,
        "breakdown",
        _("Breakdown: %s") % stored["title"] if stored else _("Add a breakdown"),
        is_draft=survey.state == Survey.State.DRAFT,
        stored=stored,
        form=form,
    )


def _crosses_twice(pairs: list[str]) -> bool:
    """The page offers each pair in one order; a table in the other order as well would say the same twice."""
    return len({frozenset(pair.split(" ")) for pair in pairs}) < len(pairs)


def _refusal(request: HttpRequest, survey: Survey, declared: dict) -> str:
    """Store these breakdowns; "" where that was done, otherwise why not."""
    try:
        declaring.redeclare(survey.slug, declared, actor=request.user.get_username())
    except Refused as refusal:
        return str(refusal)
    messages.success(request, _("The breakdowns are stored."))
    return ""


def _stored(survey: Survey) -> list[Breakdown]:
    return list(survey.breakdowns.prefetch_related("groups"))
