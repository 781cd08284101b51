"""Importing a file: every row is checked and every fault is told, and nothing is stored unless all are good."""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questionnaire.engine.interviews import interviews
from questionnaire.fieldwork.header import check_breakdowns
from questionnaire.fieldwork.refusal import Refused
from questionnaire.fieldwork.tally import Tally
from questionnaire.models import AnswerPattern, AuditEntry, GroupCount, ImportedFile, MergedGroup, Survey
from tests.conftest import move
from tests.grouped_survey import declare
from tests.integration.test_wizard import BURSARY, EMPLOYEE

QUESTIONS = [
    "school_type",
    "free_school_meals",
    "employment_status",
    "employer_size",
    "business_size",
    "supervisor",
    "parental_occupation",
    "parental_qualification",
]


@pytest.fixture
def imported(make_survey):
    return make_survey("earlier", opened=False, origin="imported")


@pytest.fixture
def write(tmp_path):
    """Writes a CSV file of these interviews and returns its path."""

    def write(rows, *, columns=QUESTIONS, name="answers.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def run(path, *, slug="earlier", mode="online", days=("2026-01-05", "2026-01-30"), **options) -> tuple[str, str]:
    """Run the command; returns what it wrote to standard output and standard error."""
    out, err = StringIO(), StringIO()
    call_command(
        "import_responses", slug, path, mode=mode, collected_from=date.fromisoformat(days[0]),
        collected_to=date.fromisoformat(days[1]), stdout=out, stderr=err, **options,
    )  # fmt: skip
    return out.getvalue(), err.getvalue()


def refusal(path, **options) -> tuple[str, list[str]]:
    """Run the command, which must refuse; returns the reason and the reported faults."""
    err = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(
            "import_responses", options.pop("slug", "earlier"), path, mode=options.pop("mode", "online"),
            collected_from=date(2026, 1, 5), collected_to=options.pop("to", date(2026, 1, 30)), stderr=err, **options,
        )  # fmt: skip
    return str(refused.value), err.getvalue().splitlines()


def counts() -> list[tuple[str, dict[str, str], int]]:
    return list(AnswerPattern.objects.order_by("id").values_list("mode", "answers", "n"))


def test_good_file_is_counted_by_pattern(imported, write):
    run(write([EMPLOYEE, BURSARY, EMPLOYEE]))
    assert counts() == [("online", EMPLOYEE, 2), ("online", BURSARY, 1)]


def test_good_file_closes_the_survey(imported, write):
    run(write([EMPLOYEE]))
    assert Survey.objects.get().state == "closed"


def test_columns_in_another_order_mean_the_same(imported, write):
    run(write([EMPLOYEE], columns=QUESTIONS[::-1]))
    assert counts() == [("online", EMPLOYEE, 1)]


def test_file_with_byte_order_mark_and_empty_lines_is_read(imported, write):
    path = write([EMPLOYEE])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n\r\n")
    run(path)
    assert counts() == [("online", EMPLOYEE, 1)]


def test_mode_and_days_are_recorded(imported, write):
    run(write([EMPLOYEE]), mode="paper")
    file = ImportedFile.objects.get()
    assert (file.mode, file.collected_from, file.collected_to) == ("paper", date(2026, 1, 5), date(2026, 1, 30))


def test_two_files_of_different_modes_add_up(imported, write, standard):
    telephone = {**BURSARY, "employment_status": "dont_know"}
    run(write([EMPLOYEE, EMPLOYEE]))
    run(write([EMPLOYEE, EMPLOYEE, EMPLOYEE], name="again.csv"))
    run(write([telephone], name="telephone.csv"), mode="telephone")
    assert counts() == [("online", EMPLOYEE, 5), ("telephone", telephone, 1)]


def test_every_interview_of_a_mode_is_taken(imported, write, standard):
    run(write(interviews(standard, "face_to_face")), mode="face_to_face")
    assert AnswerPattern.objects.count() == 19_596


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        (
            {**EMPLOYEE, "supervisor": "maybe"},
            ["line 3, column supervisor: “maybe” stands there; expected: yes, no, dont_know, prefer_not_to_say"],
        ),
        (
            {**EMPLOYEE, "supervisor": ""},
            [
                "line 3, column supervisor: “” stands there; expected: an answer, since this question is asked: "
                "yes, no, dont_know, prefer_not_to_say"
            ],
        ),
        (
            {**BURSARY, "free_school_meals": "yes"},
            [
                "line 3, column free_school_meals: “yes” stands there; expected: blank, since this question "
                "is not asked after the other answers"
            ],
        ),
        (
            {**EMPLOYEE, "school_type": "1", "parental_qualification": "Degree"},
            [
                "line 3, column school_type: “1” stands there; expected: state, state_selective, independent, "
                "independent_bursary, outside_uk, dont_know, prefer_not_to_say",
                "line 3, column parental_qualification: “Degree” stands there; expected: degree, below_degree, "
                "no_qualifications, dont_know, prefer_not_to_say, not_applicable",
            ],
        ),
    ],
    ids=["not an option", "missing", "not asked", "two faults"],
)
def test_bad_row_is_told_and_nothing_is_stored(imported, write, row, faults):
    reason, told = refusal(write([EMPLOYEE, row, BURSARY]))
    assert (reason, told) == ("1 rows are not right, so nothing was stored.", faults)
    assert (counts(), Survey.objects.get().state) == ([], "draft")


