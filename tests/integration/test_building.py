"""Building releases from the staff site: by the real worker, in the name of who asked, with words for how it went."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from outputs import building
from outputs.models import Building, Release
from outputs.release_job import build_release
from outputs.withdrawals import withdraw
from questionnaire.fieldwork import jobs, workers
from questionnaire.models import AuditEntry, Survey
from tests.conftest import regardless_of_the_rules
from tests.counted_survey import closed_survey
from tests.integration.test_jobs import NOW, left_by_a_killed_worker

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/outputs/staff/build/"


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers CASCADE")
        cursor.execute("DELETE FROM procrastinate_workers")


def client_of(*permissions: str) -> Client:
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def analyst() -> Client:
    return client_of("view_release", "add_release", "view_survey")


def words(element) -> str:
    return " ".join(element.get_text().split())


def shown(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(PAGE).content, "html.parser")


def state(client: Client) -> str:
    return words(shown(client).select_one(".policy"))


def paragraphs(client: Client) -> list[str]:
    return [words(each) for each in shown(client).select("#content > p")]


def can_press(client: Client) -> bool:
    return shown(client).select_one("#content form input[type=submit]") is not None


def waiting() -> list[tuple[str, str]]:
    kept = ProcrastinateJob.objects.exclude(queueing_lock__isnull=False).order_by("id")
    return list(kept.values_list("task_name", "status"))


def test_page_before_anyone_asked_has_a_button(analyst):
    closed_survey()
    assert (state(analyst), can_press(analyst)) == ("No release has been asked for here yet.", True)


def test_release_asked_for_is_built_by_a_worker_in_the_name_of_who_asked(analyst):
    closed_survey()
    response = analyst.post(PAGE)
    assert (response.status_code, response["Location"], waiting()) == (302, PAGE, [("build_release", "todo")])
    workers.work(wait=False)
    built = AuditEntry.objects.get(action="built release")
    assert (Release.objects.get().number, built.actor, waiting()) == (1, "analyst", [])


def test_page_of_a_release_that_waits_says_so_with_a_link_to_look_again(analyst):
    closed_survey()
    analyst.post(PAGE)
    assert (state(analyst), can_press(analyst)) == ("The release waits for a worker.", False)
    assert paragraphs(analyst)[1] == (
        "No worker is running. Whoever operates this service starts one with “manage.py worker”."
    )
    assert [link["href"] for link in shown(analyst).select("#content a")] == [PAGE]


def test_page_of_a_release_that_is_being_built_says_so(analyst):
    closed_survey()
    analyst.post(PAGE)
    left_by_a_killed_worker("build_release", seconds=1)
    assert (state(analyst), can_press(analyst)) == ("The release is being built.", False)


def test_page_of_a_release_that_is_built_leads_to_it(analyst):
    closed_survey()
    analyst.post(PAGE)
    workers.work(wait=False)
    assert (state(analyst), can_press(analyst)) == ("Release 1 is built.", True)
    assert [link["href"] for link in shown(analyst).select("#content a")] == ["/admin/outputs/staff/1/"]


def test_unchanged_release_is_told_and_stands(analyst):
    closed_survey()
    build_release("staff", actor="test")
    analyst.post(PAGE)
    workers.work(wait=False)
    assert paragraphs(analyst)[:2] == [
        "Nothing has changed since release 1.",
        "It stands, and no other was built.",
    ]


def test_unchanged_release_that_is_withdrawn_is_told_with_what_it_would_take(analyst):
    closed_survey()
    build_release("staff", actor="test")
    withdraw("staff", 1, actor="test", reason="Wrong.")
    analyst.post(PAGE)
    workers.work(wait=False)
    assert paragraphs(analyst)[:2] == [
        "Nothing has changed since release 1.",
        "It is withdrawn, and from the same answers and settings the same figures would come: no other was built. "
        "Once what it is built from has changed, a new release can be.",
    ]


def test_refused_release_is_kept_with_its_reason_and_recorded(analyst):
    closed_survey()
    analyst.post(PAGE)
    with regardless_of_the_rules():
        Survey.objects.update(standard="gss_seb/1999-01")
    workers.work(wait=False)
    why = "staff was asked with gss_seb/1999-01, which is not installed here."
    assert (paragraphs(analyst)[:2], can_press(analyst)) == (["No release was built.", why], True)
    entry = AuditEntry.objects.get(action="release refused")
    assert (entry.actor, entry.survey, entry.detail) == ("analyst", "staff", {"why": why})
    assert (waiting(), Release.objects.count()) == ([], 0)


def test_release_refused_once_can_be_asked_for_again(analyst):
    survey = closed_survey()
    analyst.post(PAGE)
    with regardless_of_the_rules():
        Survey.objects.update(standard="gss_seb/1999-01")
    workers.work(wait=False)
    with regardless_of_the_rules():
        Survey.objects.update(standard=survey.standard)
    analyst.post(PAGE)
    workers.work(wait=False)
    assert state(analyst) == "Release 1 is built."


def test_fault_that_is_given_up_is_told_and_the_button_is_back(analyst):
    closed_survey()
    analyst.post(PAGE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'build_release'")
    assert state(analyst) == "The release was not built: something went wrong, and it is given up."
    assert can_press(analyst)


def test_release_is_queued_once_however_often_it_is_asked_for(analyst):
    closed_survey()
    analyst.post(PAGE)
    analyst.post(PAGE)
    building.ask("staff", actor="other")
    assert (waiting(), Building.objects.count()) == ([("build_release", "todo")], 1)


def test_job_holds_one_id_and_nothing_else(analyst):
    survey = closed_survey()
    analyst.post(PAGE)
    job = ProcrastinateJob.objects.get()
    assert (job.args, job.lock) == ({"building_id": Building.objects.get().pk}, f"build {survey.pk}")


def test_building_of_a_worker_that_was_killed_is_taken_up(analyst):
    closed_survey()
    analyst.post(PAGE)
    left_by_a_killed_worker("build_release", seconds=jobs.STALLED + 1)
    jobs.take_up_stalled.defer(timestamp=NOW)
    workers.work(wait=False)
    workers.work(wait=False)
    assert (state(analyst), Release.objects.count()) == ("Release 1 is built.", 1)


def test_building_that_was_done_before_its_job_could_end_is_not_done_again(analyst):
    closed_survey()
    analyst.post(PAGE)
    workers.work(wait=False)
    Survey.objects.update(minimum_responses=20)
    building.app.configure_task(building.TASK).defer(building_id=Building.objects.get().pk)
    workers.work(wait=False)
    assert Release.objects.count() == 1


@pytest.mark.parametrize("reached", ["draft", "open", "stopped"])
def test_survey_that_is_not_closed_has_no_button_and_a_post_does_nothing(reached, analyst):
    closed_survey(state=reached)
    analyst.post(PAGE)
    assert (paragraphs(analyst)[:2], can_press(analyst), Building.objects.count()) == (
        [f"This survey is {reached}.", "Only a closed survey can be released."],
        False,
        0,
    )


def test_survey_that_does_not_exist_is_not_found(analyst):
    assert (analyst.get(PAGE).status_code, analyst.post(PAGE).status_code) == (404, 404)


@pytest.mark.parametrize("permissions", [(), ("view_release",), ("add_release",), ("view_release", "change_survey")])
def test_building_needs_its_permission(permissions):
    closed_survey()
    client = client_of(*permissions)
    assert ([client.get(PAGE).status_code, client.post(PAGE).status_code], waiting()) == ([403, 403], [])


def test_building_by_nobody_in_particular_leads_to_sign_in():
    closed_survey()
    assert (Client().post(PAGE).status_code, waiting()) == (302, [])


def tools(client: Client, survey: Survey) -> list[str]:
    page = client.get(f"/admin/questionnaire/survey/{survey.pk}/change/").content
    return [link["href"] for link in BeautifulSoup(page, "html.parser").select(".object-tools a")]


def test_page_of_a_closed_survey_leads_to_building(analyst):
    assert tools(analyst, closed_survey()).count(PAGE) == 1


def test_page_of_a_survey_leads_to_no_building_before_it_is_closed_or_for_others():
    client = client_of("view_survey", "add_release", "view_release")
    assert PAGE not in tools(client, closed_survey(state="open"))
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="add_release"))
    assert PAGE not in tools(client, closed_survey(slug="other"))
