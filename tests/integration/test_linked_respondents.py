"""A linked survey as respondents meet it: told what is kept, they see, change and withdraw their answers any time."""

import threading
import time

import pytest
from bs4 import BeautifulSoup
from django.db import connection

from outputs.release_job import build_release
from outputs.releases import release
from questionnaire import codes
from questionnaire.fieldwork import closing, surveys
from questionnaire.models import AnswerPattern, AuditEntry, LinkedResponse, Survey
from questionnaire.respondent.submission import store, withdraw
from questionnaire.wizard.interview import Interview
from tests.conftest import STATED, Respondent
from tests.integration.test_invited_respondents import UNKNOWN
from tests.integration.test_preview import Previewer
from tests.integration.test_surveys_admin import signed_in, waiting_for_a_lock
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.invited_survey import INVITED, enter, invite
from tests.linked_survey import LINKED, closed, invited_to, kept

# What holds of anonymous surveys only.
ANONYMOUS = (
    "only counts remain",
    "not shown, to you or to anyone",
    "Then the digests, the references and the groups are deleted",
    "This list is deleted with the sealed answers",
    "No screen or log of this service shows who answered",
    "shown back to nobody",
    "counts of people who gave the same answers",
    "Not what you answered, nor whether you did",
    "Then they are counted and deleted",
    "nobody can tell which counts you are in",
    "It shows nobody what you answered",
    "it proves to nobody that you took part",
    "Your answers stay sealed until they are counted",
    "What was submitted before it closed has been counted",
    "until the survey closes. The browser’s own history",
    "or changed your answers just now, that was not stored",
    "can still replace or withdraw them, until the survey closes",
)


def words(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text().split())


@pytest.fixture
def linked_survey(make_survey) -> Survey:
    return make_survey(**LINKED, **STATED)


def every_page(code: str, slug: str = "staff") -> dict[str, str]:
    """The words of every page that someone meets from their code to long after closing."""
    pages = {}

    def keep(name: str, response) -> None:
        assert response.status_code in (200, 410), name
        pages[name] = words(response)

    keep("where a code is entered", Respondent(slug).client.get("/i/"))
    keep("start without a code", Respondent(slug).get())
    someone = enter(code, slug)
    keep("start", someone.get())
    keep("privacy", someone.get("privacy"))
    keep("start, lost", someone.client.get(f"/s/{slug}/?lost"))
    someone.start()
    for question, answer in EMPLOYEE.items():
        keep(question, someone.get(question.replace("_", "-")))
        someone.answer({question: answer})
    keep("check answers with a code", someone.check())
    someone.submit()
    keep("complete", someone.get("complete"))
    keep("check answers again", someone.check())
    keep("withdrawn", someone.post("withdraw"))
    someone = enter(code, slug)
    someone.respond(EMPLOYEE)
    keep("cleared", someone.post("clear"))
    late = enter(code, slug)
    late.start()
    late.answer(EMPLOYEE)
    late.check()
    closing.stop(slug, actor="test")
    keep("submitted after the end", late.submit())
    keep("stopped", Respondent(slug).get())
    closing.close(slug, actor="test")
    keep("closed", Respondent(slug).get())
    keep("privacy after closing", Respondent(slug).get("privacy"))
    if Survey.objects.get(slug=slug).is_linked:
        back = enter(code, slug)
        keep("with a code after closing", back.get("your-answers"))
        keep("withdrawn after closing", back.post("withdraw"))
    surveys.purge(slug, actor="test")
    keep("purged", Respondent(slug).get())
    return pages


def test_no_page_of_a_linked_survey_promises_what_holds_of_anonymous_ones_only(linked_survey):
    pages = every_page(invited_to()[0])
    assert [(name, each) for name, text in pages.items() for each in ANONYMOUS if each in text] == []


def test_pages_of_an_anonymous_survey_promise_it_and_speak_of_no_link(make_survey):
    make_survey(**INVITED, **STATED)
    pages = every_page(invite()[0]["code"])
    del pages["where a code is entered"]
    text = " ".join(pages.values())
    assert [each for each in ANONYMOUS if each not in text] == [ANONYMOUS[-1]]  # which who has a code is not told
    assert "linked" not in text.lower()


