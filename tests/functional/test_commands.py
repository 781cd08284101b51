"""The commands as a person or a script meets them: exit codes, words, and whole lives of surveys by commands alone.

The tables at the end are laid beside a count made here, by hand: the matrix of the method stands below as digits, and
nothing of the product's own deriving, protecting or writing is used to make it.
"""

import csv
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from tests.server import Server
from tests.visitor import Visitor

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
UNKNOWN = ("dont_know", "prefer_not_to_say")

# How many gave which answers: school, meals, employment, workplace, business, supervisor, occupation, qualification.
INTERVIEWS = """
5  state  yes  employee  1_to_24  -  yes  professional  degree
2  state  yes  employee  25_or_more  -  yes  managers  degree
3  state  yes  employee  dont_know  -  yes  clerical  degree
4  state  yes  employee  prefer_not_to_say  -  yes  routine  below_degree
1  state  yes  employee  1_to_24  -  yes  technical  below_degree
2  state  no  employee  25_or_more  -  no  professional  below_degree
1  state  no  employee  1_to_24  -  no  managers  no_qualifications
5  state  no  employee  25_or_more  -  no  clerical  no_qualifications
6  state  no  employee  1_to_24  -  no  routine  no_qualifications
3  state_selective  no  employee  25_or_more  -  no  technical  no_qualifications
1  state_selective  not_applicable  employee  1_to_24  -  dont_know  professional  dont_know
1  state_selective  not_applicable  employee  1_to_24  -  prefer_not_to_say  managers  dont_know
3  state_selective  not_applicable  employee  25_or_more  -  dont_know  clerical  prefer_not_to_say
4  state_selective  dont_know  employee  25_or_more  -  prefer_not_to_say  routine  prefer_not_to_say
1  state_selective  prefer_not_to_say  employee  1_to_24  -  dont_know  technical  not_applicable
2  dont_know  yes  employee  1_to_24  -  yes  dont_know  not_applicable
1  prefer_not_to_say  no  employee  1_to_24  -  no  prefer_not_to_say  not_applicable
2  independent  -  self_employed_with_employees  -  25_or_more  -  -  degree
1  independent  -  self_employed_with_employees  -  1_to_24  -  professional  degree
2  independent  -  self_employed_with_employees  -  1_to_24  -  managers  degree
1  independent  -  self_employed_with_employees  -  1_to_24  -  clerical  degree
1  independent_bursary  -  self_employed_with_employees  -  1_to_24  -  routine  degree
1  independent_bursary  -  self_employed_with_employees  -  1_to_24  -  technical  degree
1  independent_bursary  -  self_employed_with_employees  -  1_to_24  -  prefer_not_to_say  degree
1  independent_bursary  -  self_employed_with_employees  -  dont_know  -  professional  degree
2  independent_bursary  -  self_employed_with_employees  -  prefer_not_to_say  -  routine  below_degree
1  outside_uk  -  self_employed_with_employees  -  dont_know  -  clerical  below_degree
1  outside_uk  -  self_employed_without_employees  -  -  -  professional  below_degree
1  outside_uk  -  self_employed_without_employees  -  -  -  managers  below_degree
2  outside_uk  -  self_employed_without_employees  -  -  -  clerical  no_qualifications
1  outside_uk  -  self_employed_without_employees  -  -  -  routine  no_qualifications
1  outside_uk  -  self_employed_without_employees  -  -  -  technical  no_qualifications
1  outside_uk  -  self_employed_without_employees  -  -  -  dont_know  no_qualifications
7  state  yes  not_working  -  -  -  -  no_qualifications
3  state  prefer_not_to_say  prefer_not_to_say  -  -  -  -  prefer_not_to_say
"""

