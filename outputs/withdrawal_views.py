"""The page on which a wrong release is withdrawn, with what that means before it is done."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outputs.access import visible_release
from outputs.guard import for_staff_who_may
from outputs.views import page
from outputs.withdrawals import LONGEST_REASON, AlreadyWithdrawn, withdraw


class WithdrawalForm(forms.Form):
    """Why a release is withdrawn, in words that everyone who reads it reads."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Whoever opens the release or its files reads this first. Name no person, and no figure that is withheld."
        ),
        error_messages={"required": gettext_lazy("Say why the release is withdrawn.")},
    )

    def clean_reason(self) -> str:
        """On one line: it stands in the midst of sentences."""
        return " ".join(self.cleaned_data["reason"].split())


@for_staff_who_may("outputs.add_withdrawal")
def withdrawal_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """GET says what withdrawing does; POST does it, once."""
    release = visible_release(request, survey, number)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw(survey, number, actor=request.user.get_username(), reason=form.cleaned_data["reason"])
        except AlreadyWithdrawn:
            messages.warning(request, _("Release %s was withdrawn already. Nothing was changed.") % number)
        else:
            messages.success(request, _("Release %s is withdrawn.") % number)
        return redirect("outputs:release", survey, number)
    return page(request, "withdraw", _("Withdraw release %s") % number, release=release, form=form)