@pytest.mark.parametrize("page", ["start", "privacy", "complete", "stopped", "closed", "with a code after closing"])
def test_page_of_a_linked_survey_names_it_so(linked_survey, page):
    assert "linked survey" in every_page(invited_to()[0])[page]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("", "kept with the organisation’s reference for you, if it gave one, and your groups"),
        ("", "What you submit is sealed. This service opens answers only at closing"),
        ("", "staff who were given the permission to view linked answers can see who answered what"),
        ("", "They are destroyed after 5 May 2050"),
        ("", "you can see, change and withdraw your answers at any time, with your code"),
        ("", "These are the same rules as for an anonymous survey."),
        ("", "Your groups, as the organisation gave them: Grade, Site."),
        ("privacy", "Your groups, as the organisation gave them: Grade, Site."),
        ("privacy", "After closing: what each person answered, with the organisation’s reference for them"),
        ("privacy", "They are destroyed after 5 May 2050"),
        ("privacy", "After closing you can see, change and withdraw it with the same code"),
        ("privacy", "later releases are made of what is kept then"),
        ("privacy", "only once the answers of ten or more people in it have changed"),
        ("privacy", "protected by the same rules as those of an anonymous survey"),
    ],
)
def test_people_are_told_what_a_linked_survey_keeps(make_survey, page, told):
    make_survey(**LINKED, **STATED, counts_until="2050-05-05")
    assert told in words(Respondent().get(page))


def test_preview_of_a_linked_survey_promises_nothing_of_anonymous_ones_either(linked_survey):
    staff = Previewer(signed_in("view_survey"))
    staff.start()
    staff.answer(EMPLOYEE)
    pages = [staff.check()]
    staff.submit()
    pages += [staff.get(page) for page in ("", "privacy", "complete", "closed", "not-open")]
    pages += [staff.client.get("/admin/preview/staff/?code"), staff.post("withdraw")]
    assert [each for each in ANONYMOUS for page in pages if each in words(page)] == []
    assert "and see, change or withdraw them afterwards" in words(pages[0])


# ----------------------------------------------------------------------------------------------------- after closing


@pytest.fixture
def invitations(linked_survey) -> list[str]:
    """The codes of A1 and A2, who answered before it closed, and of someone who did not."""
    found = invited_to()
    closed(found, EMPLOYEE, BURSARY)
    return found


def shown(response) -> dict[str, str]:
    """Question -> answer, in the words of a page."""
    rows = BeautifulSoup(response.content, "html.parser").select(".govuk-summary-list__row")
    return {words_of(row.dt): words_of(row.dd) for row in rows}


def words_of(tag) -> str:
    return " ".join(tag.get_text().split())


def in_words(standard, answers: dict[str, str]) -> dict[str, str]:
    askings = {question: standard.question(question).asking("online") for question in answers}
    return {asking.wording: asking.option(answers[question]).label for question, asking in askings.items()}


def test_while_open_nothing_that_was_answered_is_shown(linked_survey):
    code = invited_to()[0]
    enter(code).respond(EMPLOYEE)
    someone = enter(code)
    assert (someone.reply.url, someone.get("your-answers").url) == ("/s/staff/", "/s/staff/?lost")


def test_code_after_closing_leads_to_what_is_kept(invitations, standard):
    someone = enter(invitations[0])
    assert someone.reply.url == "/s/staff/your-answers/"
    assert shown(someone.get("your-answers")) == in_words(standard, EMPLOYEE)
    assert shown(enter(invitations[1]).get("your-answers")) == in_words(standard, BURSARY)


def test_page_of_what_is_kept_is_in_no_cache(invitations):
    assert "no-store" in enter(invitations[0]).get("your-answers")["Cache-Control"]


