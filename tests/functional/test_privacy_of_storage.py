"""What a real `pg_dump` and the system columns tell: sealed answers until closing, counts and nothing else after it.

The same answers are given to several surveys, in different orders, by different people, at different times, with
changes of mind in between. Whatever is left must be the same for all of them.
"""

import hashlib
import random
import re
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import SimpleNamespace

import psycopg
import pytest
from django.test import override_settings

from questionnaire import codes, registry, sealing
from questionnaire.fieldwork.closing import canonical
from questionnaire.wizard.interview import read
from tests.conftest import STANDARD
from tests.counted_survey import EMPLOYER_NUMBER_UNKNOWN, NOT_WORKING, REFUSED_WORK, ROUTINE_SUPERVISOR_UNKNOWN
from tests.server import Server, running_server
from tests.visitor import Visitor

# Once each, twice, three times: who stands alone would be found first.
ANSWERS = [EMPLOYER_NUMBER_UNKNOWN, *[NOT_WORKING] * 2, *[REFUSED_WORK] * 3, ROUTINE_SUPERVISOR_UNKNOWN]
SURVEYS = ["in-order", "reversed", "shuffled", "shuffled-again"]
TWICE = "twice-as-many"
# What differs between any two surveys: their own names, times and keys, and the numbers of rows.
OWN = {"id", "survey_id", "slug", "title", "public_key", "created_at", "opened_at", "stopped_at", "at", "survey"}
_COPY = re.compile(r"^COPY public\.(\w+) \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00")

Row = dict[str, str]


@dataclass(frozen=True)
class Dump:
    """What `pg_dump` wrote."""

    text: str

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        """The rows of each table, as texts by column."""
        return {
            table: [dict(zip(columns.split(", "), line.split("\t"), strict=True)) for line in lines.split("\n")[:-1]]
            for table, columns, lines in _COPY.findall(self.text)
        }

    def survey_id(self, slug: str) -> str:
        return next(row["id"] for row in self.tables["questionnaire_survey"] if row["slug"] == slug)

    def of_survey(self, slug: str) -> dict[str, list[Row]]:
        """Each table's rows about one survey, in the order of their ids, without what is the survey's own."""
        ours = {("slug", slug), ("survey", slug), ("survey_id", self.survey_id(slug))}
        return {
            table: [
                {column: value for column, value in row.items() if column not in OWN}
                for row in sorted(rows, key=lambda row: int(row["id"]))
                if ours & set(row.items())
            ]
            for table, rows in self.tables.items()
            if rows and "id" in rows[0]
        }

    def of_nobody(self, slugs: Iterable[str]) -> dict[str, list[Row]]:
        """Each table's rows that are about none of these surveys."""
        theirs = {(name, slug) for slug in slugs for name in ("slug", "survey")}
        theirs |= {("survey_id", self.survey_id(slug)) for slug in slugs}
        return {table: [row for row in rows if not theirs & set(row.items())] for table, rows in self.tables.items()}

    @cached_property
    def moments(self) -> list[datetime]:
        """Every time in it, and every number that could be one: in seconds, or thousandths or millionths of them."""
        numbers = [
            int(value) / scale
            for rows in self.tables.values()
            for row in rows
            for value in row.values()
            if re.fullmatch(r"\d{10,19}", value)
            for scale in (1, 10**3, 10**6, 10**9)
            if int(value) / scale < 10**10
        ]
        return [
            *(datetime.fromisoformat(time) for time in _TIME.findall(self.text)),
            *(datetime.fromtimestamp(number, UTC) for number in numbers),
        ]


def dump(server: Server) -> Dump:
    return Dump(subprocess.run(["pg_dump", server.database_url], capture_output=True, text=True, check=True).stdout)


def in_its_order(slug: str) -> list[dict[str, str]]:
    """The answers in the order in which this survey gets them."""
    if slug == "in-order":
        return ANSWERS
    if slug == "reversed":
        return ANSWERS[::-1]
    return random.Random(slug).sample(ANSWERS * (2 if slug == TWICE else 1), len(ANSWERS) * (2 if slug == TWICE else 1))


def feed(server: Server, slug: str) -> list[Visitor]:
    """Answer the survey, each time from another address and browser; a third think again and submit again."""
    visitors = []
    for number, answers in enumerate(in_its_order(slug)):
        host = SURVEYS.index(slug) * 50 + number + 2 if slug in SURVEYS else 202 + number
        visitor = Visitor(server.port, slug, address=f"127.0.7.{host}", agent=f"Browser of {slug} {number}")
        visitor.respond(answers)
        if random.Random(f"{slug} {number}").random() < 1 / 3:
            visitor.get("check-answers")
            visitor.submit()
        visitors.append(visitor)
    return visitors


