"""The preview: staff walk through a survey as respondents see it, in any state, and nothing is stored."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from questionnaire import codes
from questionnaire.models import AuditEntry, SealedResponse, Survey
from tests.conftest import Respondent, Shown
from tests.integration.test_surveys_admin import signed_in
from tests.integration.test_wizard import EMPLOYEE

BANNER = "Preview: nothing is stored"


class Previewer(Respondent):
    """Someone who walks through the preview of a survey, in a browser in which they may be signed in."""

    def __init__(self, client: Client, slug: str = "staff") -> None:
        super().__init__(slug)
        self.client = client

    def url(self, step: str = "") -> str:
        return f"/admin/preview{super().url(step).removeprefix('/s')}"


def banner(response) -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(".govuk-phase-banner .govuk-tag")
    return found.get_text(strip=True) if found else ""


def led_to(response) -> list[str]:
    """Where the page's main part, back link, forms and foot lead, without what is outside the survey."""
    page = BeautifulSoup(response.content, "html.parser")
    page.select_one(".govuk-phase-banner").decompose()
    found = [tag.get("href") or tag.get("action") for tag in page.select("a[href], form[action]")]
    return [where for where in found if "staff" in where]


@pytest.fixture
def client(db) -> Client:
    return signed_in("view_survey")


@pytest.fixture
def draft(make_survey) -> Survey:
    return make_survey(opened=False)


@pytest.fixture
def previewer(client, draft) -> Previewer:
    return Previewer(client)


@pytest.fixture
def checked(previewer) -> Previewer:
    previewer.start()
    previewer.answer(EMPLOYEE)
    previewer.check()
    return previewer


def test_preview_of_a_draft_is_walked_to_the_thank_you_page(previewer):
    previewer.start()
    places = [previewer.answer({question: code}).url for question, code in EMPLOYEE.items()]
    steps = [question.replace("_", "-") for question in EMPLOYEE]
    assert places == [f"/admin/preview/staff/{step}/" for step in [*steps[1:], "check-answers"]]
    previewer.check()
    assert previewer.submit().url == "/admin/preview/staff/complete/"
    assert previewer.get("complete").templates[0].name == "respondent/complete.html"


def test_preview_stores_nothing(checked):
    before = AuditEntry.objects.count(), list(Survey.objects.values())
    checked.submit()
    checked.post("withdraw")
    assert SealedResponse.objects.count() == 0
    assert (AuditEntry.objects.count(), list(Survey.objects.values())) == before


def test_preview_of_an_open_survey_stores_nothing(client, survey):
    assert Previewer(client).respond(EMPLOYEE).url == "/admin/preview/staff/complete/"
    assert SealedResponse.objects.count() == 0


@pytest.mark.parametrize("state", ["open", "stopped", "purged"])
def test_preview_of_a_survey_in_any_state_is_the_start_page(client, survey, state):
    for step in ["stopped", "purged"][: ["open", "stopped", "purged"].index(state)]:
        Survey.objects.update(state=step)
    response = Previewer(client).get()
    assert (response.status_code, response.templates[0].name) == (200, "respondent/start.html")


def test_every_page_of_a_preview_carries_the_banner(checked):
    pages = ["", "privacy", "not-open", "closed", "school-type", "check-answers"]
    shown = {page: banner(checked.get(page)) for page in pages}
    shown["error"] = banner(checked.post("supervisor", {}))
    checked.submit()
    shown["complete"] = banner(checked.get("complete"))
    shown["withdraw"] = banner(checked.post("withdraw"))
    shown["clear"] = banner(checked.post("clear"))
    checked.start()
    shown["fresh question"] = banner(checked.get("school-type"))
    assert {page: told for page, told in shown.items() if told != BANNER} == {}


@pytest.mark.parametrize("page", ["", "privacy", "closed", "supervisor", "check-answers"])
def test_links_of_a_preview_stay_in_it(checked, page):
    assert [where for where in led_to(checked.get(page)) if not where.startswith("/admin/preview/staff/")] == []


def test_fresh_question_of_a_preview_leads_on_in_it(previewer):
    previewer.start()
    response = previewer.get("school-type")
    assert set(led_to(response)) == {
        f"/admin/preview/staff/{page}" for page in ("", "school-type/", "privacy/", "clear/")
    }


