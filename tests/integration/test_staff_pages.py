"""A survey's staff pages: before opening, breakdowns, abandoning and purging; clashes are told in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from questionnaire import key_text, sealing
from questionnaire.fieldwork import closing, declaring, grouping, retention, surveys
from questionnaire.fieldwork.breakdowns import declare
from questionnaire.models import AnswerPattern, AuditEntry, SealedResponse, Survey
from questionnaire.staff import opening
from tests.conftest import move, ready
from tests.integration.test_surveys_admin import FORM, LIST, page_of, press_open, signed_in, stored, told

pytestmark = pytest.mark.slow  # many, though none of them takes long

GRADE = {
    "title": "Grade",
    "id": "grade",
    "shape": "order",
    "group": "junior; Junior; 400\nsenior; Senior; 200",
}
PLACE = {"title": "Place", "id": "place", "shape": "flat", "group": "north\tNorth\t350\nsouth\tSouth; and east\t250"}
BOTH = {
    "breakdown": [
        {
            "id": "grade",
            "title": "Grade",
            "shape": "order",
            "special_category": False,
            "group": [
                {"id": "junior", "title": "Junior", "headcount": 400},
                {"id": "senior", "title": "Senior", "headcount": 200},
            ],
        },
        {
            "id": "place",
            "title": "Place",
            "shape": "flat",
            "special_category": False,
            "group": [
                {"id": "north", "title": "North", "headcount": 350},
                {"id": "south", "title": "South; and east", "headcount": 250},
            ],
        },
    ],
    "two_way": [{"first": "grade", "second": "place"}],
}
TOML = b"""
[[breakdown]]
id = "team"
title = "Team"
shape = "tree"
group = [
  {id = "sales", title = "Sales", headcount = 300},
  {id = "sales-north", title = "Sales, north", headcount = 300, parent = "sales"},
]
"""


@pytest.fixture
def keeper(db):
    return signed_in("view_survey", "change_survey")


@pytest.fixture
def draft(make_survey) -> Survey:
    return make_survey(opened=False, **ready())


def text(response) -> str:
    """The words of the page."""
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("#content").get_text(" ").split())


def items(response, selector: str) -> list[str]:
    return [
        " ".join(each.get_text().split()) for each in BeautifulSoup(response.content, "html.parser").select(selector)
    ]


# --------------------------------------------------------------------------------------------------------- permissions

PAGES = ("opening", "breakdowns", "breakdowns/add", "abandon", "purge")


@pytest.mark.parametrize("page", PAGES)
def test_page_is_seen_by_who_may_view_and_used_by_who_may_change(draft, page):
    reader, other = signed_in("view_survey", name="reader"), signed_in("add_survey", name="other")
    codes = [
        (client.get(page_of(draft, page)).status_code, client.post(page_of(draft, page)).status_code)
        for client in (reader, other)
    ]
    assert codes == [(200, 403), (403, 403)]


@pytest.mark.parametrize("page", PAGES)
def test_page_leads_whoever_has_not_signed_in_to_sign_in(client, draft, page):
    assert client.get(page_of(draft, page)).url.startswith("/admin/login/?next=")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_page_of_no_survey_is_not_found(keeper, page, number):
    assert keeper.get(f"{LIST}{number}/{page}/").status_code == 404


def test_page_takes_no_other_method(keeper, draft):
    assert keeper.put(page_of(draft, "opening")).status_code == 405


def test_reader_sees_no_buttons(draft):
    reader = signed_in("view_survey", name="reader")
    pages = [reader.get(page_of(draft, page)) for page in ("opening", "breakdowns", "breakdowns/add")]
    assert [items(page, "#content input[type=submit]") for page in pages] == [[], [], []]


@pytest.mark.parametrize(
    ("state", "tools"),
    [
        ("draft", ["Before opening", "Breakdowns", "History"]),
        ("open", ["Breakdowns", "History"]),
        ("stopped", ["Breakdowns", "Abandon", "History"]),
        ("closed", ["Breakdowns", "Purge", "History"]),
        ("released", ["Breakdowns", "Purge", "History"]),
    ],
)
def test_survey_leads_to_the_pages_that_serve_it(keeper, make_survey, state, tools):
    survey = make_survey(opened=state != "draft")
    if state != "draft":
        move(survey, state)
    found = [tool for tool in items(keeper.get(page_of(survey)), ".object-tools a") if tool != "View on site"]
    assert [
        tool
        for tool in found
        if tool not in ("Close", "Bring the key", "Invitations", "Preview", "Copy into the next wave")
    ] == tools


# ------------------------------------------------------------------------------------------------------ before opening


def test_page_says_what_is_missing_and_has_no_button(keeper, make_survey):
    survey = make_survey(opened=False, **ready(host="", headcount=None))
    page = keeper.get(page_of(survey, "opening"))
    assert items(page, ".findings.required li") == [
        "Respondents would read “not stated” for this: who runs the servers. Who runs the servers",
        "It is not said how many people are in scope. People in scope",
    ]
    assert items(page, "#content input[type=submit]") == []
    links = [link["href"] for link in BeautifulSoup(page.content, "html.parser").select(".findings.required a")]
    assert links == [f"{page_of(survey)}#id_host", f"{page_of(survey)}#id_headcount"]


def test_every_link_to_a_setting_leads_to_a_field_of_the_form(keeper, make_survey):
    survey = make_survey(opened=False, policy="exact", closes_at=timezone.now() + timedelta(days=2))
    page = BeautifulSoup(keeper.get(page_of(survey, "opening")).content, "html.parser")
    named = {link["href"].split("#")[1] for link in page.select(".findings a") if "#" in link["href"]}
    form = BeautifulSoup(keeper.get(page_of(survey)).content, "html.parser")
    assert (len(named) > 10, {name for name in named if form.find(id=name) is None}) == (True, set())


def test_opening_while_something_is_missing_is_refused_in_words(keeper, make_survey):
    survey = make_survey(opened=False, **ready(host=""))
    assert told(press_open(keeper, survey)) == ["Respondents would read “not stated” for this: who runs the servers."]
    assert stored(survey)["state"] == "draft"


def test_page_shows_what_groups_would_be_shown(keeper, make_survey):
    survey = make_survey(opened=False, **ready(access="invited", headcount=410))
    declare(survey, {"breakdown": [small_team(390, 10, 10)]})
    page = keeper.get(page_of(survey, "opening"))
    assert items(page, "#content tbody tr") == []
    assert "Nothing: fewer than two groups would be large enough." in text(page)
    survey.breakdowns.all().delete()
    declare(survey, {"breakdown": [small_team(330, 60, 20)]})
    rows = BeautifulSoup(keeper.get(page_of(survey, "opening")).content, "html.parser").select("#content tbody tr")
    assert [[cell.get_text() for cell in row.select("th, td")] for row in rows] == [
        ["Large", "Large", "330"],
        ["Other groups combined", "Middle, Small", "80"],
    ]


def small_team(*people: int) -> dict:
    names = ("large", "middle", "small")
    groups = [{"id": n, "title": n.capitalize(), "headcount": p} for n, p in zip(names, people, strict=True)]
    return {"id": "team", "title": "Team", "group": groups}


@pytest.mark.parametrize(
    ("custody", "sentence"),
    [
        ("service", "If the key store is lost before then, every answer is lost, and nobody can bring it back."),
        ("owner", "If you lose it before then, every answer is lost: neither you nor this service can open them."),
    ],
)
def test_what_is_lost_without_the_key_and_when_answers_are_destroyed_is_said_beforehand(
    keeper, make_survey, custody, sentence
):
    survey = make_survey(opened=False, **ready(custody=custody, unopened_days=45))
    words = text(keeper.get(page_of(survey, "opening")))
    late = "Sealed answers will be destroyed unread 45 days after the survey ends unless the key is brought."
    assert (sentence in words, late in words) == (True, custody == "owner")


def test_owner_brings_the_public_half_and_the_store_gets_nothing(keeper, make_survey, settings):
    survey = make_survey(opened=False, **ready(custody="owner"))
    public, _private = sealing.key_pair()
    keeper.post(page_of(survey, "opening"), {"public_half": key_text.write(key_text.PUBLIC, public)})
    found = stored(survey)
    assert (found["state"], bytes(found["public_key"])) == ("open", public)
    assert not settings.KEY_STORE.exists()


@pytest.mark.parametrize(
    ("half", "words"),
    [
        ("", "This field is required."),
        ("nonsense", "This is no key; a public half reads “public-…-…”."),
        (key_text.write(key_text.PRIVATE, b"k" * 32), "This is the private half; the public half is needed here."),
        (key_text.write(key_text.PUBLIC, b"k" * 32)[:-1], "This key is damaged: a character is wrong or missing."),
        ("public-\0", "Null characters are not allowed."),
    ],
    ids=["nothing", "nonsense", "private", "damaged", "nul"],
)
def test_public_half_that_is_none_is_told_and_nothing_opens(keeper, make_survey, half, words):
    survey = make_survey(opened=False, **ready(custody="owner"))
    page = keeper.post(page_of(survey, "opening"), {"public_half": half})
    assert words in items(page, ".errorlist li")[0]
    assert stored(survey)["state"] == "draft"


def test_private_half_that_was_brought_by_mistake_is_in_no_record(keeper, make_survey):
    survey = make_survey(opened=False, **ready(custody="owner"))
    keeper.post(page_of(survey, "opening"), {"public_half": key_text.write(key_text.PRIVATE, b"k" * 32)})
    assert [entry.action for entry in AuditEntry.objects.all()] == ["created"]


def test_key_store_that_cannot_be_written_opens_nothing_and_says_so(keeper, draft, settings):
    settings.KEY_STORE.write_text("a file where the folder should be")
    page = press_open(keeper, draft)
    assert told(page) == ["The key store cannot be written: File exists. Nothing was opened."]
    assert stored(draft)["state"] == "draft"


def test_key_of_another_survey_is_refused(keeper, make_survey):
    public, _private = sealing.key_pair()
    half = {"public_half": key_text.write(key_text.PUBLIC, public)}
    first, second = (make_survey(slug, opened=False, **ready(custody="owner")) for slug in ("first", "second"))
    keeper.post(page_of(first, "opening"), half)
    page = keeper.post(page_of(second, "opening"), half)
    assert told(page)[-1] == "This key belongs to another survey: make a fresh pair for each."
    assert stored(second)["state"] == "draft"


# ---------------------------------------------------------------------------------------------------------- breakdowns


def test_breakdowns_are_stored_as_they_were_typed_and_pasted(keeper, draft):
    assert keeper.post(page_of(draft, "breakdowns/add"), GRADE).url == page_of(draft, "breakdowns")
    keeper.post(page_of(draft, "breakdowns/add"), PLACE)
    keeper.post(page_of(draft, "breakdowns"), {"two_way": ["grade place"]})
    assert declaring.as_declared(draft) == BOTH


def test_form_of_a_breakdown_saves_what_it_shows(keeper, draft):
    declare(draft, BOTH)
    for code in ("grade", "place"):
        page = BeautifulSoup(keeper.get(page_of(draft, f"breakdowns/of/{code}")).content, "html.parser")
        form = {field["name"]: field["value"] for field in page.select("#content input[type=text], input[checked]")}
        keeper.post(page_of(draft, f"breakdowns/of/{code}"), {**form, "group": page.textarea.get_text().strip("\n")})
    assert declaring.as_declared(draft) == BOTH


def test_breakdown_that_gets_another_short_name_keeps_its_two_way_tables(keeper, draft):
    declare(draft, BOTH)
    keeper.post(page_of(draft, "breakdowns/of/grade"), {**GRADE, "id": "band", "special_category": "on"})
    declared = declaring.as_declared(draft)
    assert [each["id"] for each in declared["breakdown"]] == ["band", "place"]
    assert declared["two_way"] == [{"first": "band", "second": "place"}]
    assert [each.special_category for each in draft.breakdowns.all()] == [True, False]


def test_what_would_be_shown_is_worked_out_once_for_the_page(keeper, draft, monkeypatch):
    declare(draft, BOTH)
    worked_out = []
    real = grouping.groupings
    monkeypatch.setattr(grouping, "groupings", lambda survey: worked_out.append(survey) or real(survey))
    assert "Grade by Place" in text(keeper.get(page_of(draft, "opening")))
    assert worked_out == [draft]


def test_breakdown_that_is_removed_takes_its_two_way_tables_along(keeper, draft):
    declare(draft, BOTH)
    keeper.post(page_of(draft, "breakdowns/of/grade"), {"remove": "yes"})
    assert declaring.as_declared(draft) == {"breakdown": [BOTH["breakdown"][1]], "two_way": []}


def test_two_way_tables_are_unchosen(keeper, draft):
    declare(draft, BOTH)
    keeper.post(page_of(draft, "breakdowns"), {})
    assert declaring.as_declared(draft)["two_way"] == []


def test_two_way_table_chosen_in_both_orders_is_refused_and_changes_nothing(keeper, draft):
    declare(draft, BOTH)
    page = keeper.post(page_of(draft, "breakdowns"), {"two_way": ["grade place", "place grade"]})
    assert told(page) == ["The same two breakdowns are crossed twice: choose one order. Nothing was changed."]
    assert declaring.as_declared(draft) == BOTH


def test_file_replaces_what_was_declared(keeper, draft):
    declare(draft, BOTH)
    keeper.post(page_of(draft, "breakdowns"), {"read_file": "yes", "file": SimpleUploadedFile("b.toml", TOML)})
    (team,) = declaring.as_declared(draft)["breakdown"]
    assert (team["id"], [group.get("parent") for group in team["group"]]) == ("team", [None, "sales"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no toml",
        b"\xff\xfe",
        b"[" * 20_000,
        b"x" * (1024 * 1024 + 1),
        b"x" * 200_001,
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = "a", title = "A", headcount = ' + b"9" * 5000 + b"}]",
        b".".join([b"a"] * 20_000) + b" = 1",
        b'breakdown = "text"',
        b"breakdown = [1]",
        b'[[breakdown]]\nid = ["a"]',
        b'[[breakdown]]\nid = "a"\ntitle = "\\u0000"',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = ["a"]}]',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = "a", title = "A", headcount = inf}]',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = "a", title = "A", headcount = true}]',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = "a", title = "A", headcount = 99999999999999}]',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\ngroup = [{id = "a", title = "A"}]',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\nshape = "round"',
        b'[[breakdown]]\nid = "a"\ntitle = "A"\n[[breakdown]]\nid = "a"\ntitle = "A"',
        b'[[two_way]]\nfirst = "a"\nsecond = ["b"]',
        b'[[two_way]]\nfirst = "a"\nsecond = "b"',
    ],
)
def test_file_that_is_wrong_is_told_and_changes_nothing(keeper, draft, content):
    declare(draft, BOTH)
    page = keeper.post(
        page_of(draft, "breakdowns"), {"read_file": "yes", "file": SimpleUploadedFile("b.toml", content)}
    )
    assert (page.status_code, len(items(page, ".errorlist li, .messagelist li")) > 0) == (200, True)
    assert declaring.as_declared(draft) == BOTH


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "t" * 81},
        {"title": "nul\0"},
        {"id": "Our Grade"},
        {"id": "place"},
        {"shape": "round"},
        {"group": ""},
        {"group": "junior"},
        {"group": "junior; Junior; many"},
        {"group": "junior; Junior; ²"},
        {"group": "junior; Junior; 1; senior; more"},
        {"group": "junior; Junior; 9999999999"},
        {"group": "junior; Junior; 1\njunior; Again; 2"},
        {"group": "Junior Grade; Junior; 1"},
        {"group": "junior; ; 1"},
        {"group": "junior; Junior; 1; nowhere"},
        {"group": f"junior; {'J' * 121}; 1"},
    ],
)
@pytest.mark.parametrize("page", ["breakdowns/add", "breakdowns/of/grade"])
def test_breakdown_that_is_wrong_is_told_in_the_form_and_changes_nothing(keeper, draft, page, wrong):
    declare(draft, BOTH)
    response = keeper.post(page_of(draft, page), {**GRADE, **wrong})
    assert (response.status_code, len(items(response, ".errorlist li")) > 0) == (200, True)
    assert declaring.as_declared(draft) == BOTH


def test_breakdown_that_there_is_none_of_is_not_found(keeper, draft):
    assert keeper.get(page_of(draft, "breakdowns/of/nothing")).status_code == 404


def test_hundreds_of_groups_fit_the_form(keeper, make_survey):
    survey = make_survey(opened=False)
    lines = "\n".join(f"team-{n}; A team with a rather long name, number {n}; 12" for n in range(800))
    assert keeper.post(page_of(survey, "breakdowns/add"), {**GRADE, "group": lines}).status_code == 302
    assert survey.breakdowns.get().groups.count() == 800


@pytest.mark.parametrize("state", ["open", "stopped", "closed", "released"])
def test_breakdowns_can_only_be_read_once_it_opened(keeper, make_survey, state):
    survey = make_survey(opened=False)
    declare(survey, BOTH)
    Survey.objects.update(state="open", public_key=b"k" * 32)
    survey.refresh_from_db()
    move(survey, state)
    pages = [page_of(survey, page) for page in ("breakdowns", "breakdowns/add", "breakdowns/of/grade")]
    assert [items(keeper.get(page), "#content input[type=submit]") for page in pages] == [[], [], []]
    keeper.post(pages[0], {})
    keeper.post(pages[1], {**GRADE, "id": "more"})
    keeper.post(pages[2], {"remove": "yes"})
    assert declaring.as_declared(survey) == BOTH


def test_who_changed_breakdowns_is_recorded(keeper, draft):
    keeper.post(page_of(draft, "breakdowns/add"), GRADE)
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.detail) == (
        "someone",
        "changed",
        {"fields": ["breakdowns"], "breakdowns": ["grade"]},
    )


def test_markup_in_the_names_of_groups_is_shown_as_text(keeper, draft):
    script = "<script>alert(1)</script>"
    declare(
        draft, {"breakdown": [{"id": "a", "title": script, "group": [{"id": "g", "title": script, "headcount": 1}]}]}
    )
    for page in ("opening", "breakdowns", "breakdowns/of/a"):
        assert b"<script>alert" not in keeper.get(page_of(draft, page)).content


# ---------------------------------------------------------------------------------------------- abandoning and purging


def test_abandoning_is_confirmed_in_words_and_destroys_the_answers_unread(keeper, survey):
    SealedResponse.objects.create(survey=survey, key=b"k" * 32, number=1, sealed=b"sealed")
    closing.stop("staff", actor="test")
    words = text(keeper.get(page_of(survey, "abandon")))
    assert "This destroys: every sealed answer, unread" in words
    assert "It cannot be undone." in words
    assert stored(survey)["state"] == "stopped"
    page = keeper.post(page_of(survey, "abandon"), follow=True)
    assert told(page) == ["“Staff survey” is abandoned: its answers are destroyed."]
    assert (stored(survey)["state"], SealedResponse.objects.count()) == ("purged", 0)


def test_abandoning_is_refused_where_enough_answered(keeper, survey):
    for number in range(10):
        SealedResponse.objects.create(survey=survey, key=bytes([number]) * 32, number=1, sealed=b"sealed")
    closing.stop("staff", actor="test")
    page = keeper.post(page_of(survey, "abandon"), follow=True)
    assert told(page) == ["Enough people answered “staff” for results: close it."]
    assert SealedResponse.objects.count() == 10


def test_purging_is_confirmed_in_words_and_destroys_the_counts(keeper, survey):
    move(survey, "closed")
    AnswerPattern.objects.create(survey=survey, mode="online", answers={}, n=12)
    assert "What stays: every release that was built" in text(keeper.get(page_of(survey, "purge")))
    assert AnswerPattern.objects.count() == 1
    assert told(keeper.post(page_of(survey, "purge"), follow=True)) == [
        "“Staff survey” is purged: its counts are destroyed."
    ]
    assert (stored(survey)["state"], AnswerPattern.objects.count()) == ("purged", 0)


@pytest.mark.parametrize(
    ("page", "state"),
    [("abandon", state) for state in ("draft", "open", "closed", "released")]
    + [("purge", state) for state in ("draft", "open", "stopped")],
)
def test_what_is_not_lawful_offers_no_button_and_is_refused(keeper, make_survey, page, state):
    survey = make_survey(opened=state != "draft")
    if state != "draft":
        move(survey, state)
    before = stored(survey)
    assert items(keeper.get(page_of(survey, page)), "#content input[type=submit]") == []
    (message,) = told(keeper.post(page_of(survey, page), follow=True))
    assert (message.startswith("“staff” is"), stored(survey)) == (True, before)


# ------------------------------------------------------------------------------------------------- retention and times


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"state": "draft", "custody": "owner"},
            [
                "Sealed answers will be destroyed unread 90 days after the survey ends unless the key is brought.",
                "The counts are kept until someone destroys them.",
                "What was released stays.",
            ],
        ),
        (
            {"state": "stopped", "custody": "owner", "stopped_at": datetime(2027, 2, 2, 12, 0, tzinfo=UTC)},
            [
                "Sealed answers will be destroyed on 3 May 2027 unless the key is brought.",
                "The counts are kept until someone destroys them.",
                "What was released stays.",
            ],
        ),
        (
            {"state": "closed", "counts_until": date(2028, 12, 31)},
            ["The counts will be destroyed after 31 December 2028.", "What was released stays."],
        ),
        (
            {"state": "purged", "purged_at": datetime(2027, 2, 2, 12, 0, tzinfo=UTC)},
            ["Answers and counts were destroyed on 2 February 2027."],
        ),
        ({"state": "purged"}, ["Answers and counts were destroyed on a day that is not recorded."]),
    ],
    ids=["draft", "stopped", "closed", "purged", "purged by hand"],
)
def test_what_is_destroyed_when_is_told(fields, words):
    assert retention.told(Survey(**fields)) == words


def test_retention_stands_on_the_page_of_the_survey(keeper, make_survey):
    make_survey(opened=False, unopened_days=30, counts_until=date(2051, 1, 5), custody="owner")
    survey = surveys.open_survey("staff", actor="test", public_key=sealing.key_pair()[0])
    closing.stop("staff", actor="test")
    survey.refresh_from_db()
    last = timezone.localdate(survey.stopped_at) + timedelta(days=30)
    assert (
        f"Sealed answers will be destroyed on {last:%-d %B %Y} unless the key is brought. "
        "The counts will be destroyed after 5 January 2051. What was released stays."
    ) in text(keeper.get(page_of(survey)))


def test_times_are_typed_and_shown_in_the_zone_of_the_survey(keeper, make_survey):
    survey = make_survey(opened=False)
    form = {**FORM, "time_zone": "America/New_York", "closes_at": "2050-07-05T17:00"}
    keeper.post(page_of(survey), form)
    assert stored(survey)["closes_at"] == datetime(2050, 7, 5, 21, 0, tzinfo=UTC)
    page = BeautifulSoup(keeper.get(page_of(survey)).content, "html.parser")
    assert page.find(id="id_closes_at")["value"] == "2050-07-05T17:00"


def test_times_of_an_open_survey_stay_in_its_zone_whatever_is_posted(keeper, make_survey):
    survey = make_survey(time_zone="America/New_York")
    keeper.post(page_of(survey), {**FORM, "time_zone": "Asia/Tokyo", "closes_at": "2050-07-05T17:00"})
    assert stored(survey)["closes_at"] == datetime(2050, 7, 5, 21, 0, tzinfo=UTC)


def test_survey_that_would_close_before_it_opens_is_told_in_the_form(keeper, make_survey):
    survey = make_survey(opened=False)
    form = {**FORM, "opens_at": "2050-07-05T17:00", "closes_at": "2050-07-05T16:00"}
    assert "It would close before it opens." in " ".join(items(keeper.post(page_of(survey), form), ".errorlist li"))


@pytest.mark.parametrize("state", ["open", "closed", "released"])
def test_threshold_is_raised_in_the_form_and_never_lowered(keeper, make_survey, state):
    survey = make_survey(minimum_responses=20)
    move(survey, state)
    keeper.post(page_of(survey), {"minimum_responses": 30})
    assert stored(survey)["minimum_responses"] == 30
    page = keeper.post(page_of(survey), {"minimum_responses": 29})
    assert items(page, ".errorlist li") == ["It can only be raised once the survey is open; it is 30."]
    assert stored(survey)["minimum_responses"] == 30


# -------------------------------------------------------------------------------------------------------------- clashes


def test_clash_is_told_in_the_words_of_the_trigger(keeper, draft, monkeypatch):
    """As when the survey is opened on the command line between a check and its change."""
    Survey.objects.update(state="open", public_key=b"k" * 32)
    change = transaction.atomic(lambda *args, **rest: Survey.objects.update(title="Another"))
    monkeypatch.setattr(surveys, "open_survey", change)
    page = keeper.post(page_of(draft, "opening"), follow=True)
    assert told(page) == ["Nothing was changed: this is fixed since the survey opened."]


def test_clash_of_another_kind_tells_no_values(keeper, draft, monkeypatch):
    def clash(*args, **rest):
        raise IntegrityError("Key (slug)=(staff) already exists.")

    monkeypatch.setattr(opening.surveys, "open_survey", clash)
    page = keeper.post(page_of(draft, "opening"), follow=True)
    assert told(page) == ["Nothing was changed: it clashes with what is stored, perhaps only just now. Look again."]


@pytest.mark.parametrize("page", ["change", "delete"])
def test_clash_while_the_form_is_saved_is_told(keeper, draft, monkeypatch, page):
    keeper = signed_in("view_survey", "change_survey", "delete_survey", name="other")

    def clash(*args, **rest):
        Survey.objects.update(state="purged")

    monkeypatch.setattr("questionnaire.admin.audit.record", clash)
    response = keeper.post(page_of(draft, page), {**FORM, "post": "yes"}, follow=True)
    assert told(response) == ["Nothing was changed: a survey does not go from draft to purged."]
    assert stored(draft)["state"] == "draft"
