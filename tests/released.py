"""A release by group, built as in life, once for all tests that only read it; and how tests read its files."""

import csv
import io
from functools import cache

from openpyxl import Workbook, load_workbook

from outputs.exports.files import File, named
from outputs.exports.release_files import release_files
from outputs.release_job import build_release
from outputs.releases import Published, release
from tests.grouped_survey import DEPARTMENT, GRADE, PEOPLE, closed_with_groups

# What a spreadsheet would calculate, and what XML cannot hold.
HOSTILE_GRADE = ("order", {"aa": ("=1+1", 700), "eo": ("+1", 700), "g7": ("-1", 600)})
HOSTILE_DEPARTMENT = ("flat", {"hr": ("@SUM(A1)", 1000), "it": ("\t=2", 900), "legal": ("\x0b<b>&", 100)})


@cache
def by_group() -> Published:
    """215 invited people in three grades and three departments. It is whole in memory, and outlives its test."""
    return _built({"grade": GRADE, "department": DEPARTMENT}, slug="staff", headcount_date="2026-10-01")


@cache
def hostile() -> Published:
    """The same people in an organisation whose every title would be a formula."""
    titles = {"title": "=HYPERLINK(A1)", "organisation": "@Office"}
    return _built({"grade": HOSTILE_GRADE, "department": HOSTILE_DEPARTMENT}, slug="hostile", **titles)


def _built(breakdowns: dict, slug: str, **fields) -> Published:
    closed_with_groups([(answers, groups, 5 * n) for answers, groups, n in PEOPLE], breakdowns, slug=slug, **fields)
    build_release(slug, actor="test")
    built = release(slug)
    assert built.parts  # read now: the rows are gone when the test ends
    assert built.standing.sentences == []
    return built


@cache
def files(built: Published) -> tuple[File, ...]:
    return release_files(built)


def content(built: Published, name: str) -> bytes:
    return named(files(built), name).content()


def rows(built: Published, name: str) -> list[dict[str, str]]:
    """The rows of one of its CSV files, by column."""
    return list(csv.DictReader(io.StringIO(content(built, name).decode(), newline="")))


@cache
def workbook(built: Published) -> Workbook:
    """Its XLSX file, as another library than the one that wrote it reads it."""
    return load_workbook(io.BytesIO(content(built, "tables.xlsx")))


def shares(cell):
    return cell.percent_asked, cell.percent_known


def limits(share) -> list:
    return ["[z]" if limit is None else limit for limit in (share.low, share.high)]


def shown(figure):
    return figure.status or figure.value
