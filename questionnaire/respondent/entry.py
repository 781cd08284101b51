"""Coming in with a code: typed at `/i/`, or in the part of a link that browsers keep to themselves, `/i/#<code>`."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from questionnaire import codes
from questionnaire.models import Survey
from questionnaire.respondent.views import MODE, unavailable
from questionnaire.wizard.interview import Interview

FAULTS = {
    "required": _("Enter your code"),
    "invalid": _("Enter the code as it was given to you: 16 letters and digits, such as 3ACD-EFGH-4JKM-NP7Q"),
    "unknown": _("No survey knows this code. Check each letter and digit"),
}


class CodeForm(forms.Form):
    """One code. Its survey is in `cleaned_data["survey"]`."""

    code = forms.CharField(
        max_length=100, error_messages={"required": FAULTS["required"], "max_length": FAULTS["invalid"]}
    )

    def clean_code(self) -> str:
        try:
            return codes.typed(self.cleaned_data["code"])
        except codes.NotACode:
            raise forms.ValidationError(FAULTS["invalid"]) from None

    def clean(self) -> dict:
        cleaned = super().clean()
        if code := cleaned.get("code"):
            survey = Survey.objects.filter(pk=codes.survey_id(code)).exclude(public_key=None).first()
            heeds_codes = survey is not None and (survey.is_taking_answers or survey.keeps_linked_answers)
            if survey is None or (heeds_codes and not survey.invites(codes.digest(code))):
                self.add_error("code", FAULTS["unknown"])
            cleaned["survey"] = survey
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The page for a code; a good one leads to its survey's start page, used before or not.

    Once a linked survey has closed, it leads to the answers that are kept.
    """
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        survey = form.cleaned_data["survey"]
        response = redirect("respondent:start", survey.slug)
        if survey.state == Survey.State.OPEN and survey.is_yet_to_open:
            return response  # the start page says when it opens; nobody is given an interview before
        if survey.keeps_linked_answers:
            response = redirect("respondent:answers", survey.slug)
        elif not survey.is_taking_answers:
            return unavailable(request, survey)
        Interview.start(survey, MODE, form.cleaned_data["code"]).save(response)
        return response
    error = ""
    if request.method == "POST":
        error = form.errors["code"][0] if form.errors else FAULTS["required"]
    typed = request.POST.get("code", "")[: form.fields["code"].max_length]
    context = {"typed": typed, "error": error, "summary": [{"text": error, "href": "#code"}] if error else []}
    return render(request, "respondent/enter.html", context)
