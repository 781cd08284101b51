"""The made-up employer, the table builder and what stands beside tables, in Chromium: nothing for axe, all in sight."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import WIDTHS, Server, axe_findings, scrolls_sideways
from tests.functional.test_outputs_axe import signed_in, staff  # noqa: F401  (fixtures)

pytestmark = pytest.mark.slow
SURVEY = "/admin/outputs/employer-wave-2/"
PAGES = {
    "builder": f"{SURVEY}1/builder/",
    "selection": f"{SURVEY}1/builder/?table=nssec-3&table=school-type&by=grade&by=department&rows=categories",
    "bad query": f"{SURVEY}1/builder/?table=nssec-9&sex=f",
    "beside": f"{SURVEY}beside/",
    "own benchmark": f"{SURVEY}beside/nssec-3/benchmark/",
    "target": f"{SURVEY}beside/nssec-3/target/",
    "table": f"{SURVEY}1/nssec-3/",
}


@pytest.fixture(scope="module")
def employer(server: Server) -> Server:
    """The same server, with the made-up employer."""
    server.manage("create_demo_employer")
    return server


def test_owner_and_analyst_walk(employer, staff: Page):  # noqa: F811
    """Switch a benchmark on, set a target, read both; build a table, fetch it, note what is missing."""
    staff.goto(employer.url + SURVEY + "1/")
    staff.get_by_role("link", name="Benchmarks and targets").click()
    staff.locator('button[value="nssec-3 routine_manual 2021"]').click()
    expect(staff.get_by_text("Switched on.")).to_have_count(1)
    staff.get_by_role("link", name="Set a target").nth(3).click()
    staff.get_by_label("Routine and manual occupations").check()
    staff.get_by_label("Of whom").select_option("Grade: Manager")
    staff.get_by_label("Per cent").fill("99")
    staff.get_by_label("By when").fill("2099-12-31")
    staff.get_by_role("button", name="Save").click()
    staff.goto(employer.url + PAGES["table"])
    expect(staff.locator(".beside")).to_contain_text(["Caution: includes long-term unemployed parents", "Not reached."])

    staff.goto(employer.url + PAGES["builder"])
    staff.get_by_label("NS-SEC, three classes").first.check()
    staff.get_by_label("Grade", exact=True).check()
    staff.get_by_role("button", name="Show").click()
    expect(staff.locator("table.groups")).to_have_count(3)
    with staff.expect_download() as download:
        staff.get_by_role("link", name="tables.csv", exact=True).click()
    assert download.value.path().read_bytes().count(b"\r\n") == 1 + 5 * 7  # five categories, everyone and six grades
    staff.get_by_label("What is missing").fill("By length of service")
    staff.get_by_role("button", name="Note it for the survey’s owner").click()
    expect(staff.locator(".messagelist")).to_contain_text("It is noted for the next survey.")

    for path in PAGES.values():
        staff.goto(employer.url + path)
        assert (path, axe_findings(staff)) == (path, [])
        for width in WIDTHS:
            staff.set_viewport_size({"width": width, "height": 900})
            assert (path, width, scrolls_sideways(staff)) == (path, width, False)