@dataclass(frozen=True)
class Story:
    """The dumps before anybody answered, while the surveys were open, and after their closing."""

    before: Dump
    meanwhile: Dump
    after: Dump
    visitors: list[Visitor]
    codes: list[str]
    began: datetime
    ended: datetime
    private_key: bytes  # of the first survey
    system_columns: dict[str, list[tuple]]
    statistics: str


def command_for_each(server: Server, command: str, slugs: list[str], **options: bool) -> None:
    """Run a command for one survey after another; in one process, since starting one takes a second."""
    call = f"for slug in {slugs!r}: call_command({command!r}, slug, **{options!r})"
    server.manage("shell", "-c", f"from django.core.management import call_command\n{call}")


def codes_of(server: Server, visitors: list[Visitor]) -> list[str]:
    """Each interview's code; it lies in the browser's encrypted cookie alone, and on the thank-you page."""
    with override_settings(SECRET_KEY=(server.data_dir / "secret-key").read_text(), SECRET_KEY_FALLBACKS=[]):
        return [read(SimpleNamespace(COOKIES=visitor.cookies), visitor.slug).code for visitor in visitors]


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    slugs = [*SURVEYS, TWICE]
    with running_server() as server:
        command_for_each(server, "create_survey", slugs, open=True)
        before = dump(server)
        began = datetime.now(UTC)
        with ThreadPoolExecutor(2) as pool:
            visitors = [visitor for fed in pool.map(lambda slug: feed(server, slug), slugs) for visitor in fed]
        ended = datetime.now(UTC)
        with psycopg.connect(server.database_url, autocommit=True) as connection:
            connection.execute("ANALYZE")  # as PostgreSQL does by itself where many answer
        meanwhile = dump(server)
        (key,) = server.query("SELECT public_key FROM questionnaire_survey WHERE slug = %s", SURVEYS[0])[0]
        private_key = (server.data_dir / "keys" / f"{key.hex()}.key").read_bytes()
        command_for_each(server, "close_survey", slugs[::-1])
        yield Story(
            before=before,
            meanwhile=meanwhile,
            after=dump(server),
            visitors=visitors,
            codes=codes_of(server, visitors),
            began=began,
            ended=ended,
            private_key=private_key,
            system_columns={slug: server.query(SYSTEM_COLUMNS, slug) for slug in slugs},
            statistics=str(server.query("SELECT * FROM pg_stats WHERE tablename = 'questionnaire_sealedresponse'")),
        )


SYSTEM_COLUMNS = """
SELECT p.xmin::text, p.cmin::text, p.id, p.mode, p.answers
FROM questionnaire_answerpattern p JOIN questionnaire_survey s ON s.id = survey_id WHERE slug = %s ORDER BY p.ctid
"""


def column(story_dump: Dump, name: str, slugs: Iterable[str]) -> list[str]:
    """One column of the sealed responses to these surveys."""
    ids = {story_dump.survey_id(slug) for slug in slugs}
    rows = story_dump.tables["questionnaire_sealedresponse"]
    return [row[name] for row in rows if row["survey_id"] in ids]


# ------------------------------------------------------------------------------------------------ while it is open


def test_open_survey_has_one_sealed_response_a_respondent(story):
    assert {slug: len(column(story.meanwhile, "sealed", [slug])) for slug in SURVEYS} == dict.fromkeys(
        SURVEYS, len(ANSWERS)
    )


