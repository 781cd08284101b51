"""Creates a draft survey; with --open it takes answers at once."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser
from django.db import transaction

from questionnaire import audit, registry
from questionnaire.fieldwork import surveys
from questionnaire.fieldwork.breakdowns import read_toml
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
    "kind",
    "access",
    "custody",
    "time_zone",
    "opens_at",
    "headcount",
    "headcount_date",
    "unopened_days",
    "counts_until",
)


def moment(text: str) -> datetime:
    """A day and time, without a zone. ValueError, which argparse tells, for anything else."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def in_zone(time: datetime | None, name: str) -> datetime | None:
    """The time where the survey is; a zone that is none is told by the survey's own check."""
    try:
        return time and time.replace(tzinfo=ZoneInfo(name))
    except (LookupError, ValueError, OSError):
        return time and time.replace(tzinfo=UTC)


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
        parser.add_argument(
            "--opens-at", type=moment, metavar="YYYY-MM-DDTHH:MM", help="no answer is taken before, once it is opened"
        )
        parser.add_argument("--time-zone", default="Europe/London", help="in which its times are told and given here")
        parser.add_argument("--headcount", type=int, help="how many people are in scope")
        parser.add_argument("--headcount-date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="counted on")
        parser.add_argument(
            "--kind", default=Survey.Kind.ANONYMOUS, choices=Survey.Kind.values, help="linked: answers stay with people"
        )
        parser.add_argument("--access", default=Survey.Access.OPEN_LINK, choices=Survey.Access.values)
        parser.add_argument("--custody", default=Survey.Custody.SERVICE, choices=Survey.Custody.values)
        parser.add_argument("--unopened-days", type=int, default=90, help="until unopened answers are destroyed")
        parser.add_argument("--counts-until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="then destroyed")
        parser.add_argument("--breakdowns", type=Path, metavar="FILE.toml", help="what results are broken down by")
        parser.add_argument("--key", metavar="public-…", help="the public half, where the owner keeps the key")
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
        declared = read_toml(options["breakdowns"]) if options["breakdowns"] else None
        fields = {field: options[field] for field in FIELDS}
        for time in ("opens_at", "closes_at"):
            fields[time] = in_zone(fields[time], options["time_zone"])
        with transaction.atomic():
            survey = surveys.create(actor=actor, declared=declared, **fields)
            if options["open"]:
                survey = surveys.open_survey(survey.slug, actor=actor, public_key=self.public_key(options["key"]))
        warn = self.warn_of_missing if options["open"] else self.warn_of_not_stated
        warn(survey)
        self.stdout.write(f"{survey.slug}: {'open' if options['open'] else 'draft'}, {survey.get_absolute_url()}")