def test_row_with_too_few_cells_is_told(imported, write):
    path = write([EMPLOYEE])
    path.write_text(path.read_text() + "state,yes\n")
    assert refusal(path)[1] == ["line 3, column (all): “2 cells” stands there; expected: 8 cells, as in the header"]


def test_every_bad_row_is_told(imported, write):
    assert len(refusal(write([{**EMPLOYEE, "supervisor": str(number)} for number in range(500)]))[1]) == 500


def test_bad_rows_skipped_are_written_apart_and_the_others_stored(imported, write, tmp_path):
    bad = {**EMPLOYEE, "supervisor": "maybe"}
    _out, err = run(write([EMPLOYEE, bad, BURSARY]), skip_bad=tmp_path / "rejects.csv")
    assert counts() == [("online", EMPLOYEE, 1), ("online", BURSARY, 1)]
    rejects = csv.DictReader((tmp_path / "rejects.csv").read_text().splitlines())
    assert list(rejects) == [dict.fromkeys(QUESTIONS, "") | bad]
    assert err.splitlines()[-1] == f"Warning: 1 rows are not right and are in {tmp_path / 'rejects.csv'}."


def test_file_is_taken_once(imported, write):
    path = write([EMPLOYEE])
    run(path)
    assert refusal(path)[0] == "This very file was imported before; a file is taken once."
    assert counts() == [("online", EMPLOYEE, 1)]


def test_answers_given_here_are_never_mixed_with_imported_ones(survey, write):
    assert refusal(write([EMPLOYEE]), slug="staff")[0].startswith("“staff” takes answers here")


def test_released_survey_takes_no_more_files(imported, write):
    run(write([EMPLOYEE]))
    move(Survey.objects.get(), "released")
    assert refusal(write([BURSARY]))[0] == "“earlier” is released: adding to it would tell who was added."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1: the columns must be the question ids"),
        (b"school_type\nstate\n", "line 1: the columns must be the question ids"),
        (b"a;b;c\n", "line 1: the columns must be the question ids"),
        (",".join(QUESTIONS).encode() + b"\n", "The file holds no responses."),
        (",".join(QUESTIONS).encode() + b'\n"state,no\n', "line 2: this is not CSV"),
        (",".join(QUESTIONS).encode() + b"\n\xff\xfe\n", "line 2: this is not UTF-8 text"),
        (b"x" * 200_000, "line 1: this line is far too long"),
    ],
    ids=["empty", "columns missing", "semicolons", "no rows", "quote left open", "not UTF-8", "one endless line"],
)
def test_file_that_is_no_list_of_answers_is_refused(imported, tmp_path, content, reason):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert refusal(path)[0][: len(reason)] == reason


def test_file_that_is_not_there_is_refused(imported, tmp_path):
    assert refusal(tmp_path / "none.csv")[0] == f"{tmp_path / 'none.csv'}: No such file or directory"


def test_unknown_mode_is_refused(imported, write):
    reason = refusal(write([EMPLOYEE]), mode="pigeon")[0]
    assert reason == "“pigeon” is no mode of this standard; there is: online, face_to_face, telephone, paper"


