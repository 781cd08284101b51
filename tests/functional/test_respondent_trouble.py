"""What goes wrong on the way: days go by, the network is slow, the database is down, a token is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import PATIENCE
from tests.functional.steps import (
    EMPLOYEE,
    address,
    be_at,
    be_at_check_answers,
    choose,
    follow,
    held_by,
    responses,
    submit,
)
from tests.server import Server

DAY = 24 * 3600  # seconds


def test_sleep_for_a_day_in_the_middle_loses_nothing(server, page):
    be_at(page, server, "free_school_meals", {"school_type": "state"})
    with held_by(page.context, server) as interview:
        interview.started -= DAY
    choose(page, "free_school_meals", "no")
    expect(page).to_have_url(address(server, "employment_status"))
    page.goto(address(server, "school_type"))
    expect(page.locator("input[value=state]")).to_be_checked()


def test_sleep_for_eight_days_in_the_middle_leads_to_the_start_page_and_says_why(server, page):
    be_at(page, server, "school_type", {"school_type": "state"})
    with held_by(page.context, server) as interview:
        interview.started -= 8 * DAY
    choose(page, "school_type", "state")
    expect(page).to_have_url(f"{address(server)}?lost")
    expect(page.get_by_role("region", name="Start here")).to_contain_text("you started more than seven days ago")


@pytest.fixture
def slow(browser) -> Iterator[Page]:
    """A page on a slow phone network: 400 kbit/s, 400 ms there and back, nothing in the browser's cache."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    speed = 400 * 1000 / 8
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    yield page
    context.close()


def test_start_page_on_a_slow_network_can_soon_be_used(server, slow):
    slow.goto(address(server), wait_until="commit")
    expect(slow.get_by_role("button", name="Start now")).to_be_visible(timeout=8_000)


def test_submit_pressed_twice_on_a_slow_network_stores_one_response(server, slow):
    before = responses(server)
    be_at_check_answers(slow, server)
    slow.get_by_role("button", name="Submit").dblclick()
    expect(slow).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, EMPLOYEE]


@contextmanager
def database_down(server: Server) -> Iterator[None]:
    """Close the server's database to everyone, and end the connections that there are."""
    with psycopg.connect(server.database_url, dbname="postgres", autocommit=True) as elsewhere:
        name = psycopg.conninfo.conninfo_to_dict(server.database_url)["dbname"]
        elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    while not all(server.ready() for _request in range(8)):  # in each of its processes
        time.sleep(0.2)


# What waits for the database gives up after five seconds; these tests wait with it.


@pytest.fixture
def submitted_in_vain(server, page) -> Page:
    """The page of someone who pressed Submit while the database was down; it is up again."""
    be_at_check_answers(page, server)
    with database_down(server):
        submit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("The service is not available just now")
        expect(page.get_by_text("your answers so far are still in this browser")).to_be_visible()
    return page


@pytest.mark.slow
def test_submit_again_by_reloading_stores_the_answers(server, submitted_in_vain):
    before = responses(server)
    submitted_in_vain.reload()
    expect(submitted_in_vain).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, EMPLOYEE]


@pytest.mark.slow
def test_submit_again_after_going_back_stores_the_answers(server, submitted_in_vain):
    before = responses(server)
    submitted_in_vain.go_back()
    submit(submitted_in_vain)
    expect(submitted_in_vain).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, EMPLOYEE]


def test_questions_while_the_database_is_down_go_on(server, page):
    be_at(page, server, "school_type", {})
    with database_down(server):
        choose(page, "school_type", "independent")
        expect(page).to_have_url(address(server, "employment_status"))


@pytest.fixture
def token_lost(server, page) -> Page:
    """The page that says so after an answer whose token was lost with its cookie."""
    be_at(page, server, "free_school_meals", {"school_type": "state"})
    page.context.clear_cookies(name="csrftoken")
    choose(page, "free_school_meals", "no")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send that again")
    return page


def test_answer_whose_token_is_lost_is_told_that_answers_are_kept(token_lost):
    expect(token_lost.get_by_text("your answers so far are still in this browser")).to_be_visible()


def test_answer_sent_again_after_going_back_is_taken(server, token_lost):
    token_lost.go_back()
    choose(token_lost, "free_school_meals", "no")
    expect(token_lost).to_have_url(address(server, "employment_status"))


def test_answer_sent_again_from_the_link_back_is_taken(server, token_lost):
    follow(token_lost, "Back to the page where you were")
    choose(token_lost, "free_school_meals", "no")
    expect(token_lost).to_have_url(address(server, "employment_status"))
    token_lost.goto(address(server, "school_type"))
    expect(token_lost.locator("input[value=state]")).to_be_checked()
