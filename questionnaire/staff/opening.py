"""The page before opening: what is missing or unwise, what would be shown, who keeps the key; and the button Open."""

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaire import key_text
from questionnaire.fieldwork import preflight, retention, surveys
from questionnaire.fieldwork.advice import Shown
from questionnaire.fieldwork.grouping import would_show
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey
from questionnaire.staff.guard import address, page, survey_page

CUSTODY = {
    Survey.Custody.SERVICE: [
        gettext_lazy("Opening makes a key pair. The public half, in the database, can only seal answers."),
        gettext_lazy(
            "The private half, which alone can open them, lies in this service’s key store: "
            "apart from the database, and in none of its backups."
        ),
        gettext_lazy("Whoever has both the database and the key store can read answers until the survey closes."),
        gettext_lazy("Closing opens the answers, keeps counts only, and destroys the private half."),
        gettext_lazy("If the key store is lost before then, every answer is lost, and nobody can bring it back."),
    ],
    Survey.Custody.OWNER: [
        gettext_lazy("You make the key pair yourself, on a machine of your own, with the command make_key."),
        gettext_lazy("Bring the public half here: it can only seal answers. Keep the private half, in two copies."),
        gettext_lazy("You bring the private half to the closing, where it stays in memory and is never stored."),
        gettext_lazy("If you lose it before then, every answer is lost: neither you nor this service can open them."),
    ],
}
# A linked survey's key is always the service's.
LINKED = [
    *CUSTODY[Survey.Custody.SERVICE][:3],
    gettext_lazy(
        "Closing opens the answers, keeps them with their invitations and as counts, and destroys the private half."
    ),
    gettext_lazy("From then on whoever has the database, or a backup of it from after closing, can read them."),
    CUSTODY[Survey.Custody.SERVICE][-1],
]


class KeyForm(forms.Form):
    """The public half of a key that the owner keeps."""

    public_half = forms.CharField(
        label=gettext_lazy("Public half of your key"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("What make_key printed; it starts with “public-”."),
    )

    def clean_public_half(self) -> bytes:
        try:
            return key_text.read(key_text.PUBLIC, self.cleaned_data["public_half"])
        except key_text.NotAKey as error:
            raise ValidationError(str(error)) from error


@survey_page
def opening(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Before opening: GET shows, POST opens, or says why not."""
    keeps = survey.custody == Survey.Custody.OWNER
    form = KeyForm(request.POST or None) if keeps else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            surveys.open_survey(
                survey.slug,
                actor=request.user.get_username(),
                public_key=form.cleaned_data["public_half"] if form else None,
                strictly=True,
            )
        except Refused as refusal:
            for line in str(refusal).splitlines():
                messages.error(request, line)
        else:
            messages.success(request, _("“%s” is open.") % survey.title)
            return redirect(address(survey))
        survey.refresh_from_db()
    shown = list(would_show(survey))
    found = [(finding, place(survey, finding.field_or_page)) for finding in preflight.findings(survey, shown)]
    return page(
        request,
        survey,
        "opening",
        _("Before opening: %s") % survey.title,
        is_draft=survey.state == Survey.State.DRAFT,
        is_web=survey.origin == Survey.Origin.WEB,
        required=[each for each in found if each[0].required],
        advice=[each for each in found if not each[0].required],
        shown=list(groups_shown(shown)),
        custody=[*(LINKED if survey.is_linked else CUSTODY[survey.custody]), *retention.told(survey)],
        form=form,
    )


def place(survey: Survey, field_or_page: str) -> tuple[str, str]:
    """Where a finding is acted on: address, and what its link says."""
    if field_or_page.startswith("https://"):
        return field_or_page, _("The standard")
    match field_or_page:
        case "preview":
            return reverse("preview:start", args=[survey.slug]), _("Preview")
        case "breakdowns":
            return address(survey, "breakdowns"), _("Breakdowns")
        case "invitations":
            return address(survey, "invitations"), _("Invitations")
    name = Survey._meta.get_field(field_or_page).verbose_name
    return f"{address(survey)}#id_{field_or_page}", str(name).capitalize()


def groups_shown(shown: Shown) -> Iterator[tuple[str, list[tuple[str, str, int]]]]:
    """Each breakdown's title with the groups that would be shown: title, what it is made of, people in scope."""
    for grouping, merged in shown:
        titles = {group.code: group.title for group in grouping.groups}
        yield (
            grouping.title,
            [
                (
                    each.title,
                    ", ".join(titles[code] for code in each.members),
                    sum(grouping.headcounts[code] for code in each.members),
                )
                for each in merged
            ],
        )