@pytest.mark.parametrize("to", [date(2026, 1, 4), date.today() + timedelta(days=2)], ids=["before", "future"])  # noqa: DTZ011
def test_days_that_cannot_be_are_refused(imported, write, to):
    assert refusal(write([EMPLOYEE]), to=to)[0] in {
        "The first day of collection comes after the last.",
        "The last day of collection lies in the future.",
    }


def test_import_is_recorded_without_an_answer(imported, write):
    run(write([EMPLOYEE]))
    entry = AuditEntry.objects.get(action="imported")
    assert (entry.survey, entry.detail) == ("earlier", {"mode": "online", "rejected": 0})


SITES = {"site": ("flat", {"north": ("North", 900), "south": ("South", 700), "west": ("West", 400)})}
GRADES = {"grade": ("order", {"low": ("Low", 1000), "high": ("High", 1000)})}
WITH_GROUPS = [*QUESTIONS, "site", "grade"]


@pytest.fixture
def by_site_and_grade(imported):
    declare(imported, SITES | GRADES)
    return imported


def rows_of(site: str, grade: str, n: int, answers=EMPLOYEE) -> list[dict[str, str]]:
    return [{**answers, "site": site, "grade": grade}] * n


def of_groups(breakdown: str, table: str = "school-type") -> dict[tuple[str, str], int]:
    """(merged group, category) -> respondents."""
    rows = GroupCount.objects.filter(breakdown=breakdown, table=table)
    return {(row.group, row.category): row.n for row in rows}


def test_file_with_breakdowns_is_counted_by_group(by_site_and_grade, write):
    rows = [*rows_of("north", "low", 20), *rows_of("south", "high", 25), *rows_of("west", "high", 3, BURSARY)]
    run(write(rows, columns=WITH_GROUPS))
    assert counts() == [("online", EMPLOYEE, 45), ("online", BURSARY, 3)]
    assert of_groups("grade") == {("low", "state"): 20, ("high", "state"): 25, ("high", "independent_bursary"): 3}
    assert of_groups("site") == {
        ("south", "state"): 25,
        ("other_groups", "state"): 20,
        ("other_groups", "independent_bursary"): 3,
    }


def test_breakdown_columns_may_stand_anywhere(by_site_and_grade, write):
    rows = [*rows_of("north", "low", 20), *rows_of("south", "high", 25)]
    run(write(rows, columns=["grade", *QUESTIONS[::-1], "site"]))
    assert of_groups("grade") == {("low", "state"): 20, ("high", "state"): 25}


def test_two_way_table_of_a_file_is_counted(imported, write):
    Survey.objects.update(headcount=2000)
    declare(imported, SITES | GRADES, "site", "grade")
    run(write([*rows_of("north", "low", 20), *rows_of("south", "high", 25)], columns=WITH_GROUPS))
    assert of_groups("site_by_grade") == {("south_and_high", "state"): 25, ("other_groups", "state"): 20}


def test_further_files_add_to_the_groups_as_first_merged(by_site_and_grade, write):
    run(write([*rows_of("north", "low", 20), *rows_of("south", "high", 25), *rows_of("west", "low", 3)],
              columns=WITH_GROUPS))  # fmt: skip
    before = list(MergedGroup.objects.values_list("breakdown", "code", "members"))
    run(write(rows_of("west", "high", 90, BURSARY), columns=WITH_GROUPS, name="again.csv"))
    assert list(MergedGroup.objects.values_list("breakdown", "code", "members")) == before
    assert of_groups("site") == {
        ("south", "state"): 25,
        ("other_groups", "state"): 23,
        ("other_groups", "independent_bursary"): 90,
    }
    assert of_groups("grade") == {
        ("low", "state"): 23,
        ("high", "state"): 25,
        ("high", "independent_bursary"): 90,
    }