# Professional, managers, clerical, routine, technical: the class of each, as the method prints it.
OCCUPATIONS = ("professional", "managers", "clerical", "routine", "technical")
EMPLOYS_1_TO_24 = dict(zip(OCCUPATIONS, "13333", strict=True))
EMPLOYS_NOBODY = dict(zip(OCCUPATIONS, "13333", strict=True))
SUPERVISES = dict(zip(OCCUPATIONS, "11144", strict=True))
SUPERVISES_NOBODY = dict(zip(OCCUPATIONS, "11254", strict=True))
FIVE = {
    "1": "managerial_professional",
    "2": "intermediate",
    "3": "small_employers",
    "4": "lower_supervisory",
    "5": "semi_routine",
}
THREE = {
    "1": "managerial_professional",
    "2": "intermediate",
    "3": "intermediate",
    "4": "routine_manual",
    "5": "routine_manual",
}

# Every table: its categories in order, and whether each counts in both bases (known), the wider one, or none.
TABLES = {
    "school-type": {
        "state": "known",
        "state_selective": "known",
        "independent": "known",
        "independent_bursary": "known",
        "outside_uk": "known",
        "unknown": "asked",
    },
    "free-school-meals": {
        "yes": "known",
        "no": "known",
        "not_applicable": "asked",
        "unknown": "asked",
        "not_asked": "neither",
    },
    "nssec-5": {**dict.fromkeys(FIVE.values(), "known"), "not_working": "asked", "unknown": "asked"},
    "nssec-5-imputed": {"imputed": "known", "not_imputed": "known"},
    "nssec-3": {**dict.fromkeys(THREE.values(), "known"), "not_working": "asked", "unknown": "asked"},
    "nssec-3-imputed": {"imputed": "known", "not_imputed": "known"},
    "parental-qualification": {
        "degree": "known",
        "below_degree": "known",
        "no_qualifications": "known",
        "not_applicable": "asked",
        "unknown": "asked",
    },
}


def interviews() -> Iterator[dict[str, str]]:
    """One after the other, as question id -> code."""
    for line in INTERVIEWS.strip().splitlines():
        number, *codes = line.split()
        answers = {question: code for question, code in zip(QUESTIONS, codes, strict=True) if code != "-"}
        for _respondent in range(int(number)):
            yield answers


def possible_classes(answers: dict[str, str]) -> str:
    """Every class that the answers leave possible, the one that imputing chooses first; "" where it is not known."""
    occupation = answers.get("parental_occupation")
    if answers["employment_status"] == "self_employed_with_employees":
        size = answers["business_size"]
        if size == "25_or_more":
            return "1"
        if occupation in UNKNOWN:
            return ""
        return EMPLOYS_1_TO_24[occupation] + ("1" if size in UNKNOWN else "")
    if occupation in UNKNOWN or occupation is None:
        return ""
    if answers["employment_status"] == "self_employed_without_employees":
        return EMPLOYS_NOBODY[occupation]
    if answers["supervisor"] in UNKNOWN:
        return SUPERVISES_NOBODY[occupation] + SUPERVISES[occupation]
    return (SUPERVISES if answers["supervisor"] == "yes" else SUPERVISES_NOBODY)[occupation]


def social_class(answers: dict[str, str], names: dict[str, str], imputation: str) -> tuple[str, str]:
    """The category in five or three classes, and the category of the table of imputed responses."""
    if answers["employment_status"] == "not_working":
        return "not_working", "not_imputed"
    possible = [names[digit] for digit in possible_classes(answers)]
    if not possible:
        return "unknown", "not_imputed"
    if len(set(possible)) == 1:
        return possible[0], "not_imputed"
    return (possible[0], "imputed") if imputation == "standard" else ("unknown", "not_imputed")


def counted_by_hand(imputation: str) -> Counter[tuple[str, str]]:
    """How many of the interviews fall into each (table, category)."""
    counts: Counter[tuple[str, str]] = Counter()

    def together(code: str | None) -> str:
        return "unknown" if code in UNKNOWN else code or "not_asked"

    for answers in interviews():
        five, five_imputed = social_class(answers, FIVE, imputation)
        three, three_imputed = social_class(answers, THREE, imputation)
        counts["school-type", together(answers["school_type"])] += 1
        counts["free-school-meals", together(answers.get("free_school_meals"))] += 1
        counts["nssec-5", five] += 1
        counts["nssec-5-imputed", five_imputed] += 1
        counts["nssec-3", three] += 1
        counts["nssec-3-imputed", three_imputed] += 1
        counts["parental-qualification", together(answers["parental_qualification"])] += 1
    return counts


