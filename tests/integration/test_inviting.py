"""Lists of people: what is read, what is refused and in which words, what is stored, and what closing leaves."""

import pytest
from django.db import connection

from questionnaire import codes
from questionnaire.fieldwork import closing, invited, inviting, surveys
from questionnaire.fieldwork.people import People
from questionnaire.fieldwork.surveys import Refused
from questionnaire.models import AuditEntry, GroupCount, Invitation, SealedResponse
from tests.conftest import move
from tests.integration.test_submission import stored
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.invited_survey import DECLARED, INVITED, LIST, as_dicts, check, enter, invite


@pytest.fixture
def inviting_survey(make_survey):
    return make_survey(**INVITED)


@pytest.fixture
def draft(make_survey):
    return make_survey(opened=False, **INVITED)


def recorded() -> list[tuple[str, dict]]:
    return [(entry.action, entry.detail) for entry in AuditEntry.objects.exclude(action__in=["created", "opened"])]


def answer_with(code: str, answers: dict[str, str]) -> None:
    assert enter(code).respond(answers).url == "/s/staff/complete/"


# ------------------------------------------------------------------------------------------------------------ reading


def test_list_that_is_right_is_read_as_people(inviting_survey):
    people, bad_rows, faults = check(LIST)
    expected = [("A1", "junior", "north"), ("A2", "senior", "north"), ("", "junior", "south")]
    assert (people, bad_rows, faults) == (People(("grade", "site"), expected), 0, [])


@pytest.mark.parametrize(
    "text",
    [
        "site,grade\r\nnorth,junior\r\n",
        "\ufeffgrade,site\njunior,north",
        ' grade , site \n junior ," north "\n\n',
        "reference,site,grade\n,north,junior\n",
    ],
    ids=["other order", "byte order mark", "blanks", "reference blank"],
)
def test_list_written_otherwise_is_read_the_same(inviting_survey, text):
    assert check(text)[0] == People(("grade", "site"), [("", "junior", "north")])


def test_list_without_breakdowns_holds_references(make_survey):
    make_survey(access="invited")
    assert check("reference\nZoë 1\n")[0] == People((), [("Zoë 1",)])


REFERENCES = "line 2, column reference: “%s” stands there; expected: %s"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A1,boss,north", "line 2, column grade: “boss” stands there; expected: one of junior, senior"),
        ("A1,,north", "line 2, column grade: “” stands there; expected: one of junior, senior"),
        ("A1,Junior,north", "line 2, column grade: “Junior” stands there; expected: one of junior, senior"),
        ("A1,junior", "line 2, column (all): “2 cells” stands there; expected: 3 cells, as in the header"),
        ("A1,junior,north,x", "line 2, column (all): “4 cells” stands there; expected: 3 cells, as in the header"),
        (f"{'r' * 101},junior,north", REFERENCES % ("r" * 60, "a reference of at most 100 characters")),
        ("A\0,junior,north", REFERENCES % ("A�", "a reference of characters that can be seen")),
        ('"A\nB",junior,north', f"line 3{REFERENCES[6:]}" % ("A�B", "a reference of characters that can be seen")),
    ],
)
def test_row_that_is_bad_is_told_with_line_column_value_and_what_was_expected(inviting_survey, row, told):
    assert check(f"reference,grade,site\n{row}\n")[1:] == (1, [told])


@pytest.mark.parametrize("reference", ["=1+1", "+44", "-1", "@me", "\tA1", " =A1", "＝1"])
def test_reference_that_a_spreadsheet_would_calculate_is_refused(inviting_survey, reference):
    _people, bad_rows, (told,) = check(f"reference,grade,site\n{reference},junior,north\n")
    assert (bad_rows, told.partition("expected: ")[2]) == (
        1,
        "a reference that no spreadsheet takes as a formula: it begins with none of = + - @ or a tab",
    )


def test_reference_that_stands_twice_is_told_with_the_line_of_the_other(inviting_survey):
    text = "reference,grade,site\nA1,boss,north\nA1,junior,north\n"
    assert check(text)[1:] == (
        2,
        [
            "line 2, column grade: “boss” stands there; expected: one of junior, senior",
            "line 3, column reference: “A1” stands there; expected: a reference of its own: line 2 has the same",
        ],
    )


