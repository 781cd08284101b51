"""The surveys that are attacked beside the demonstration ones; run as a program, it makes them, and prints codes.

One more that is open, one on shared devices, one whose time runs out, a draft, one of invited people, and a linked one
that is closed. The codes are of two people invited to the one, and of two to the other, of whom the first answered.
"""

import os
import sys
from io import BytesIO

import django

SECOND, KIOSK, OVER, DRAFT = "fuzz-second", "fuzz-kiosk", "fuzz-over", "fuzz-draft"
INVITED, LINKED = "fuzz-invited", "fuzz-linked"
OPEN = ("demo", SECOND, KIOSK)
ALL = (*OPEN, OVER, DRAFT, INVITED, LINKED, "example")
PEOPLE = b"reference,grade,site\nA1,junior,north\nA2,senior,north\n"


def make() -> list[str]:
    """Make them, and return the codes. Needs Django to be set up."""
    from questionnaire import codes, registry, sealing
    from questionnaire.engine.interviews import interviews
    from questionnaire.fieldwork import closing, inviting, surveys
    from questionnaire.models import SealedResponse
    from tests.invited_survey import DECLARED

    standard = registry.all_standards()[0].key
    for slug in (SECOND, KIOSK, OVER, DRAFT):
        surveys.create(actor="fuzz", slug=slug, title=f"Survey {slug}", standard=standard, kiosk=slug == KIOSK)
        if slug != DRAFT:
            surveys.open_survey(slug, actor="fuzz")
    given = []
    for slug, kind in ((INVITED, "anonymous"), (LINKED, "linked")):
        told = {"title": f"Survey {slug}", "access": "invited", "headcount": 5, "declared": DECLARED}
        survey = surveys.create(actor="fuzz", slug=slug, standard=standard, kind=kind, **told)
        survey = surveys.open_survey(slug, actor="fuzz")
        people, _bad_rows = inviting.check(BytesIO(PEOPLE), slug, report=lambda fault: None)
        header, *rows = inviting.invite(slug, people, actor="fuzz")
        given += [row[list(header).index("code")] for row in rows]
    answers = next(iter(interviews(survey.definition, "online")))
    SealedResponse.objects.create(
        survey=survey,
        key=codes.digest(codes.typed(given[-2])),
        number=1,
        sealed=sealing.seal(survey.public_key, "online", answers),
    )
    closing.close(LINKED, actor="fuzz")
    return given


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
    sys.stdout.write("\n".join(make()))