def test_question_kept_from_a_preview_is_not_shown_to_respondents(client, survey):
    previewer, respondent = Previewer(client), Respondent()
    for someone in (previewer, respondent, previewer):
        someone.start()
    pages = [someone.get("school-type") for someone in (previewer, respondent, previewer, respondent)]
    assert [banner(page) for page in pages] == [BANNER, "", BANNER, ""]
    assert [Shown.on(page).back for page in pages] == ["/admin/preview/staff/", "/s/staff/"] * 2


def test_cookie_of_a_preview_keeps_to_it(previewer):
    assert previewer.start().cookies["interview"]["path"] == "/admin/preview/staff/"


def test_cookie_of_a_preview_is_none_of_the_survey(client, survey):
    previewer = Previewer(client)
    previewer.start()
    respondent = Respondent()
    respondent.client.cookies["interview"] = previewer.client.cookies["interview"].value
    assert respondent.get("school-type").url == "/s/staff/?lost"


def test_cookie_of_the_survey_is_none_of_its_preview(client, survey):
    respondent = Respondent()
    respondent.start()
    client.cookies["interview"] = respondent.client.cookies["interview"].value
    assert Previewer(client).get("school-type").url == "/admin/preview/staff/?lost"


def test_clearing_in_a_preview_forgets_its_answers(checked):
    checked.post("clear")
    assert checked.check().url == "/admin/preview/staff/?lost"


def test_preview_of_the_start_page_with_a_code_offers_to_withdraw(previewer):
    page = previewer.client.get("/admin/preview/staff/?code")
    assert "/admin/preview/staff/withdraw/" in led_to(page)
    previewer.client.post("/admin/preview/staff/?code")
    previewer.answer(EMPLOYEE)
    assert "replaces whatever was submitted with your code before" in previewer.check().content.decode()


def test_code_of_a_preview_opens_no_survey(client, survey):
    previewer = Previewer(client)
    previewer.respond(EMPLOYEE)
    code = previewer.get("complete").context["interview"].code
    assert Survey.objects.filter(pk=codes.survey_id(code)).count() == 0
    reply = Client().post("/i/", {"code": code})
    assert reply.context["error"] == "No survey knows this code. Check each letter and digit"


def test_preview_of_a_question_off_the_route_redirects_to_where_one_is(previewer):
    previewer.start()
    assert previewer.get("parental-qualification").url == "/admin/preview/staff/school-type/"


def test_preview_of_an_unknown_survey_is_a_page_that_is_not_there(client):
    assert Previewer(client, "nothing").get().status_code == 404


PAGES = ["", "privacy", "not-open", "closed", "complete", "school-type", "check-answers"]


@pytest.mark.parametrize("page", PAGES)
def test_preview_without_signing_in_leads_to_the_sign_in_page(draft, page):
    previewer = Previewer(Client())
    assert previewer.get(page).url == f"/admin/login/?next={previewer.url(page)}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("account", [{}, {"is_staff": False}], ids=["no permission", "no staff"])
def test_preview_for_whoever_may_not_view_surveys_is_refused(draft, page, account):
    assert Previewer(signed_in("view_release", **account)).get(page).status_code == 403


@pytest.mark.parametrize("page", ["", "withdraw", "clear", "school-type", "check-answers"])
def test_press_in_a_preview_without_permission_is_refused(draft, page):
    assert Previewer(signed_in()).post(page).status_code == 403


def test_page_of_a_survey_on_the_staff_site_leads_to_its_preview(client, draft):
    page = BeautifulSoup(client.get(f"/admin/questionnaire/survey/{draft.pk}/change/").content, "html.parser")
    assert page.find("a", string="Preview")["href"] == "/admin/preview/staff/"


def test_page_of_a_survey_sent_with_a_bad_short_name_still_leads_to_its_preview(draft):
    client = signed_in("view_survey", "change_survey")
    response = client.post(f"/admin/questionnaire/survey/{draft.pk}/change/", {"slug": "no such name"})
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("a", string="Preview")["href"] == "/admin/preview/staff/"
