"""The columns of every CSV file of numbers, once for the files and for their metadata. Other programs rely on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Value = Callable[..., Any]
_STATUS = "Blank where the number is given, else the symbol that says why it is not."


@dataclass(frozen=True)
class Column:
    """`value` finds its content in what a row is made of. `unit` and `may_be_blank` are for the metadata."""

    name: str
    title: str
    description: str
    datatype: str
    value: Value
    unit: str = ""
    may_be_blank: bool = False


def key(name: str, title: str, description: str, value: Value, datatype: str = "string") -> Column:
    """A column that a row is known by; never blank."""
    return Column(name, title, description, datatype, value)


def number(name: str, title: str, description: str, datatype: str, unit: str, value: Value) -> Column:
    """A column of numbers; blank where a number is withheld."""
    return Column(name, title, description, datatype, value, unit, may_be_blank=True)


def status(name: str, title: str, value: Value) -> Column:
    """A column of the symbols of what is withheld in another one."""
    return Column(name, title, _STATUS, "string", value, may_be_blank=True)


COLUMNS = (
    key("survey", "Survey", "The survey’s short name.", lambda release, table, cell: release.survey),
    key(
        "standard",
        "Standard",
        "The standard that was asked, and its version.",
        lambda release, table, cell: release.facts["standard"],
    ),
    key(
        "release",
        "Release",
        "The number of the release of this survey.",
        lambda release, table, cell: release.number,
        datatype="integer",
    ),
    key("table", "Table", "The table’s id.", lambda release, table, cell: table.id),
    key(
        "breakdown",
        "Breakdown",
        "The code of what the responses are broken down by; “organisation” is all of them.",
        lambda release, table, cell: table.breakdown,
    ),
    key(
        "group",
        "Group",
        "The title of the group of that breakdown; “All” is everyone.",
        lambda release, table, cell: table.group,
    ),
    key("category_code", "Category code", "The category’s stable code.", lambda release, table, cell: cell.code),
    key("category", "Category", "The category in words.", lambda release, table, cell: cell.label),
    number(
        "count",
        "Count",
        "How many people are in the category.",
        "nonNegativeInteger",
        "people",
        lambda release, table, cell: cell.count.value,
    ),
    status("count_status", "Status of the count", lambda release, table, cell: cell.count.status),
    number(
        "percent_asked",
        "Percentage of base asked",
        "The count as a percentage of base_asked.",
        "decimal",
        "per cent",
        lambda release, table, cell: cell.percent_asked.value,
    ),
    status(
        "percent_asked_status",
        "Status of the percentage of base asked",
        lambda release, table, cell: cell.percent_asked.status,
    ),
    number(
        "percent_known",
        "Percentage of base known",
        "The count as a percentage of base_known.",
        "decimal",
        "per cent",
        lambda release, table, cell: cell.percent_known.value,
    ),
    status(
        "percent_known_status",
        "Status of the percentage of base known",
        lambda release, table, cell: cell.percent_known.status,
    ),
    number(
        "base_asked",
        "Base asked",
        "The people in this table and group who were asked. Blank where it is withheld.",
        "nonNegativeInteger",
        "people",
        lambda release, table, cell: table.base_asked,
    ),
    number(
        "base_known",
        "Base known",
        "The people among them whose answer falls into a substantive category. Blank where it is withheld.",
        "nonNegativeInteger",
        "people",
        lambda release, table, cell: table.base_known,
    ),
)
