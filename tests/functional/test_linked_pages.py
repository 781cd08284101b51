"""A linked survey in Chromium, from the first answer to the withdrawal long after: no script, and axe finds nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Server, axe_findings, scrolls_sideways
from tests.functional.steps import EMPLOYEE, address, answer, change, choose, enter_code, press, submit
from tests.functional.test_invitations import BREAKDOWNS, GOOD
from tests.invited_survey import read_codes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def codes(server: Server, tmp_path_factory) -> list[str]:
    """The codes of three people who are invited to an open linked survey."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "breakdowns.toml").write_text(BREAKDOWNS)
    (folder / "people.csv").write_text(GOOD)
    server.manage(
        *("create_survey", "linked", "--kind", "linked", "--access", "invited", "--headcount", "3", "--open"),
        *("--breakdowns", str(folder / "breakdowns.toml")),
    )
    server.manage("invite", "linked", str(folder / "people.csv"), "--to", str(folder / "codes.csv"))
    return [row["code"] for row in read_codes((folder / "codes.csv").read_text())]


@pytest.fixture(scope="module")
def by_hand(browser: Browser) -> Iterator[Page]:
    """A browser without script."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def respond(page: Page, server: Server, code: str) -> None:
    enter_code(page, server, code)
    press(page, "Start now")
    answer(page, EMPLOYEE)
    submit(page)


@pytest.mark.slow
def test_linked_answers_are_seen_changed_and_withdrawn_without_script_and_axe_finds_nothing(
    server, by_hand, page, codes
):
    for code in codes[:2]:
        respond(by_hand, server, code)
    server.manage("close_survey", "linked")
    found = {}

    def look(name: str) -> None:
        found[name] = (axe_findings(page), scrolls_sideways(page))

    page.goto(address(server, survey="linked"))
    look("closed")
    page.goto(address(server, "privacy", "linked"))
    look("privacy")
    enter_code(page, server, codes[2])
    expect(page.get_by_text("You have not answered.")).to_be_visible()
    look("not answered")
    enter_code(page, server, codes[0])
    expect(page).to_have_url(address(server, "your-answers", "linked"))
    look("your answers")
    page.context.clear_cookies()

    enter_code(by_hand, server, codes[0])
    press(by_hand, "Change your answers")
    change(by_hand, "school_type")
    choose(by_hand, "school_type", "independent")
    submit(by_hand)
    expect(by_hand.get_by_text("Your answers have been submitted")).to_be_visible()
    enter_code(by_hand, server, codes[1])
    press(by_hand, "Withdraw your answers")
    expect(by_hand.get_by_role("heading", level=1)).to_have_text("Your answers are withdrawn")
    kept = server.query("SELECT answers->>'school_type' FROM questionnaire_linkedresponse")
    assert (found, kept) == (dict.fromkeys(found, ([], False)), [("independent",)])
