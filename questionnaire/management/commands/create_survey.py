"""Creates a draft survey; with --open it takes answers at once."""

from django.core.management.base import CommandParser

from questionnaire import audit, registry
from questionnaire.fieldwork import surveys
from questionnaire.management.base import SurveyCommand
from questionnaire.models import Survey


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the survey's short name: small letters, digits, hyphens")
        parser.add_argument("--standard", default=registry.all_standards()[0].key)
        parser.add_argument("--title", default="Socio-economic background survey")
        parser.add_argument("--organisation", default="", help="who asks")
        parser.add_argument("--purpose", default="", help="why, in the organisation's own words")
        parser.add_argument("--contact", default="", help="whom respondents may ask")
        parser.add_argument("--origin", default=Survey.Origin.WEB, choices=Survey.Origin.values)
        parser.add_argument("--policy", default=Survey.Policy.ROUNDED, choices=Survey.Policy.values)
        parser.add_argument("--imputation", default="standard")
        parser.add_argument("--listed", action="store_true", help="show it on the front page while it is open")
        parser.add_argument("--open", action="store_true", help="open it at once")

    def run(self, **options) -> None:
        fields = (
            "slug",
            "standard",
            "title",
            "organisation",
            "purpose",
            "contact",
            "origin",
            "policy",
            "imputation",
            "listed",
        )
        actor = audit.command_line()
        if options["open"] and options["origin"] != Survey.Origin.WEB:
            raise surveys.Refused("A survey of imported answers is never opened: leave out --open.")
        survey = surveys.create(actor=actor, **{field: options[field] for field in fields})
        self.warn_of_not_stated(surveys.not_stated(survey))
        if options["open"]:
            surveys.open_survey(survey.slug, actor=actor)
        self.stdout.write(f"{survey.slug}: {'open' if options['open'] else 'draft'}, {survey.get_absolute_url()}")
