"""The columns of the two CSV files beside the tables: the ranges of percentages, and the response."""

from outputs.exports.columns import COLUMNS, Column

_WITHHELD = "Blank where the number is given, else the symbol that says why it is not."


def _limit(base: str, end: str, attribute: str) -> Column:
    return Column(
        f"percent_{base}_{end}",
        f"{end.capitalize()} percentage of base {base}",
        f"The {end} percentage of base_{base} that rounding allows. Blank where no range is given.",
        "decimal",
        lambda release, table, cell: getattr(getattr(cell, f"percent_{base}"), attribute),
        "per cent",
        may_be_blank=True,
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
    Column("survey", "Survey", "The survey’s short name.", "string", lambda release, response: release.survey),
    Column(
        "release",
        "Release",
        "The number of the release of this survey.",
        "integer",
        lambda release, response: release.number,
    ),
    Column(
        "breakdown",
        "Breakdown",
        "The code of the breakdown; “organisation” is everyone.",
        "string",
        lambda release, response: response.breakdown,
    ),
    Column(
        "group",
        "Group",
        "The title of the group of that breakdown; “All” is everyone.",
        "string",
        lambda release, response: response.group,
    ),
    Column(
        "headcount",
        "Headcount",
        "The people in scope, as the organisation stated. Blank where it is not stated.",
        "nonNegativeInteger",
        lambda release, response: response.headcount.value,
        "people",
        may_be_blank=True,
    ),
    Column(
        "responses",
        "Responses",
        "How many of them answered, as printed counts tell it.",
        "nonNegativeInteger",
        lambda release, response: response.responses.value,
        "people",
        may_be_blank=True,
    ),
    Column(
        "responses_status",
        "Status of the responses",
        _WITHHELD,
        "string",
        lambda release, response: response.responses.status,
        may_be_blank=True,
    ),
    Column(
        "response_rate",
        "Response rate",
        "The responses as a percentage of the headcount.",
        "decimal",
        lambda release, response: response.rate.value,
        "per cent",
        may_be_blank=True,
    ),
    Column(
        "response_rate_status",
        "Status of the response rate",
        _WITHHELD,
        "string",
        lambda release, response: response.rate.status,
        may_be_blank=True,
    ),
)