def test_code_of_who_has_not_answered_shows_so_and_lets_nothing_be_sent(invitations):
    someone = enter(invitations[2])
    page = someone.get("your-answers")
    buttons = [words_of(each) for each in BeautifulSoup(page.content, "html.parser").select("main button")]
    assert ("You have not answered." in words(page), buttons) == (True, [])
    assert someone.post("your-answers").templates[0].name == "respondent/kept_answers.html"


def test_code_that_is_not_invited_is_not_known_after_closing(linked_survey, invitations):
    assert enter(codes.make(linked_survey.pk)).reply.context["error"] == UNKNOWN


@pytest.mark.parametrize("page", ["", "your-answers"])
def test_person_without_a_code_comes_to_the_closed_page(invitations, page):
    response = Respondent().client.get(Respondent().url(page), follow=True)
    assert response.templates[0].name == "respondent/closed.html"


def test_code_of_an_anonymous_survey_shows_nothing_after_closing(make_survey):
    make_survey(**INVITED)
    found = [row["code"] for row in invite()]
    someone = enter(found[0])
    someone.respond(EMPLOYEE)
    closing.close("staff", actor="test")
    assert enter(found[0]).reply.templates[0].name == "respondent/closed.html"
    assert someone.get("your-answers").url == "/s/staff/?lost"


def change(code: str, answers: dict[str, str]) -> Respondent:
    """Someone who comes back with their code, presses Change, changes these answers and submits."""
    someone = enter(code)
    assert someone.post("your-answers").url == "/s/staff/check-answers/"
    someone.check()
    someone.answer(answers)
    someone.check()
    someone.reply = someone.submit()
    return someone


def test_change_starts_with_what_is_kept_and_replaces_it(invitations, standard):
    someone = enter(invitations[0])
    someone.post("your-answers")
    assert shown(someone.check()) == in_words(standard, EMPLOYEE)
    changed = change(invitations[0], {"school_type": "independent"})
    assert changed.reply.url == "/s/staff/complete/"
    assert "This is a linked survey" in words(changed.get("complete"))
    now = {**EMPLOYEE, "school_type": "independent"}
    asked = {question: now[question] for question in kept()[0][2]}
    assert kept() == [("A1", "online", asked), ("A2", "online", BURSARY)]
    assert shown(enter(invitations[0]).get("your-answers")) == in_words(standard, asked)


def test_older_page_submitted_after_a_newer_one_changes_nothing(invitations):
    older, newer = enter(invitations[0]), enter(invitations[0])
    for someone, school in ((older, "state_selective"), (newer, "independent")):
        someone.post("your-answers")
        someone.answer({"school_type": school})
        someone.check()
    assert [someone.submit().url for someone in (newer, older)] == ["/s/staff/complete/"] * 2
    assert kept()[0][2]["school_type"] == "independent"


def test_withdrawing_after_closing_deletes_what_is_kept(invitations):
    someone = enter(invitations[0])
    response = someone.post("withdraw")
    assert "nothing of what you answered is kept any more" in words(response)
    assert kept() == [("A2", "online", BURSARY)]
    assert "You have not answered." in words(enter(invitations[0]).get("your-answers"))


def test_interview_that_was_begun_before_a_withdrawal_brings_nothing_back(invitations):
    someone = enter(invitations[0])
    someone.post("your-answers")
    someone.check()
    enter(invitations[0]).post("withdraw")
    response = someone.submit()
    assert (response.status_code, response.templates[0].name) == (410, "respondent/closed.html")
    assert kept() == [("A2", "online", BURSARY)]


def test_nobody_answers_a_linked_survey_for_the_first_time_after_closing(linked_survey):
    found = invited_to()
    someone = enter(found[2])
    someone.start()
    someone.answer(EMPLOYEE)
    someone.check()
    closed(found, EMPLOYEE)
    assert (someone.submit().status_code, len(kept())) == (410, 1)


def test_purged_survey_shows_nothing_to_the_holder_of_a_code(invitations):
    someone = enter(invitations[0])
    surveys.purge("staff", actor="test")
    assert someone.get("your-answers").url == "/s/staff/?lost"
    assert enter(invitations[0]).reply.templates[0].name == "respondent/destroyed.html"