def test_breakdown_not_kept_of_the_first_file_is_not_begun_with_the_next(by_site_and_grade, write):
    """Its counts would lack the first file's people, who could then be told by subtraction."""
    few = [*rows_of("north", "low", 5), *rows_of("south", "high", 5)]
    _out, err = run(write(few, columns=WITH_GROUPS))
    assert err.splitlines() == [
        f"Warning: “{title}” is not kept: fewer than two groups of the first file imported would be large enough to be "
        "shown."
        for title in ("Site", "Grade")
    ]
    run(write([*rows_of("north", "low", 90), *rows_of("south", "high", 90)], columns=WITH_GROUPS, name="again.csv"))
    assert (MergedGroup.objects.count(), GroupCount.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"site": ""}, "column site: “” stands there; expected: north, south, west"),
        ({"site": "North"}, "column site: “North” stands there; expected: north, south, west"),
        ({"grade": "north"}, "column grade: “north” stands there; expected: low, high"),
    ],
    ids=["blank", "title", "group of another"],
)
def test_row_without_a_group_of_the_breakdown_is_told_and_nothing_is_stored(by_site_and_grade, write, changes, fault):
    rows = [*rows_of("north", "low", 20), {**rows_of("south", "high", 1)[0], **changes}]
    reason, told = refusal(write(rows, columns=WITH_GROUPS))
    assert (reason, told) == ("1 rows are not right, so nothing was stored.", [f"line 22, {fault}"])
    assert (counts(), GroupCount.objects.count(), Survey.objects.get().state) == ([], 0, "draft")


def test_row_with_a_bad_answer_and_no_group_is_told_both(by_site_and_grade, write):
    bad = {**EMPLOYEE, "supervisor": "maybe", "site": "", "grade": "low"}
    assert [told.split(":")[0] for told in refusal(write([bad], columns=WITH_GROUPS))[1]] == [
        "line 2, column supervisor",
        "line 2, column site",
    ]


def test_bad_rows_skipped_are_counted_in_no_group(by_site_and_grade, write, tmp_path):
    rows = [*rows_of("north", "low", 20), *rows_of("south", "high", 25), *rows_of("north", "", 4)]
    run(write(rows, columns=WITH_GROUPS), skip_bad=tmp_path / "rejects.csv")
    assert of_groups("grade") == {("low", "state"): 20, ("high", "state"): 25}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (QUESTIONS, "missing: 'site', 'grade'"),
        ([*QUESTIONS, "site", "level"], "missing: 'grade'; unknown: 'level'"),
        ([*QUESTIONS, "site", "grade", "site"], "more than once: 'site'"),
    ],
)
def test_header_without_the_breakdowns_is_refused_in_words(by_site_and_grade, tmp_path, columns, told):
    path = tmp_path / "answers.csv"
    path.write_text(",".join(columns) + "\n")
    assert refusal(path)[0] == (
        f"line 1: the columns must be the question ids ({', '.join(QUESTIONS)}) and the breakdowns (site, grade). "
        + told
    )


def test_long_list_of_groups_is_told_in_part(imported, write):
    declare(imported, {"team": ("flat", {f"t{number}": (f"Team {number}", 10) for number in range(1000)})})
    (told,) = refusal(write([{**EMPLOYEE, "team": "x"}], columns=[*QUESTIONS, "team"]))[1]
    assert told.endswith("t18, t19, …")


@pytest.mark.parametrize("code", ["supervisor", "organisation"])
def test_breakdown_with_a_name_that_is_taken_is_refused(standard, code):
    with pytest.raises(Refused, match=code):
        check_breakdowns(standard, ["grade", code])


@pytest.mark.parametrize("code", ["supervisor", "organisation"])
def test_file_of_a_survey_with_such_a_breakdown_is_refused(imported, write, code):
    declare(imported, {code: ("flat", {"yes": ("Yes", 10), "no": ("No", 10)})})
    assert refusal(write([EMPLOYEE]))[0].startswith(f"“{code.capitalize()}” has the short name of")


def test_first_file_of_a_survey_with_faulty_breakdowns_is_refused(imported, write):
    declare(imported, {"site": ("flat", {"one": ("One", 10)})})
    assert refusal(write([EMPLOYEE]))[0] == "“Site” has fewer than two groups."


def test_file_with_breakdowns_keeps_nothing_row_by_row(by_site_and_grade):
    """What is kept grows with patterns and groups: a thousand rows alike leave what one leaves."""
    tally = Tally(by_site_and_grade)
    kept = []
    for n in (1, 1000):
        for _row in range(n):
            tally.add(("state",), EMPLOYEE, {"site": "north", "grade": "low"})
        groups = [counter for groups in tally._counts.values() for counter in groups.values()]
        kept.append((len(tally._categories), sum(map(len, groups))))
    assert kept == [(1, 2), (1, 2)]
