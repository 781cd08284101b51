"""The pages on which what a survey holds is destroyed for good, each with words for what goes and what stays."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaire.fieldwork import surveys
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey
from questionnaire.staff.guard import address, page, survey_page


@dataclass(frozen=True)
class Destroying:
    """One way to destroy: the states in which it is lawful, and what is said before and after."""

    do: Callable[..., None]
    states: tuple[str, ...]
    title: str
    button: str
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    done: str


ABANDON = Destroying(
    surveys.abandon,
    (Survey.State.STOPPED,),
    gettext_lazy("Abandon: %s"),
    gettext_lazy("Destroy the answers unread"),
    (
        gettext_lazy("every sealed answer, unread"),
        gettext_lazy("every invitation, with its reference and groups"),
        gettext_lazy("the private half of the key, where this service keeps it"),
    ),
    (
        gettext_lazy("the survey’s settings, and the record of who did what"),
        gettext_lazy("older backups of the database, until they run out: without the key nobody can read them"),
    ),
    gettext_lazy("“%s” is abandoned: its answers are destroyed."),
)
OF_LINKED = (
    gettext_lazy("every linked answer, which its person can then neither see, change nor withdraw"),
    gettext_lazy("every invitation, with its reference and groups"),
)
PURGE = Destroying(
    surveys.purge,
    (Survey.State.CLOSED, Survey.State.RELEASED),
    gettext_lazy("Purge: %s"),
    gettext_lazy("Destroy the counts"),
    (
        gettext_lazy("the counts of answers, of the organisation and of every group"),
        gettext_lazy("with them the means to make any further release"),
    ),
    (
        gettext_lazy("every release that was built, with its tables and files"),
        gettext_lazy("the survey’s settings, and the record of who did what"),
        gettext_lazy("older backups of the database, until they run out"),
    ),
    gettext_lazy("“%s” is purged: its counts are destroyed."),
)


def _confirmed(destroying: Destroying) -> Callable[..., HttpResponse]:
    @survey_page
    def confirm(request: HttpRequest, survey: Survey) -> HttpResponse:
        """GET says what would be destroyed; POST destroys it, or says why not."""
        if request.method == "POST":
            try:
                destroying.do(survey.slug, actor=request.user.get_username())
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, destroying.done % survey.title)
            return redirect(address(survey))
        return page(
            request,
            survey,
            "destroy",
            destroying.title % survey.title,
            destroying=destroying,
            goes=(*destroying.goes, *(OF_LINKED if destroying is PURGE and survey.is_linked else ())),
            is_lawful=survey.state in destroying.states,
            only_few=_("It is refused where enough people answered for results.") if destroying is ABANDON else "",
        )

    return confirm


abandon = _confirmed(ABANDON)
purge = _confirmed(PURGE)