def half_up(number: Fraction) -> int:
    return int(number + Fraction(1, 2))


def printed_rounded(count: int, base: int) -> tuple[str, str, str, str]:
    """Count and percentage as policy rounded prints them, each with its status."""
    if count == 0:
        return "", "[low]", "", "[low]"
    share = ("", "[x]") if base < 50 else (str(half_up(Fraction(100 * count, base))), "")
    return str(count), "", *share


def printed_exact(count: int, base: int) -> tuple[str, str, str, str]:
    tenths = half_up(Fraction(1000 * count, base))
    return str(count), "", f"{tenths // 10}.{tenths % 10}", ""


def expected_rows(policy: str, imputation: str) -> list[dict[str, str]]:
    """What tables.csv must say of every category: numbers and statuses."""
    counts = counted_by_hand(imputation)
    printed = printed_rounded if policy == "rounded" else printed_exact
    rows = []
    for table, categories in TABLES.items():
        found = {code: counts[table, code] for code in categories}
        if policy == "rounded":
            found = {code: 5 * half_up(Fraction(count, 5)) for code, count in found.items()}
        asked = sum(count for code, count in found.items() if categories[code] != "neither")
        known = sum(count for code, count in found.items() if categories[code] == "known")
        for code, base in categories.items():
            row = {"table": table, "category_code": code, "base_asked": str(asked), "base_known": str(known)}
            row["count"], row["count_status"], *of_asked = printed(found[code], asked)
            *_count, of_known, known_status = printed(found[code], known)
            row["percent_asked"], row["percent_asked_status"] = ("", "[z]") if base == "neither" else of_asked
            row["percent_known"], row["percent_known_status"] = (
                (of_known, known_status) if base == "known" else ("", "[z]")
            )
            rows.append(row)
    return rows


@dataclass(frozen=True)
class Life:
    """A survey from its creation to its files: what each command told, and where the files are."""

    slug: str
    told: dict[str, subprocess.CompletedProcess]
    folder: Path
    audit: list[tuple]

    def tables(self) -> list[dict[str, str]]:
        with (self.folder / "tables.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


AUDIT = "SELECT action, detail ->> 'policy' FROM questionnaire_auditentry WHERE survey = %s ORDER BY id"
TOLD = [
    "organisation",
    "purpose",
    "signed_name",
    "contact",
    "controller",
    "lawful_basis",
    "data_protection_contact",
    "complaints_contact",
    "host",
    "address_source",
]
STATED = [
    *(word for name in TOLD for word in (f"--{name.replace('_', '-')}", "Made up.")),
    *("--closes-at", "2050-05-03T17:00", "--headcount", "120", "--headcount-date", "2026-01-05"),
]
DAYS = ("--collected-from", "2026-01-05", "--collected-to", "2026-01-30")


def answered_here(server: Server, folder: Path) -> Life:
    """Created, opened, answered in browsers' stead, closed, released, exported."""
    slug = "answered-here"
    told = {
        "create": server.manage("create_survey", slug, *STATED),
        "open": server.manage("open_survey", slug),
    }
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda answers: Visitor(server.port, slug).respond(answers), interviews()))
    told["close"] = server.manage("close_survey", slug)
    told["build"] = server.manage("build_release", slug)
    told["export"] = server.manage("export_release", slug, "--to", str(folder))
    return Life(slug, told, folder, server.query(AUDIT, slug))


def collected_earlier(server: Server, folder: Path, imputation: str) -> Life:
    """Created, filled from a file, released exactly, exported."""
    slug = f"earlier-{imputation}"
    file = folder.with_suffix(".answers.csv")
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, QUESTIONS)
        writer.writeheader()
        writer.writerows(interviews())
    options = ("--origin", "imported", "--policy", "exact", "--imputation", imputation)
    told = {
        "create": server.manage("create_survey", slug, *options),
        "import": server.manage("import_responses", slug, str(file), "--mode", "online", *DAYS),
        "build": server.manage("build_release", slug),
        "export": server.manage("export_release", slug, "--to", str(folder)),
    }
    return Life(slug, told, folder, server.query(AUDIT, slug))


