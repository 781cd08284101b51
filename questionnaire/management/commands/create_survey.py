"""Creates a draft survey; with --open it takes answers at once."""

from datetime import datetime

from django.core.management.base import CommandParser
from django.utils import timezone

from questionnaire import audit, registry
from questionnaire.fieldwork import surveys
from questionnaire.management.base import SurveyCommand
from questionnaire.models import FEWEST_RESPONSES, Survey

TEXTS = (*surveys.TOLD, "signed_role", "promises", "mail_provider")
FIELDS = (
    *TEXTS,
    "slug",
    "standard",
    "title",
    "origin",
    "policy",
    "imputation",
    "listed",
    "backup_days",
    "closes_at",
    "minimum_responses",
    "kiosk",
)


def moment(text: str) -> datetime:
    """A day and time, where the service is. ValueError, which argparse tells, for anything else."""
    return timezone.make_aware(datetime.fromisoformat(text))


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the survey's short name: small letters, digits, hyphens")
        parser.add_argument("--standard", default=registry.all_standards()[0].key)
        parser.add_argument("--title", default="Socio-economic background survey")
        for name in TEXTS:
            told = Survey._meta.get_field(name)
            parser.add_argument(
                f"--{name.replace('_', '-')}", default="", help=f"{told.verbose_name}. {told.help_text}"
            )
        parser.add_argument("--backup-days", type=int, help="how many days backups are kept")
        parser.add_argument(
            "--closes-at", type=moment, metavar="YYYY-MM-DDTHH:MM", help="no answer is taken from then on"
        )
        parser.add_argument("--minimum-responses", type=int, default=FEWEST_RESPONSES)
        parser.add_argument("--kiosk", action="store_true", help="for shared devices: they forget answers quickly")
        parser.add_argument("--origin", default=Survey.Origin.WEB, choices=Survey.Origin.values)
        parser.add_argument("--policy", default=Survey.Policy.ROUNDED, choices=Survey.Policy.values)
        parser.add_argument("--imputation", default="standard")
        parser.add_argument("--listed", action="store_true", help="show it on the front page while it is open")
        parser.add_argument("--open", action="store_true", help="open it at once")

    def run(self, **options) -> None:
        actor = audit.command_line()
        if options["open"] and options["origin"] != Survey.Origin.WEB:
            raise surveys.Refused("A survey of imported answers is never opened: leave out --open.")
        survey = surveys.create(actor=actor, **{field: options[field] for field in FIELDS})
        self.warn_of_not_stated(surveys.not_stated(survey))
        if options["open"]:
            surveys.open_survey(survey.slug, actor=actor)
        self.stdout.write(f"{survey.slug}: {'open' if options['open'] else 'draft'}, {survey.get_absolute_url()}")
