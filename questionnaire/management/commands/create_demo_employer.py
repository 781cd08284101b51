"""Makes a made-up employer with two released waves, a year apart; what was interrupted is finished."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from questionnaire import audit, codes, demonstration, registry
from questionnaire.fieldwork import copying, inviting, surveys
from questionnaire.fieldwork.closing import close
from questionnaire.fieldwork.refusal import Refused
from questionnaire.management.base import SurveyCommand
from questionnaire.models import Survey
from questionnaire.respondent.submission import store
from questionnaire.respondent.views import MODE
from questionnaire.wizard.interview import Interview

ORGANISATION = "Example Employer (made up)"
SLUG = "employer-wave-{wave}"
YEAR = timedelta(days=365)
OPEN = timedelta(days=21)
FACTS = {
    "organisation": ORGANISATION,
    "purpose": "This survey only shows how results look. The employer, its staff and their answers are made up.",
    "signed_name": "Nobody (made up)",
    "contact": "Whoever started this service on this machine.",
    "controller": ORGANISATION,
    "lawful_basis": "None: nobody is asked.",
    "data_protection_contact": "Nobody (made up)",
    "complaints_contact": "Nobody (made up)",
    "host": "This machine",
    "address_source": "Made up, like the staff.",
    "access": Survey.Access.INVITED,
    "headcount": demonstration.STAFF,
}


class Command(SurveyCommand):
    help = __doc__

    def run(self, **options) -> None:
        self.actor = audit.command_line()
        for wave in range(1, demonstration.WAVES + 1):
            self.make(wave, timezone.now() - (demonstration.WAVES - wave) * YEAR)

    def make(self, wave: int, ended: datetime) -> None:
        """Make a wave, or do what of it is not done yet. Refused where its name is that of another survey."""
        slug = SLUG.format(wave=wave)
        survey = Survey.objects.filter(slug=slug).first()
        if survey is None:
            with transaction.atomic():  # all or nothing, so that what was interrupted is made anew
                survey = self.answered(wave, slug, ended)
        if survey.organisation != ORGANISATION:
            raise Refused(f"There is another survey {slug}; nothing was made.")
        if survey.state in (Survey.State.OPEN, Survey.State.STOPPED):
            close(slug, actor=self.actor, at=ended)
            survey.refresh_from_db()
        if survey.state == Survey.State.CLOSED:
            call_command("build_release", slug, stdout=self.stdout)

    def answered(self, wave: int, slug: str, ended: datetime) -> Survey:
        """A wave whose staff were invited, and have answered as far as they do."""
        begun = ended - OPEN
        told = {"title": f"Staff survey {ended.year} (made up)", "headcount_date": begun.date()}
        if wave == 1:
            surveys.create(
                actor=self.actor,
                slug=slug,
                standard=registry.all_standards()[0].key,
                declared=demonstration.breakdowns(),
                **FACTS,
                **told,
            )
        else:
            copying.copy(SLUG.format(wave=wave - 1), slug, actor=self.actor)
            Survey.objects.filter(slug=slug).update(**told)
            audit.record(actor=self.actor, action="changed", survey=slug, fields=list(told))
        survey = surveys.open_survey(slug, actor=self.actor, at=begun)
        staff = demonstration.staff(wave)
        invited = inviting.invite(slug, demonstration.as_people(staff), actor=self.actor)
        header = next(invited)
        written = [row[header.index("code")] for row in invited]
        for person, code in tqdm(list(zip(staff, written, strict=True)), desc=slug, unit=" people", disable=None):
            if person.answers(wave):
                interview = Interview.start(survey, MODE, codes.typed(code))
                interview.answers, interview.number = person.interview(survey.definition, MODE), 1
                store(interview)
        return survey