def test_reference_that_is_invited_already_is_told_so(inviting_survey):
    invite()
    assert check("reference,grade,site\nA1,junior,north\n")[1:] == (
        1,
        [REFERENCES % ("A1", "a reference that is not invited yet")],
    )


def test_every_fault_of_a_row_is_told(inviting_survey):
    assert (check("reference,grade,site\n=,boss,east\n")[1], len(check("reference,grade,site\n=,boss,east\n")[2])) == (
        1,
        3,
    )


COLUMNS = "line 1: the columns must be the breakdowns (grade, site) and, if you like, “reference”. "


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", f"{COLUMNS}missing: 'grade', 'site'"),
        ("reference,grade\nA1,junior\n", f"{COLUMNS}missing: 'site'"),
        ("grade,site,name\njunior,north,Ann\n", f"{COLUMNS}unknown: 'name'"),
        ("grade,site,site\njunior,north,north\n", f"{COLUMNS}more than once: 'site'"),
        ("grade;site\njunior;north\n", f"{COLUMNS}missing: 'grade', 'site'; unknown: 'grade;site'"),
        ("grade,site\n", "The file names no people."),
        (b"grade,site\nj\xfcnior,north\n", "line 2: this is not UTF-8 text. Save the file as “CSV UTF-8”."),
        ('grade,site\n"junior"x,north\n', "line 2: this is not CSV (',' expected after '\"')"),
        ("x" * 70_000, "line 1: this line is far too long for a row of this file."),
    ],
    ids=["empty", "column lacks", "unknown", "twice", "semicolons", "no people", "latin-1", "quotes", "one line"],
)
def test_file_that_is_no_list_is_refused_with_the_reason(inviting_survey, text, why):
    with pytest.raises(Refused) as refusal:
        check(text)
    assert str(refusal.value) == why


@pytest.mark.parametrize(
    ("fields", "state", "why"),
    [
        ({}, "open", "“staff” invites nobody: create a survey for invited people only."),
        ({"access": "invited"}, "stopped", "“staff” is stopped: it takes no more answers."),
        ({"access": "invited"}, "closed", "“staff” is closed: it takes no more answers."),
    ],
)
def test_survey_that_takes_no_invitations_refuses_a_list(make_survey, fields, state, why):
    move(make_survey(**fields), state)
    for attempt in (
        lambda: check("reference\nA1\n"),
        lambda: next(inviting.invite("staff", People((), [("A1",)]), actor="test")),
        lambda: inviting.replace_codes("staff", actor="test"),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert str(refusal.value) == why


def test_survey_that_is_not_there_refuses_a_list(db):
    with pytest.raises(Refused, match="There is no survey “nowhere”"):
        check("reference\nA1\n", "nowhere")


# ----------------------------------------------------------------------------------------------------------- warnings


def test_list_within_the_headcounts_brings_no_warning(inviting_survey):
    assert invited.warnings(inviting_survey, check(LIST)[0]) == []


def test_list_beyond_the_headcounts_brings_a_warning_for_each_with_those_invited_before(inviting_survey):
    invite()
    people = check("grade,site\n" + "senior,north\n" * 3)[0]
    assert invited.warnings(inviting_survey, people) == [
        "6 people would be invited; 5 are in scope.",
        "4 people of “Senior” (Grade) would be invited; 2 are in scope.",
        "5 people of “North” (Site) would be invited; 4 are in scope.",
    ]


# ------------------------------------------------------------------------------------------------------------ storing


@pytest.mark.parametrize("opened", [False, True], ids=["draft", "open"])
def test_invitations_keep_digest_reference_and_groups_and_nothing_else(make_survey, opened, settings):
    settings.PUBLIC_URL = "https://survey.example"
    survey = make_survey(opened=opened, **INVITED)
    rows = invite()
    assert [(row["reference"], row["grade"], row["site"]) for row in rows] == check_rows()
    plain = [codes.typed(row["code"]) for row in rows]
    assert [row["link"] for row in rows] == [f"https://survey.example/i/#{code}" for code in plain]
    assert [codes.survey_id(code) for code in plain] == [survey.pk] * 3
    kept = {bytes(each.digest): (each.reference, each.groups) for each in Invitation.objects.filter(survey=survey)}
    assert kept == {
        codes.digest(code): (row["reference"], {"grade": row["grade"], "site": row["site"]})
        for code, row in zip(plain, rows, strict=True)
    }


def check_rows() -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in LIST.splitlines()[1:]]


