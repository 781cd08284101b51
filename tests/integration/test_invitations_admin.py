"""Invitations in the admin: a list is checked and shown, nothing is stored before it is confirmed, codes come once."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from questionnaire.fieldwork import closing
from questionnaire.models import AuditEntry, Invitation, SealedResponse
from questionnaire.staff import long_forms
from tests.conftest import move
from tests.integration.test_surveys_admin import signed_in
from tests.integration.test_wizard import EMPLOYEE, token
from tests.invited_survey import INVITED, LIST, enter, invite, read_codes

URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def inviting_survey(make_survey):
    return make_survey(**INVITED)


@pytest.fixture
def draft(make_survey):
    return make_survey(opened=False, **INVITED)


@pytest.fixture
def keeper(db) -> Client:
    return signed_in("view_survey", "change_survey")


def place(survey, page: str = "") -> str:
    return f"/admin/questionnaire/survey/{survey.pk}/invitations/{page}"


def upload(client: Client, survey, text: str | bytes = LIST):
    file = SimpleUploadedFile("people.csv", text.encode() if isinstance(text, str) else text)
    return client.post(place(survey, "check/"), {"people": file})


def carried(response) -> str:
    return BeautifulSoup(response.content, "html.parser").find("input", {"name": "people"})["value"]


def confirm(client: Client, survey, people: str, **more: str):
    return client.post(place(survey, "invite/"), urlencode({"people": people, **more}), content_type=URLENCODED)


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("#content").get_text(" ").split())


def listed(response, heading: str) -> list[str]:
    """The items of the list below a heading that begins so."""
    page = BeautifulSoup(response.content, "html.parser")
    found = [each for each in page.select("h2") if each.get_text().startswith(heading)]
    return [item.get_text() for item in found[0].find_next("ul").select("li")] if found else []


def recorded() -> list[tuple[str, str, dict]]:
    entries = AuditEntry.objects.exclude(actor="test")
    return [(entry.actor, entry.action, entry.detail) for entry in entries]


# ---------------------------------------------------------------------------------------------------------- the page


def test_survey_of_invited_people_links_to_its_invitations(keeper, inviting_survey):
    page = keeper.get(f"/admin/questionnaire/survey/{inviting_survey.pk}/change/").content.decode()
    assert place(inviting_survey) in page


def test_survey_with_an_open_link_has_no_invitations(keeper, survey):
    assert place(survey) not in keeper.get(f"/admin/questionnaire/survey/{survey.pk}/change/").content.decode()
    assert keeper.get(place(survey)).status_code == 404


def test_page_tells_how_many_are_invited_and_not_exactly_how_many_answered(keeper, inviting_survey):
    enter(invite()[0]["code"]).respond(EMPLOYEE)
    assert "Invited 3 Answered fewer than 10" in text_of(keeper.get(place(inviting_survey)))


def test_page_tells_the_number_answered_rounded(keeper, inviting_survey):
    SealedResponse.objects.bulk_create(
        SealedResponse(survey=inviting_survey, key=bytes([each]), number=1, sealed=b"x") for each in range(13)
    )
    assert "Answered about 15" in text_of(keeper.get(place(inviting_survey)))


def test_page_after_closing_tells_how_many_were_invited_and_takes_no_list(keeper, inviting_survey):
    invite()
    closing.close("staff", actor="test")
    page = keeper.get(place(inviting_survey))
    assert ("3 people were invited" in text_of(page), b'type="file"' in page.content) == (True, False)


def test_page_names_the_columns_that_a_list_has(keeper, draft):
    columns = [
        code.get_text() for code in BeautifulSoup(keeper.get(place(draft)).content, "html.parser").select("code")
    ]
    assert columns == ["reference", "grade", "site"]


# --------------------------------------------------------------------------------------------------------- checking


def test_list_that_is_right_is_shown_with_the_number_in_each_group(keeper, draft):
    page = upload(keeper, draft)
    rows = BeautifulSoup(page.content, "html.parser").select("tbody tr")
    assert [[cell.get_text() for cell in row.select("th, td")] for row in rows] == [
        ["Junior", "junior", "2", "3"],
        ["Senior", "senior", "1", "2"],
        ["North", "north", "2", "4"],
        ["South", "south", "1", "1"],
    ]


def test_list_that_is_checked_is_not_stored_and_its_page_names_nobody(keeper, draft):
    page = upload(keeper, draft, LIST.replace("A1", "Somebody"))
    assert (b"Somebody" in page.content, Invitation.objects.count(), recorded()) == (False, 0, [])
    assert page["Cache-Control"] == "no-store, private"


def test_list_with_faults_is_told_each_and_offers_nothing_to_confirm(keeper, draft):
    page = upload(keeper, draft, "reference,grade,site\n=A1,junior,north\nA2,boss,north\nA3,junior,south\n")
    assert listed(page, "2 rows are not right") == [
        "line 2, column reference: “=A1” stands there; expected: a reference that no spreadsheet takes as a formula: "
        "it begins with none of = + - @ or a tab",
        "line 3, column grade: “boss” stands there; expected: one of junior, senior",
    ]
    assert b'name="people"' not in page.content


def test_list_with_very_many_faults_is_told_the_first_hundred_and_how_many_more(keeper, draft):
    page = upload(keeper, draft, "grade,site\n" + "boss,north\n" * 1_200)
    assert len(listed(page, "1,200 rows are not right")) == 100
    assert "And 1,100 more." in text_of(page)


def test_list_beyond_the_headcount_is_warned_of_and_can_be_confirmed(keeper, draft):
    page = upload(keeper, draft, "grade,site\n" + "junior,north\n" * 3 + "senior,north\n" * 2)
    assert listed(page, "Look at this first") == ["5 people of “North” (Site) would be invited; 4 are in scope."]
    assert confirm(keeper, draft, carried(page)).status_code == 200


def test_markup_in_a_list_is_shown_as_text(keeper, draft):
    assert b"<script>alert" not in upload(keeper, draft, "grade,site\n<script>alert(1)</script>,north\n").content


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "line 1: the columns must be"), ("grade,site\n", "The file names no people."), (b"\xff\xfe", "not UTF-8")],
)
def test_file_that_is_no_list_is_told_so(keeper, draft, text, why):
    page = upload(keeper, draft, text)
    if text:
        assert (page.status_code, why in text_of(page)) == (422, True)
    else:  # an empty file is sent as none is
        assert page.status_code == 422


def test_form_without_a_file_is_told_so(keeper, draft):
    page = keeper.post(place(draft, "check/"), {})
    assert (page.status_code, "Choose a file." in text_of(page)) == (422, True)


# --------------------------------------------------------------------------------------------------------- confirming


def test_people_who_are_confirmed_are_invited_and_their_codes_come_as_a_file(keeper, draft):
    response = confirm(keeper, draft, carried(upload(keeper, draft)))
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="codes-staff.csv"',
        "Cache-Control": "no-store, private",
    }
    rows = read_codes(response.content.decode())
    assert [(row["reference"], row["grade"], row["site"]) for row in rows] == [
        ("A1", "junior", "north"),
        ("A2", "senior", "north"),
        ("", "junior", "south"),
    ]
    assert Invitation.objects.count() == 3
    assert recorded() == [("someone", "invited", {"people": 3}), ("someone", "downloaded codes", {"people": 3})]


def test_codes_of_the_file_are_taken(keeper, inviting_survey):
    response = confirm(keeper, inviting_survey, carried(upload(keeper, inviting_survey)))
    assert enter(read_codes(response.content.decode())[0]["code"]).reply.url == "/s/staff/"


def test_confirming_twice_invites_once(keeper, draft):
    people = carried(upload(keeper, draft, "grade,site\njunior,north\n"))
    first, second = (confirm(keeper, draft, people) for _press in range(2))
    assert (first.status_code, second.status_code, Invitation.objects.count()) == (200, 422, 1)
    assert "People were invited since this list was checked" in text_of(second)


def test_confirming_once_it_is_stopped_is_refused(keeper, inviting_survey):
    people = carried(upload(keeper, inviting_survey))
    move(inviting_survey, "stopped")
    assert (confirm(keeper, inviting_survey, people).status_code, Invitation.objects.count()) == (422, 0)


@pytest.mark.parametrize("spoil", [lambda text: text[:-9], lambda text: "", lambda text: "é", lambda text: f"A{text}"])
def test_list_that_comes_back_otherwise_is_refused(keeper, draft, spoil):
    page = confirm(keeper, draft, spoil(carried(upload(keeper, draft))))
    assert (page.status_code, "did not come back whole" in text_of(page), Invitation.objects.count()) == (422, True, 0)


def test_list_of_another_survey_or_from_someone_else_is_refused(keeper, draft, make_survey):
    people = carried(upload(keeper, draft))
    other = make_survey("other", opened=False, **INVITED)
    colleague = signed_in("change_survey", name="colleague")
    attempts = [confirm(keeper, other, people), confirm(colleague, draft, people)]
    assert ([each.status_code for each in attempts], Invitation.objects.count()) == ([422, 422], 0)


def test_list_that_is_longer_than_other_forms_is_taken(keeper, draft):
    lines = "".join(
        f"{number * 7919 % 1_000_003:09}-{number * 104_729 % 999_983:09},junior,north\n" for number in range(9_000)
    )
    people = carried(upload(keeper, draft, f"reference,grade,site\n{lines}"))
    assert len(people) > 64 * 1024
    response = confirm(keeper, draft, people)
    assert (response.status_code, Invitation.objects.count()) == (200, 9_000)


def test_list_that_is_long_is_never_written_to_disk(keeper, draft, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", lambda *args: pytest.fail("to disk"))
    page = upload(keeper, draft, "grade,site\njunior,north\n" + "\r\n" * 1_500_000)
    assert "1 person" in text_of(page)


def test_list_that_was_checked_before_the_secret_key_changed_is_taken(keeper, draft, settings):
    people = carried(upload(keeper, draft))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    keeper.force_login(User.objects.get())
    assert confirm(keeper, draft, people).status_code == 200


@pytest.mark.parametrize("page", ["check/", "invite/"])
def test_form_longer_than_any_list_is_refused_unread(keeper, draft, monkeypatch, page):
    monkeypatch.setattr(long_forms, "LONGEST", 1000)
    response = keeper.post(place(draft, page), f"people={'x' * 1000}", content_type=URLENCODED)
    assert response.status_code == 413


# ---------------------------------------------------------------------------------------------- replacing, removing


def test_replacing_asks_first(keeper, inviting_survey):
    before = invite()
    assert keeper.get(place(inviting_survey, "replace/")).status_code == 200
    assert enter(before[0]["code"]).reply.url == "/s/staff/"


def test_replacing_brings_a_file_of_fresh_codes(keeper, inviting_survey):
    before = invite()
    response = keeper.post(place(inviting_survey, "replace/"), {"times": "0"})
    fresh = read_codes(response.content.decode())
    assert (len(fresh), enter(fresh[0]["code"]).reply.url) == (3, "/s/staff/")
    assert enter(before[0]["code"]).reply.status_code == 200
    assert recorded() == [("someone", "codes replaced", {"people": 3}), ("someone", "downloaded codes", {"people": 3})]


def test_replacing_by_a_second_press_is_refused(keeper, inviting_survey):
    invite()
    fresh = read_codes(keeper.post(place(inviting_survey, "replace/"), {"times": "0"}).content.decode())
    assert keeper.post(place(inviting_survey, "replace/"), {"times": "0"}).status_code == 422
    assert enter(fresh[0]["code"]).reply.url == "/s/staff/"


def test_replacing_where_nobody_is_invited_is_told_so(keeper, draft):
    assert "Nobody is invited" in text_of(keeper.post(place(draft, "replace/"), {"times": "0"}))


def test_removing_asks_first_and_then_takes_back_every_invitation(keeper, draft):
    invite()
    assert keeper.get(place(draft, "remove/")).status_code == 200
    assert Invitation.objects.count() == 3
    assert keeper.post(place(draft, "remove/")).url == place(draft)
    assert Invitation.objects.count() == 0


def test_removing_is_refused_once_it_has_opened(keeper, inviting_survey):
    invite()
    assert (keeper.post(place(inviting_survey, "remove/")).status_code, Invitation.objects.count()) == (422, 3)


# -------------------------------------------------------------------------------------------------------- who may

PAGES = ["", "check/", "invite/", "replace/", "remove/"]


def answers_of(client: Client, survey) -> list[int]:
    posts = [client.post(place(survey, page), {"times": "0"}).status_code for page in PAGES[1:]]
    return [client.get(place(survey)).status_code, *posts]


@pytest.mark.parametrize(
    ("permissions", "status"), [((), 403), (("view_survey", "add_survey", "delete_survey"), 403)], ids=["none", "view"]
)
def test_staff_without_the_permission_to_change_surveys_are_refused(draft, permissions, status):
    invite()
    assert answers_of(signed_in(*permissions), draft) == [status] * 5
    assert Invitation.objects.count() == 3


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_nothing_they_send_is_read(draft, monkeypatch):
    monkeypatch.setattr(long_forms, "_is_too_long", lambda request: pytest.fail("the form was looked at"))
    assert answers_of(Client(), draft) == [302] * 5


@pytest.mark.parametrize("page", ["check/", "invite/"])
def test_form_is_not_taken_by_opening_an_address(keeper, draft, page):
    assert keeper.get(place(draft, page)).status_code == 405


@pytest.mark.parametrize("page", PAGES[1:])
def test_forged_form_is_refused(draft, page):
    invite()
    keeper = signed_in("change_survey")
    keeper.handler.enforce_csrf_checks = True
    data = {"content_type": URLENCODED, "data": "people=x&times=0"} if page == "invite/" else {"data": {"times": "0"}}
    assert keeper.post(place(draft, page), **data).status_code == 403
    assert Invitation.objects.count() == 3


def test_forms_of_the_pages_themselves_are_taken(draft):
    keeper = signed_in("change_survey")
    keeper.handler.enforce_csrf_checks = True
    file = SimpleUploadedFile("people.csv", LIST.encode())
    form = {"csrfmiddlewaretoken": token(keeper.get(place(draft))), "people": file}
    page = keeper.post(place(draft, "check/"), form)
    assert page.status_code == 200
    response = confirm(keeper, draft, carried(page), csrfmiddlewaretoken=token(page))
    assert (response.status_code, Invitation.objects.count()) == (200, 3)


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_survey_that_is_none_is_not_found(keeper, pk):
    assert keeper.get(f"/admin/questionnaire/survey/{pk}/invitations/").status_code == 404
