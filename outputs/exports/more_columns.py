"""The columns of the two CSV files beside the tables: the ranges of percentages, and the response."""

from outputs.exports.columns import COLUMNS, Column, key, number, status


def _limit(base: str, end: str, attribute: str) -> Column:
    return number(
        f"percent_{base}_{end}",
        f"{end.capitalize()} percentage of base {base}",
        f"The {end} percentage of base_{base} that rounding allows. Blank where no range is given.",
        "decimal",
        "per cent",
        lambda release, table, cell: getattr(getattr(cell, f"percent_{base}"), attribute),
    )


# Rows are made of a release, a table and a cell, as those of the tables, and known by the same first columns.
RANGE_COLUMNS = (
    *(column for column in COLUMNS if not column.may_be_blank),
    *(
        _limit(base, end, attribute)
        for base in ("asked", "known")
        for end, attribute in (("lowest", "low"), ("highest", "high"))
    ),
)

# Rows are made of a release and a response.
RESPONSE_COLUMNS = (
    key("survey", "Survey", "The survey’s short name.", lambda release, response: release.survey),
    key(
        "release",
        "Release",
        "The number of the release of this survey.",
        lambda release, response: release.number,
        datatype="integer",
    ),
    key(
        "breakdown",
        "Breakdown",
        "The code of the breakdown; “organisation” is everyone.",
        lambda release, response: response.breakdown,
    ),
    key(
        "group",
        "Group",
        "The title of the group of that breakdown; “All” is everyone.",
        lambda release, response: response.group,
    ),
    number(
        "headcount",
        "Headcount",
        "The people in scope, as the organisation stated. Blank where it is not stated.",
        "nonNegativeInteger",
        "people",
        lambda release, response: response.headcount.value,
    ),
    number(
        "responses",
        "Responses",
        "How many of them answered, as printed counts tell it.",
        "nonNegativeInteger",
        "people",
        lambda release, response: response.responses.value,
    ),
    status("responses_status", "Status of the responses", lambda release, response: response.responses.status),
    number(
        "response_rate",
        "Response rate",
        "The responses as a percentage of the headcount.",
        "decimal",
        "per cent",
        lambda release, response: response.rate.value,
    ),
    status("response_rate_status", "Status of the response rate", lambda release, response: response.rate.status),
)
