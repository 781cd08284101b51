"""The forms in which an owner enters benchmarks and targets of their own, for one table of a release."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import CheckboxSelectMultiple, DateInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outputs.disclosure.protected import ORGANISATION, ProtectedTable
from outputs.models import OwnBenchmark, Target
from outputs.releases import Published

EARLIEST, LATEST = 2000, 2200  # years


class _OfTable(forms.ModelForm):
    """Of categories of one table that count in base known, the base on which figures are compared."""

    codes = forms.MultipleChoiceField(
        label=_("Categories"),
        widget=CheckboxSelectMultiple,
        help_text=_("Several count together. Those outside base known are not compared."),
        error_messages={
            "required": _("Select at least one category."),
            "invalid_choice": _("Select categories of this table."),
        },
    )

    def __init__(self, table: ProtectedTable, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = [cell for cell in table.cells if cell.base == "known"]
        self.fields["codes"].choices = [(cell.code, cell.label) for cell in known]

    def clean_codes(self) -> list[str]:
        codes = self.cleaned_data["codes"]
        if len(codes) == len(self.fields["codes"].choices):
            raise ValidationError(_("Leave out at least one category: all together are always 100 per cent."))
        return codes


class BenchmarkForm(_OfTable):
    """A benchmark of the owner's own."""

    class Meta:
        model = OwnBenchmark
        fields = ("codes", "value", "population", "period", "source", "caution")

    def __init__(self, release: Published, table: ProtectedTable, *args, **kwargs) -> None:
        super().__init__(table, *args, **kwargs)


class TargetForm(_OfTable):
    """A target, of everyone who answered or of one group that the release shows. `part` is that group's table."""

    group = forms.ChoiceField(
        label=_("Of whom"), error_messages={"invalid_choice": _("Select a group of this release.")}
    )

    class Meta:
        model = Target
        fields = ("codes", "group", "direction", "percent", "by", "set_on")
        widgets = {name: DateInput({"type": "date"}, format="%Y-%m-%d") for name in ("by", "set_on")}
        labels = {"direction": _("At least or at most")}

    field_order = ("codes", "group", "direction", "percent", "by", "set_on")

    def __init__(self, release: Published, table: ProtectedTable, *args, **kwargs) -> None:
        super().__init__(table, *args, **kwargs)
        self._parts = {f"{part.breakdown} {part.group_code}": part for part in release.parts_of(table)}
        titles = {breakdown["code"]: breakdown["title"] for breakdown in release.breakdowns}
        self.fields["group"].choices = [
            (
                name,
                _("Everyone who answered")
                if part.breakdown == ORGANISATION
                else f"{titles[part.breakdown]}: {part.group}",
            )
            for name, part in self._parts.items()
        ]
        self.fields["set_on"].initial = timezone.localdate()

    @property
    def part(self) -> ProtectedTable:
        return self._parts[self.cleaned_data["group"]]

    def clean_by(self) -> date:
        return _sensible(self.cleaned_data["by"])

    def clean_set_on(self) -> date:
        return _sensible(self.cleaned_data["set_on"])

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("by") and cleaned.get("set_on") and cleaned["by"] <= cleaned["set_on"]:
            self.add_error("by", _("It must be later than the day on which the target is set."))
        return cleaned


def _sensible(day: date) -> date:
    if not EARLIEST <= day.year <= LATEST:
        raise ValidationError(
            _("Choose a day between the years %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
        )
    return day
