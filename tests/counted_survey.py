"""A small closed survey, counted by hand: what the tests of results lay beside what the product says."""

from questionnaire.models import AnswerPattern, Survey
from tests.conftest import STANDARD

SUPERVISING_PROFESSIONAL = {
    "school_type": "state",
    "free_school_meals": "yes",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "yes",
    "parental_occupation": "professional",
    "parental_qualification": "degree",
}
NOT_WORKING = {
    "school_type": "independent",
    "employment_status": "not_working",
    "parental_qualification": "no_qualifications",
}
ROUTINE_SUPERVISOR_UNKNOWN = {
    "school_type": "dont_know",
    "free_school_meals": "prefer_not_to_say",
    "employment_status": "employee",
    "employer_size": "1_to_24",
    "supervisor": "dont_know",
    "parental_occupation": "routine",
    "parental_qualification": "dont_know",
}
EMPLOYER_NUMBER_UNKNOWN = {
    "school_type": "outside_uk",
    "employment_status": "self_employed_with_employees",
    "business_size": "dont_know",
    "parental_occupation": "managers",
    "parental_qualification": "not_applicable",
}
REFUSED_WORK = {
    "school_type": "state_selective",
    "free_school_meals": "no",
    "employment_status": "prefer_not_to_say",
    "parental_qualification": "below_degree",
}

# 80 respondents. Under `standard` imputation six are imputed in five classes, and two in three classes.
EIGHTY = [
    (SUPERVISING_PROFESSIONAL, 60),
    (NOT_WORKING, 13),
    (ROUTINE_SUPERVISOR_UNKNOWN, 4),
    (EMPLOYER_NUMBER_UNKNOWN, 2),
    (REFUSED_WORK, 1),
]
EIGHTY_COUNTED = {
    "school-type": [60, 1, 13, 0, 2, 4],
    "free-school-meals": [60, 1, 0, 4, 15],
    "nssec-5": [60, 0, 2, 0, 4, 13, 1],
    "nssec-5-imputed": [6, 74],
    "nssec-3": [60, 2, 4, 13, 1],
    "nssec-3-imputed": [2, 78],
    "parental-qualification": [60, 1, 13, 2, 4],
}


def closed_survey(patterns=EIGHTY, slug="staff", state="closed", stopped_at=None, **fields) -> Survey:
    """A survey as closing leaves it: closed, with these answers and how many gave them. Or in another state."""
    fields = {"title": "Staff survey", "organisation": "Made-up Office", "standard": STANDARD, **fields}
    survey = Survey.objects.create(slug=slug, public_key=b"0" * 32, **fields)
    if survey.origin == Survey.Origin.IMPORTED:
        way = ["draft", "closed"]
    else:
        way = ["draft", "open", "stopped", "closed"]
    for survey.state in way[1 : way.index(state) + 1]:
        if survey.state == "stopped":
            survey.stopped_at = stopped_at
        survey.save()
    AnswerPattern.objects.bulk_create(
        AnswerPattern(survey=survey, mode="online", answers=answers, n=n) for answers, n in patterns
    )
    return survey
