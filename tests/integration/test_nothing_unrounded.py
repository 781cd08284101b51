"""No exact number is on a page, in a file, in what is stored of a release, in a log or in what a command says."""

import json
import logging
import re
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from outputs.exports.release_files import release_files
from outputs.models import Release
from outputs.releases import release
from outputs.tables import tabulate
from questionnaire import registry
from questionnaire.fieldwork import surveys
from questionnaire.fieldwork.closing import add_counts, canonical
from questionnaire.fieldwork.tally import Tally
from questionnaire.models import AuditEntry, GroupCount, Survey
from tests.conftest import STANDARD, move
from tests.counted_survey import (
    NOT_WORKING,
    REFUSED_WORK,
    ROUTINE_SUPERVISOR_UNKNOWN,
    SUPERVISING_PROFESSIONAL,
)
from tests.grouped_survey import DEPARTMENT, GRADE, declare
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

IN_HR, IN_IT = {"grade": "aa", "department": "hr"}, {"grade": "eo", "department": "it"}
IN_LEGAL, NOWHERE = {"grade": "g7", "department": "legal"}, {"grade": "aa"}
# Prime numbers, so that none of them is a multiple of five, and few of their sums.
PEOPLE = [
    (EMPLOYEE, IN_HR, 613),
    (SUPERVISING_PROFESSIONAL, IN_HR, 241),
    (REFUSED_WORK, IN_HR, 157),
    (BURSARY, IN_IT, 317),
    (EMPLOYEE, IN_IT, 211),
    (ROUTINE_SUPERVISOR_UNKNOWN, IN_IT, 149),
    (NOT_WORKING, IN_LEGAL, 127),
    (SUPERVISING_PROFESSIONAL, IN_LEGAL, 191),
    (EMPLOYEE, NOWHERE, 131),
]


@pytest.fixture
def survey() -> Survey:
    """Closed, by grade, by department and by both; counted without sealing two thousand answers."""
    made = surveys.create(
        actor="test", slug="staff", standard=STANDARD, title="Staff survey", access="invited", headcount=2000
    )
    declare(made, {"grade": GRADE, "department": DEPARTMENT}, "grade", "department")
    made = surveys.open_survey("staff", actor="test")
    tally, counts = Tally(made), Counter()
    for answers, groups, n in PEOPLE:
        pattern = "online", canonical(answers)
        counts[pattern] += n
        for _each in range(n):
            tally.add(pattern, answers, groups)
    add_counts(made, counts)
    tally.write()
    move(made, "closed")
    return made


def exact_numbers(survey: Survey) -> set[int]:
    """Every count, base and number of people of every row that tells more than a rounded one could."""
    standard = registry.get_key(STANDARD)
    rows = {("", ""): tabulate(standard, [(answers, n) for answers, _groups, n in PEOPLE], {"imputation": "standard"})}
    for row in GroupCount.objects.filter(survey=survey):
        rows.setdefault((row.breakdown, row.group), {}).setdefault(row.table, {})[row.category] = row.n
    found = set()
    for counted in rows.values():
        for table in standard.tables:
            counts = {category.base: 0 for category in table.categories}
            for category in table.categories:
                counts[category.base] += counted[table.id].get(category.code, 0)
            found |= {counts.get("known", 0), counts.get("known", 0) + counts.get("asked", 0), sum(counts.values())}
            found |= set(counted[table.id].values())
    return {n for n in found if n >= 100 and n % 5}


def numbers_in(text: str) -> set[int]:
    """Every whole number that stands by itself, with thousands apart or not."""
    return {
        int(found.replace(",", ""))
        for found in re.findall(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?!\w)|(?<![\w.])\d+(?!\w)", text)
    }


def told(page: BeautifulSoup) -> str:
    """All words and attributes of a page or a drawing, but for where in a drawing something stands and how long it is.

    Drawings are made from what is printed beside them, which their own tests hold.
    """
    places = {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "d", "points", "transform", "viewbox", "viewBox"}
    drawn = set(map(id, page.select("svg, svg *")))
    attributes = (
        str(value)
        for tag in page.find_all()
        for name, value in tag.attrs.items()
        if not (id(tag) in drawn and name in places)
    )
    return " ".join([page.get_text(" "), *attributes])


def content(file: Path) -> str:
    """What a file of an export tells: of a spreadsheet its cells. The pack has only files that are looked at."""
    if file.suffix == ".zip":
        return ""
    if file.suffix in (".ods", ".xlsx"):
        book = CalamineWorkbook.from_path(str(file))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        cells = [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for row in rows for cell in row]
        return " ".join(map(str, cells))
    if file.suffix in (".svg", ".html"):
        return told(BeautifulSoup(file.read_bytes(), "xml" if file.suffix == ".svg" else "html.parser"))
    return file.read_text()


@pytest.fixture
def exact(survey) -> set[int]:
    found = exact_numbers(survey)
    assert len(found) > 20
    return found


def test_search_finds_an_exact_number(exact):
    assert 1011 in exact
    assert numbers_in("613 of <td>1,011</td>, 61 per cent, a611b") == {613, 1011, 61}


def test_release_row_and_basis_hold_no_exact_number(exact):
    call_command("build_release", "staff")
    row = Release.objects.get()
    assert len(row.facts["breakdowns"][2]["groups"]) > 1
    stored = json.dumps([row.facts, row.tables, row.audit, row.fingerprint])
    assert numbers_in(stored) & exact == set()


def test_commands_logs_and_audit_entries_hold_no_exact_number(exact, capsys, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    call_command("build_release", "staff")
    call_command("export_release", "staff", "--to", str(tmp_path / "files"))
    said = capsys.readouterr()
    entries = json.dumps([[entry.action, entry.detail] for entry in AuditEntry.objects.all()])
    assert numbers_in(" ".join([said.out, said.err, caplog.text, entries])) & exact == set()


def test_files_hold_no_exact_number(exact, tmp_path):
    call_command("build_release", "staff")
    call_command("export_release", "staff", "--to", str(tmp_path / "files"))
    files = [file for file in (tmp_path / "files").rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {file.name for file in release_files(release("staff"))}
    for file in files:
        assert (file.name, numbers_in(content(file)) & exact) == (file.name, set())


def test_pages_hold_no_exact_number(exact):
    call_command("build_release", "staff")
    client = Client()
    client.force_login(User.objects.create_superuser("head"))
    cache.clear()
    pages = ["/admin/outputs/", "/admin/outputs/staff/1/", "/admin/outputs/staff/1/audit/"]
    pages += [f"/admin/outputs/staff/1/{table.id}/" for table in release("staff").tables]
    pages += ["/admin/outputs/staff/1/files/", "/admin/outputs/staff/1/builder/"]
    for page in pages:
        response = client.get(page)
        assert (page, response.status_code) == (page, 200)
        shown = BeautifulSoup(response.content, "html.parser")
        assert (page, numbers_in(told(shown)) & exact) == (page, set())
    assert cache._cache == {}


def test_release_that_withholds_everything_holds_no_exact_number(exact, survey, caplog):
    """Of fewer than the threshold nothing is told, not how many there were either."""
    Survey.objects.filter(pk=survey.pk).update(minimum_responses=3000)
    caplog.set_level(logging.DEBUG)
    call_command("build_release", "staff")
    row = Release.objects.get()
    assert numbers_in(json.dumps([row.facts, row.tables, row.audit]) + caplog.text) & exact == set()