@pytest.fixture(scope="module")
def lives(server, tmp_path_factory) -> dict[str, Life]:
    """Three whole lives, under both release policies and both imputation policies."""
    folder = tmp_path_factory.mktemp("lives")
    with ThreadPoolExecutor(2) as pool:
        begun = {
            "rounded": pool.submit(answered_here, server, folder / "rounded"),
            "exact": pool.submit(collected_earlier, server, folder / "exact", "standard"),
            "exact, strict": pool.submit(collected_earlier, server, folder / "strict", "strict"),
        }
        return {name: life.result() for name, life in begun.items()}


@pytest.mark.parametrize(
    ("name", "policy", "imputation"),
    [("rounded", "rounded", "standard"), ("exact", "exact", "standard"), ("exact, strict", "exact", "strict")],
)
def test_tables_at_the_end_match_the_count_by_hand(lives, name, policy, imputation):
    expected = expected_rows(policy, imputation)
    found = [{column: row[column] for column in expected[0]} for row in lives[name].tables()]
    assert found == expected


def test_counts_by_hand_are_of_every_respondent():
    """Each table's counts add up; otherwise the count by hand itself would be wrong."""
    counts = counted_by_hand("standard")
    totals = {table: sum(counts[table, code] for code in categories) for table, categories in TABLES.items()}
    assert totals == dict.fromkeys(TABLES, len(list(interviews())))


def test_tables_have_the_columns_that_other_programs_rely_on(lives):
    assert (lives["rounded"].folder / "tables.csv").read_text(encoding="utf-8").splitlines()[0] == (
        "survey,standard,release,table,breakdown,group,category_code,category,count,count_status,percent_asked,"
        "percent_asked_status,percent_known,percent_known_status,base_asked,base_known"
    )


def test_tables_name_the_survey_its_standard_its_release_and_its_group(lives):
    names = ("survey", "standard", "release", "breakdown", "group")
    assert {tuple(row[name] for name in names) for row in lives["rounded"].tables()} == {
        ("answered-here", "gss_seb/2023-07", "1", "organisation", "All")
    }


def test_export_writes_a_file_for_each_table_straight_into_the_folder(lives):
    folder = lives["rounded"].folder
    expected = {f"{table}.csv" for table in TABLES} | {"tables.csv", "tables.csv-metadata.json", "codebook.csv"}
    assert expected - {path.name for path in folder.iterdir()} == set()


def test_every_command_of_a_life_succeeds_and_tells_one_line(lives):
    rounded, exact = lives["rounded"], lives["exact"]
    assert {name: done.stdout for name, done in rounded.told.items()} == {
        "create": "answered-here: draft, /s/answered-here/\n",
        "open": "answered-here: open, /s/answered-here/\n",
        "close": "answered-here: closed\n",
        "build": "answered-here: release 1, built (rounded)\n",
        "export": f"answered-here: release 1, {len(list(rounded.folder.iterdir()))} files in {rounded.folder}\n",
    }
    number, patterns = len(list(interviews())), len({tuple(answers.items()) for answers in interviews()})
    assert {name: done.stdout for name, done in exact.told.items()} == {
        "create": "earlier-standard: draft, /s/earlier-standard/\n",
        "import": f"earlier-standard: {number} responses imported, {patterns} distinct patterns\n",
        "build": "earlier-standard: release 1, built (exact)\n",
        "export": f"earlier-standard: release 1, {len(list(exact.folder.iterdir()))} files in {exact.folder}\n",
    }


def test_commands_of_a_life_write_nothing_on_standard_error_where_all_is_stated(lives):
    assert {done.stderr for done in lives["rounded"].told.values()} == {""}


def test_what_is_not_stated_is_warned_of_and_done(lives):
    assert lives["exact"].told["create"].stderr == f"Warning: {', '.join(TOLD)}: respondents will read “not stated”.\n"