def test_invitations_are_not_stored_in_the_order_of_the_list(make_survey):
    make_survey(access="invited")
    listed = [f"{number:03}" for number in range(200)]
    invite("reference\n" + "\n".join(listed))
    kept = list(Invitation.objects.order_by("id").values_list("reference", flat=True))
    assert (kept == listed, sorted(kept)) == (False, listed)


def test_inviting_is_recorded_with_how_many_and_never_with_whom(draft):
    invite()
    assert recorded() == [("invited", {"people": 3}), ("downloaded codes", {"people": 3})]


def test_more_people_can_be_invited_while_it_is_open(inviting_survey):
    invite()
    invite("reference,grade,site\nA3,senior,south\n")
    assert Invitation.objects.count() == 4


def test_people_are_not_invited_twice_by_a_second_press(inviting_survey):
    people = check("grade,site\njunior,north\n")[0]
    list(inviting.invite("staff", people, actor="test", invited_before=0))
    with pytest.raises(Refused, match="People were invited since this list was checked"):
        inviting.invite("staff", people, actor="test", invited_before=0).__next__()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (People(("grade",), [("A9", "junior")]), "The breakdowns of “staff” have changed"),
        (People(("grade", "site"), [("A9", "boss", "north")]), "The breakdowns of “staff” have changed"),
        (People(("grade", "site"), [("A9", "junior", "north"), ("A1", "junior", "north")]), "Some of these people"),
        (People(("grade", "site"), []), "The file names no people."),
    ],
    ids=["breakdown", "group", "reference", "nobody"],
)
def test_people_who_do_not_fit_any_more_are_all_refused(inviting_survey, people, why):
    invite()
    with pytest.raises(Refused, match=why):
        inviting.invite("staff", people, actor="test")
    assert Invitation.objects.count() == 3


def test_breakdown_that_is_called_like_a_column_of_ours_cannot_be_opened(make_survey):
    with pytest.raises(Refused, match="“code” is the name of a column in the file of codes"):
        make_survey(access="invited", headcount=5, declared={"breakdown": [{**DECLARED["breakdown"][0], "id": "code"}]})


def test_draft_whose_breakdowns_changed_after_inviting_cannot_be_opened(draft):
    invite()
    draft.breakdowns.get(code="site").delete()
    with pytest.raises(Refused, match="People were invited when the breakdowns were others"):
        surveys.open_survey("staff", actor="test")


def test_draft_that_is_no_more_for_invited_people_cannot_be_opened_with_invitations(make_survey):
    draft = make_survey(opened=False, access="invited")
    invite("reference\nA1\n")
    draft.access = "open_link"
    draft.save()
    with pytest.raises(Refused, match="People are invited, but anyone with the link could answer"):
        surveys.open_survey("staff", actor="test")


def test_removing_takes_back_every_invitation_of_a_draft(draft):
    invite()
    inviting.remove_invitations("staff", actor="test")
    assert (Invitation.objects.count(), recorded()[-1]) == (0, ("removed invitations", {"people": 3}))


def test_removing_is_refused_once_it_has_opened(inviting_survey):
    invite()
    with pytest.raises(Refused, match="“staff” has opened"):
        inviting.remove_invitations("staff", actor="test")
    assert Invitation.objects.count() == 3


# ---------------------------------------------------------------------------------------------------------- replacing


