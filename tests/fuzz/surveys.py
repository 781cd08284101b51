"""The surveys that are attacked beside the demonstration ones; run as a program, it makes them.

One more that is open, one on shared devices, one whose time runs out, and a draft.
"""

import os

import django

SECOND, KIOSK, OVER, DRAFT = "fuzz-second", "fuzz-kiosk", "fuzz-over", "fuzz-draft"
OPEN = ("demo", SECOND, KIOSK)
ALL = (*OPEN, OVER, DRAFT, "example")


def make() -> None:
    """Make them. Needs Django to be set up."""
    from questionnaire import registry
    from questionnaire.fieldwork import surveys

    standard = registry.all_standards()[0].key
    for slug in (SECOND, KIOSK, OVER, DRAFT):
        surveys.create(actor="fuzz", slug=slug, title=f"Survey {slug}", standard=standard, kiosk=slug == KIOSK)
        if slug != DRAFT:
            surveys.open_survey(slug, actor="fuzz")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
    make()