def test_what_the_dashboard_would_not_open_without_is_warned_of_and_recorded(server):
    told = server.manage("create_survey", "unstated", "--open")
    assert told.stderr == (
        f"Warning: {', '.join(TOLD)}: respondents will read “not stated”.\n"
        "Warning: closes_at: No time is set at which the survey closes.\n"
        "Warning: headcount: It is not said how many people are in scope.\n"
        "Warning: headcount_date: It is not said on which day the people in scope were counted.\n"
    )
    recorded = (
        "SELECT detail -> 'not_mended' FROM questionnaire_auditentry WHERE survey = 'unstated' AND action = 'opened'"
    )
    assert server.query(recorded) == [(["closes_at", "headcount", "headcount_date"],)]


def test_exact_policy_is_recorded_wherever_the_command_line_used_it(lives):
    assert lives["exact"].audit == [
        ("created", "exact"),
        ("imported", None),
        ("built release", "exact"),
        ("exported", None),
    ]


def test_each_step_of_a_life_is_recorded(lives):
    actions = [action for action, _policy in lives["rounded"].audit]
    assert actions == ["created", "opened", "stopped", "closed", "key destroyed", "built release", "exported"]


REFUSED = {
    "short name that is taken": (
        ["create_survey", "answered-here"],
        "CommandError: slug: Survey with this Short name already exists.\n",
    ),
    "short name that is none": (
        ["create_survey", "Our Staff"],
        "CommandError: slug: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.\n"
        "slug: Use small letters, digits and single hyphens only.\n",
    ),
    "standard that is not installed": (
        ["create_survey", "other", "--standard", "gss_seb/1999-01"],
        "CommandError: standard: “gss_seb/1999-01” is not installed; there is: gss_seb/2023-07\n",
    ),
    "imputation that is none": (
        ["create_survey", "other", "--imputation", "guess"],
        "CommandError: imputation: choose one of standard, strict\n",
    ),
    "imports opened at once": (
        ["create_survey", "other", "--origin", "imported", "--open"],
        "CommandError: A survey of imported answers is never opened: leave out --open.\n",
    ),
    "open survey opened again": (
        ["open_survey", "demo"],
        "CommandError: “demo” is open: only a draft can be opened.\n",
    ),
    "unknown survey closed": (["close_survey", "nobody"], "CommandError: There is no survey “nobody”.\n"),
    "draft closed": (["close_survey", "a-draft"], "CommandError: “a-draft” is a draft: there is nothing to close.\n"),
    "open survey released": (
        ["build_release", "demo"],
        "CommandError: demo is open. Only a closed survey can be released.\n",
    ),
    "survey without a release exported": (
        ["export_release", "demo", "--to", "/tmp/never-made"],
        "CommandError: There is no release of a survey called demo.\n",
    ),
    "export into a file": (
        ["export_release", "answered-here", "--to", "/dev/null"],
        "CommandError: Cannot write to /dev/null: File exists.\n",
    ),
    "import into a survey that is answered here": (
        ["import_responses", "demo", "manage.py", "--mode", "online", *DAYS],
        "CommandError: “demo” takes answers here, and imported answers are never mixed with these. "
        "Create a survey with --origin imported.\n",
    ),
}


@pytest.fixture(scope="module")
def refusals(server, lives) -> dict[str, tuple[int, str, str]]:
    """Exit code, standard output and standard error of every command that must be refused."""
    server.manage("create_survey", "a-draft")
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda refused: server.manage(*refused[0], check=False), REFUSED.values())
        return {name: (one.returncode, one.stdout, one.stderr) for name, one in zip(REFUSED, done, strict=True)}


@pytest.mark.parametrize("name", REFUSED)
def test_refusal_tells_why_on_standard_error_and_exits_with_one(refusals, name):
    assert refusals[name] == (1, "", REFUSED[name][1])


def test_refusals_change_nothing(server, lives, refusals):
    slugs = server.query("SELECT slug, state FROM questionnaire_survey WHERE slug IN ('other', 'demo')")
    assert slugs == [("demo", "open")]