def test_replacing_gives_everyone_a_fresh_code_with_their_reference_and_groups(inviting_survey):
    old = invite()
    new = as_dicts(inviting.replace_codes("staff", actor="test"))
    people = [{name: row[name] for name in ("reference", "grade", "site")} for row in new]
    assert sorted(people, key=str) == sorted(({name: row[name] for name in people[0]} for row in old), key=str)
    assert {row["code"] for row in old} & {row["code"] for row in new} == set()
    digests = {bytes(digest) for digest in Invitation.objects.values_list("digest", flat=True)}
    assert digests == {codes.digest(codes.typed(row["code"])) for row in new}
    assert recorded()[-2:] == [("codes replaced", {"people": 3}), ("downloaded codes", {"people": 3})]


def test_replacing_moves_answers_so_that_nobody_answers_twice_and_none_is_lost(inviting_survey):
    old = {row["reference"]: row["code"] for row in invite()}
    answer_with(old["A1"], EMPLOYEE)
    new = {row["reference"]: row["code"] for row in as_dicts(inviting.replace_codes("staff", actor="test"))}
    assert stored(inviting_survey) == [("online", EMPLOYEE)]
    answer_with(new["A1"], BURSARY)
    assert stored(inviting_survey) == [("online", BURSARY)]


def test_replacing_leaves_other_surveys_alone(inviting_survey, make_survey):
    make_survey("other", access="invited")
    other = invite("reference\nA1\n", "other")
    invite()
    list(inviting.replace_codes("staff", actor="test"))
    kept = Invitation.objects.get(survey__slug="other")
    assert bytes(kept.digest) == codes.digest(codes.typed(other[0]["code"]))


def test_replacing_where_nobody_is_invited_is_refused(inviting_survey):
    with pytest.raises(Refused, match="Nobody is invited to “staff” yet"):
        inviting.replace_codes("staff", actor="test")


# ----------------------------------------------------------------------------------------------- answered and closing


@pytest.mark.parametrize(
    ("n", "told"),
    [(0, "fewer than 10"), (9, "fewer than 10"), (12, "about 10"), (13, "about 15"), (1003, "about 1,005")],
)
def test_number_answered_is_rounded_and_not_given_below_ten(inviting_survey, n, told):
    SealedResponse.objects.bulk_create(
        SealedResponse(survey=inviting_survey, key=bytes([each % 256, each // 256]), number=1, sealed=b"x" * (each < n))
        for each in range(n + 7)  # the last seven have withdrawn
    )
    assert invited.answered(inviting_survey) == told


def test_closing_deletes_the_invitations_and_keeps_how_many_there_were(inviting_survey):
    for row in invite()[:2]:
        answer_with(row["code"], EMPLOYEE)
    closing.close("staff", actor="test")
    inviting_survey.refresh_from_db()
    assert (inviting_survey.state, inviting_survey.invited, Invitation.objects.count()) == ("closed", 3, 0)
    assert sum(row.n for row in inviting_survey.answerpattern_set.all()) == 2


def test_closing_counts_answers_in_the_groups_of_their_invitations(make_survey):
    make_survey(policy="exact", **INVITED)
    for row in invite()[:2]:
        answer_with(row["code"], EMPLOYEE)
    closing.close("staff", actor="test")
    counted = GroupCount.objects.filter(table="school-type").values_list("breakdown", "group", "category", "n")
    assert sorted(counted) == [
        ("grade", "junior", "state", 1),
        ("grade", "senior", "state", 1),
        ("site", "north", "state", 2),
    ]


def test_closing_counts_answers_in_their_groups_after_codes_were_replaced(make_survey):
    make_survey(policy="exact", **INVITED)
    answer_with(invite()[0]["code"], EMPLOYEE)
    list(inviting.replace_codes("staff", actor="test"))
    closing.close("staff", actor="test")
    counted = GroupCount.objects.filter(table="school-type").values_list("breakdown", "group", "n")
    assert sorted(counted) == [("grade", "junior", 1), ("site", "north", 1)]


def test_statistics_hold_nothing_of_an_invitation(inviting_survey):
    invite()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE questionnaire_invitation")
        cursor.execute("SELECT attname FROM pg_stats WHERE tablename = 'questionnaire_invitation'")
        assert {name for (name,) in cursor.fetchall()} <= {"id", "survey_id"}
