"""Makes the surveys that walks need beside the demonstration's; run as a program, on a server's own database."""

import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import django

LONG = "AVeryLongNameWithoutABlank" * 4
TOLD = {
    "organisation": "An example organisation (made up)",
    "purpose": "We want to know whether people of every background join us, stay and get on.\n\n"
    "What we learn goes into next year’s plan, which everyone can read.",
    "signed_name": "The name of whoever signs",
    "signed_role": "Director of people",
    "promises": "Your answers are not used for appointment or promotion, nor against you in any way.\n"
    "We publish what we learn to everyone who was asked.",
    "contact": "The survey team, survey@example.org",
    "controller": "An example organisation (made up), 1 Example Street, Exampleton",
    "lawful_basis": "Public task, and for the special categories of the law substantial public interest.",
    "data_protection_contact": "dataprotection@example.org",
    "complaints_contact": "complaints@example.org",
    "host": "An example host (made up), in the United Kingdom",
    "address_source": "The staff directory",
    "mail_provider": "An example mail provider (made up)",
    "backup_days": 35,
    "minimum_responses": 20,
    "closes_at": datetime(2050, 5, 3, 17, 0, tzinfo=ZoneInfo("Europe/London")),
}
SURVEYS = {
    "told": {"title": "Where we come from", **TOLD},
    "bare": {"title": "A survey of which nothing is stated"},
    "long": {"title": LONG} | {name: LONG for name, told in TOLD.items() if isinstance(told, str)},
    "exact": {"title": "A survey of a statistical office", "policy": "exact"},
    "kiosk": {"title": "A survey on shared devices", "kiosk": True, **TOLD},
    "draft": {"title": "A survey that is not open yet"},
    "later": {"title": "A survey that opens in 2050", "opens_at": datetime(2050, 5, 1, 9, 0, tzinfo=ZoneInfo("UTC"))},
    "invited": {"title": "A survey of invited people", "access": "invited", "headcount": 2, **TOLD},
    "abandoned": {"title": "A survey that too few answered"},
}
BREAKDOWNS = {
    "invited": {
        "breakdown": [
            {
                "id": "grade",
                "title": "Grade",
                "group": [
                    {"id": "junior", "title": "Junior", "headcount": 1},
                    {"id": "senior", "title": "Senior", "headcount": 1},
                ],
            }
        ]
    }
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
    from questionnaire import registry
    from questionnaire.fieldwork import closing, surveys

    standard = registry.all_standards()[0].key
    for slug, fields in SURVEYS.items():
        surveys.create(actor="test", slug=slug, standard=standard, declared=BREAKDOWNS.get(slug), **fields)
        if slug != "draft":
            surveys.open_survey(slug, actor="test")
    closing.stop("abandoned", actor="test")
    surveys.abandon("abandoned", actor="test")
    return 0


if __name__ == "__main__":
    sys.exit(main())