def test_answering_adds_sealed_responses_and_nothing_else(story):
    def others(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
        return {table: rows for table, rows in tables.items() if table != "questionnaire_sealedresponse"}

    assert others(story.meanwhile.tables) == others(story.before.tables)


def test_dump_of_an_open_survey_has_no_answer_in_clear(story):
    added = "\n".join(set(story.meanwhile.text.splitlines()) - set(story.before.text.splitlines()))
    standard = registry.get_key(STANDARD)
    words = {question.id for question in standard.questions} | {
        code for question in standard.questions for code in question.asking("online").codes if len(code) > 5
    }
    seen = added + bytes.fromhex("".join(re.findall(r"\\\\x([0-9a-f]+)", added))).decode("latin-1")
    assert [word for word in words if word in seen] == []


def opened(sealed: bytes, candidates: Iterable[bytes]) -> int:
    """How many of these keys open the seal."""
    found = 0
    for candidate in candidates:
        try:
            sealing.Opener(candidate).open(sealed)
        except sealing.CannotOpen:
            continue
        found += 1
    return found


def test_nothing_in_the_dump_opens_a_sealed_response(story):
    sealed = bytes.fromhex(column(story.meanwhile, "sealed", SURVEYS[:1])[0].removeprefix(r"\\x"))
    values = {value for rows in story.meanwhile.tables.values() for row in rows for value in row.values()}
    binary = [bytes.fromhex(value[3:]) for value in values if value.startswith(r"\\x") and len(value) < 200]
    hexadecimal = [bytes.fromhex(value) for value in values if re.fullmatch("([0-9a-f]{2}){32,}", value)]
    windows = {value[start : start + 32] for value in [*binary, *hexadecimal] for start in range(len(value) - 31)}
    digests = {hashlib.sha256(value).digest() for value in [*binary, *(value.encode() for value in values)]}
    assert opened(sealed, windows | digests) == 0
    assert opened(sealed, [story.private_key]) == 1


# --------------------------------------------------------------------------------------------------- after closing


@pytest.mark.parametrize("slug", SURVEYS[1:])
def test_dump_after_closing_is_the_same_in_whatever_order_people_answered(story, slug):
    assert story.after.of_survey(slug) == story.after.of_survey(SURVEYS[0])


def test_dump_after_closing_holds_the_counts(story):
    rows = story.after.of_survey(SURVEYS[0])["questionnaire_answerpattern"]
    assert sorted(int(row["n"]) for row in rows) == [1, 1, 2, 3]


def test_dump_after_closing_has_no_more_rows_where_more_people_answered(story):
    def without_numbers(slug: str) -> dict[str, list[Row]]:
        tables = story.after.of_survey(slug)
        return {table: [{**row, "n": ""} for row in rows] for table, rows in tables.items()}

    assert without_numbers(TWICE) == without_numbers(SURVEYS[0])
    numbers = [row["n"] for row in story.after.of_survey(TWICE)["questionnaire_answerpattern"]]
    assert sorted(map(int, numbers)) == [2, 2, 4, 6]


def test_answering_and_closing_leave_every_other_row_as_it_was(story):
    slugs = [*SURVEYS, TWICE]
    assert story.after.of_nobody(slugs) == story.before.of_nobody(slugs)


def test_dump_after_closing_has_no_sealed_response(story):
    assert column(story.after, "id", [*SURVEYS, TWICE]) == []


def test_dump_after_closing_has_neither_cookie_nor_code_nor_address_nor_browser(story):
    digests = [codes.digest(code).hex() for code in story.codes]
    cookies = [value for visitor in story.visitors for value in visitor.cookies.values()]
    people = [part for visitor in story.visitors for part in (visitor.address, visitor.agent)]
    sealed = column(story.meanwhile, "sealed", [*SURVEYS, TWICE])
    told = [*digests, *story.codes, *map(codes.shown, story.codes), *cookies, *people, *sealed]
    assert [secret for secret in told if secret in story.after.text] == []
    assert [code for code in story.codes if code in story.meanwhile.text] == []
    assert [digest for digest in digests if digest not in story.meanwhile.text] == []


def test_dump_after_closing_has_no_time_at_which_anybody_answered(story):
    def while_answering(found: Dump) -> int:
        return sum(story.began <= moment <= story.ended for moment in found.moments)

    assert while_answering(story.meanwhile) >= len(ANSWERS) * len(SURVEYS)
    assert while_answering(story.after) == 0


def test_system_columns_of_the_counts_tell_one_writing_in_the_order_of_the_patterns(story):
    expected = sorted({("online", canonical(answers)) for answers in ANSWERS})
    for slug in SURVEYS:
        rows = story.system_columns[slug]
        transactions, commands, ids, *_ = (set(values) for values in list(zip(*rows, strict=True))[:3])
        first = rows[0][2]
        assert [(mode, canonical(answers)) for *_, mode, answers in rows] == expected
        assert (len(transactions), len(commands), ids) == (1, 1, set(range(first, first + len(rows))))


def test_statistics_of_the_database_tell_neither_time_nor_key_of_any_response(story):
    told = [*column(story.meanwhile, "number", SURVEYS), *column(story.meanwhile, "key", SURVEYS)]
    assert [value for value in told if value.replace(r"\\", "\\") in story.statistics] == []