def test_pages_after_closing_name_no_answer_in_their_addresses(invitations):
    someone = enter(invitations[0])
    page = BeautifulSoup(someone.get("your-answers").content, "html.parser")
    places = [tag.get("href") or tag.get("action") or "" for tag in page.select("main a, main form")]
    assert places == ["", "/s/staff/withdraw/"]


def test_changing_and_withdrawing_leave_no_answer_in_the_record_or_the_logs(invitations, caplog):
    change(invitations[0], {"school_type": "independent_bursary", "parental_qualification": "no_qualifications"})
    enter(invitations[1]).post("withdraw")
    written = caplog.text + " ".join(f"{each.action} {each.detail}" for each in AuditEntry.objects.all())
    given = {*EMPLOYEE.values(), *BURSARY.values(), *EMPLOYEE, "independent", "no_qualifications"} - {"no", "state"}
    assert [code for code in given if code in written] == []


# ------------------------------------------------------------------------------------------------- the next release


def counts(table: str) -> dict[str, str]:
    """Category -> what the newest release shows of everyone who answered."""
    part = next(part for part in release("staff").parts if (part.id, part.breakdown) == (table, "organisation"))
    return {cell.code: str(cell.count) for cell in part.cells}


@pytest.fixture
def released(make_survey) -> list[str]:
    """The codes of twelve people, who answered a linked survey that was released."""
    make_survey(**LINKED, **STATED)
    rows = "".join(f"P{number},junior,north\n" for number in range(12))
    found = [row["code"] for row in invite(f"reference,grade,site\n{rows}")]
    closed(found, *[EMPLOYEE] * 12)
    build_release("staff", actor="test")
    return found


def test_change_after_a_release_is_in_the_next_one(released):
    before = counts("school-type")
    for code in released[:10]:
        assert change(code, {"school_type": "outside_uk"}).reply.url == "/s/staff/complete/"
    newer = build_release("staff", actor="test")
    assert (newer.number, Survey.objects.get().state, counts("school-type") == before) == (2, "released", False)
    assert {answers["school_type"] for _reference, _mode, answers in kept()} == {"state", "outside_uk"}


def test_withdrawals_below_the_threshold_withhold_everything_in_the_next_release(released):
    assert "[c]" not in counts("school-type").values()
    for code in released[:3]:
        enter(code).post("withdraw")
    newer = build_release("staff", actor="test")
    assert (newer.number, set(counts("school-type").values())) == (2, {"[c]"})
    assert LinkedResponse.objects.count() == 9


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("press", [store, withdraw])
def test_change_and_withdrawal_wait_for_a_release_that_is_being_built(make_survey, press):
    make_survey(**LINKED)
    found = invited_to()
    survey = closed(found, EMPLOYEE, BURSARY)
    interview = Interview.start(survey, "online", codes.typed(found[0]))
    interview.answers, interview.number = BURSARY, LinkedResponse.objects.latest("number").number + 1
    outcome = []

    def send() -> None:
        try:
            outcome.append(press(interview))
        finally:
            connection.close()

    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM questionnaire_survey WHERE id = %s FOR UPDATE", [survey.pk])
        sending = threading.Thread(target=send)
        sending.start()
        end = time.monotonic() + 20
        while not waiting_for_a_lock() and time.monotonic() < end:
            time.sleep(0.01)
        seen = (kept(), sum(row.n for row in AnswerPattern.objects.all()), list(outcome))
        cursor.execute("UPDATE questionnaire_survey SET state = 'released' WHERE id = %s", [survey.pk])
        cursor.execute("COMMIT")
    sending.join()
    other.close()
    assert seen == ([("A1", "online", EMPLOYEE), ("A2", "online", BURSARY)], 2, [])
    assert (outcome, sum(row.n for row in AnswerPattern.objects.all())) == ([True], 2 if press is store else 1)
    assert ("A1", "online", EMPLOYEE) not in kept()
