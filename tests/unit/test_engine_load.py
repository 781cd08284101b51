"""Whatever in a standard's folder is not of the right form is refused, by file and place."""

import pytest

from questionnaire.engine.check import check
from questionnaire.engine.load import StandardFault, load
from tests.unit.planted import TOML, copy, edit


@pytest.fixture
def folder(tmp_path):
    return copy(tmp_path)


def refusal(folder):
    with pytest.raises(StandardFault) as refused:
        load(folder)
    return str(refused.value)


# What is changed, in which file, and what is then said.
FORM = {
    "text that is not TOML": (
        TOML,
        [('id = "gss_seb"', "id = gss_seb")],
        "standard.toml: is not TOML: Invalid value (at line 10, column 6)",
    ),
    "bytes that are not UTF-8": (TOML, [("# The socio", b"# \xff socio")], "standard.toml: is not UTF-8 text"),
    "standard without a fact": (
        TOML,
        [('owner = "Government Statistical Service (GSS) Harmonisation Team"', "")],
        "standard.toml: lacks owner",
    ),
    "standard with an unknown key": (
        TOML,
        [('version = "2023-07"', 'version = "2023-07"\nedition = 1')],
        "standard.toml: has no place for edition",
    ),
    "id that is not its folder's": (
        TOML,
        [('id = "gss_seb"', 'id = "gss"')],
        "standard.toml: its id and version are not those of its folder, gss_seb/2023-07",
    ),
    "date that is text": (
        TOML,
        [("published = 2023-07-07", 'published = "2023-07-07"')],
        "standard.toml, published: must be a date",
    ),
    "blank text": (
        TOML,
        [('title = "Telephone interview"', 'title = " "')],
        "standard.toml, mode telephone, title: is blank",
    ),
    "flag that is text": (
        TOML,
        [("imports_only = true", 'imports_only = "yes"')],
        "standard.toml, mode paper, imports_only: must be true or false",
    ),
    "mode twice": (TOML, [('id = "face_to_face"', 'id = "online"')], "standard.toml, mode: has online twice"),
    "mode that asks as none": (
        TOML,
        [('asks_as = "online"', 'asks_as = "post"')],
        "standard.toml, mode paper: asks as post, which has no text of its own",
    ),
    "mode that asks as one without text": (
        TOML,
        [('title = "Telephone interview"', 'title = "Telephone interview"\nasks_as = "paper"')],
        "standard.toml, mode telephone: asks as paper, which has no text of its own",
    ),
    "setting with an option twice": (
        TOML,
        [('{ code = "strict"', '{ code = "standard"')],
        "standard.toml, setting imputation, options: has standard twice",
    ),
    "question twice": (
        TOML,
        [('id = "business_size"', 'id = "employer_size"')],
        "standard.toml, question: has employer_size twice",
    ),
    "question without its reason": (
        TOML,
        [('why = "The classification tells employers', 'because = "The classification tells employers')],
        "standard.toml, question business_size: lacks why",
    ),
    "question without wording": (
        TOML,
        [('wording = "When you were aged about 14, how many people did', 'words = "When you were')],
        "standard.toml, question business_size: lacks wording",
    ),
    "question with an unknown key": (
        TOML,
        [('name = "Supervisor status"', 'name = "Supervisor status"\nskip_if = "no"')],
        "standard.toml, question supervisor: has no place for skip_if",
    ),
    "question for an unknown mode": (
        TOML,
        [('name = "Supervisor status"', 'name = "Supervisor status"\nvideo.guidance = ""')],
        "standard.toml, question supervisor: has no place for video",
    ),
    "question for a mode without text of its own": (
        TOML,
        [('name = "Supervisor status"', 'name = "Supervisor status"\npaper.guidance = ""')],
        "standard.toml, question supervisor: has no place for paper",
    ),
    "question id that is no code": (
        TOML,
        [('id = "supervisor"', 'id = "Supervisor"')],
        "standard.toml, question Supervisor, id: Supervisor must be small letters, digits, - and _",
    ),
    "universe that is no list": (
        TOML,
        [('ask_if.employment_status = ["self_employed_with_employees"]', 'ask_if.employment_status = "employee"')],
        "standard.toml, question business_size, ask_if employment_status: must be a list",
    ),
    "universe with a code twice": (
        TOML,
        [
            (
                'ask_if.employment_status = ["self_employed_with_employees"]',
                'ask_if.employment_status = ["employee", "employee"]',
            )
        ],
        "standard.toml, question business_size, ask_if employment_status: has employee twice",
    ),
    "option twice": (
        TOML,
        [('{ code = "no_qualifications", label = "No qualifications" }', '{ code = "degree", label = "A degree" }')],
        "standard.toml, question parental_qualification, options: has degree twice",
    ),
    "option without label": (
        TOML,
        [('{ code = "no_qualifications", label = "No qualifications" }', '{ code = "no_qualifications" }')],
        "standard.toml, question parental_qualification, options no_qualifications: lacks label",
    ),
    "option with an unknown key": (
        TOML,
        [('label = "No qualifications" }', 'label = "No qualifications", value = 3 }')],
        "standard.toml, question parental_qualification, options no_qualifications: has no place for value",
    ),
    "option that is no table": (
        TOML,
        [('{ code = "no_qualifications", label = "No qualifications" }', "3")],
        "standard.toml, question parental_qualification, options 3: must be a table",
    ),
    "option of a mode that the question does not know": (
        TOML,
        [
            (
                '  "not_working",\n]\ninstructions',
                '  "not_working",\n  "retired",\n]\ninstructions',
            )
        ],
        "standard.toml, question employment_status, face_to_face, options retired: lacks label",
    ),
    "option of a mode twice": (
        TOML,
        [
            (
                '  "not_working",\n]\ninstructions',
                '  "not_working",\n  "employee",\n]\ninstructions',
            )
        ],
        "standard.toml, question employment_status, face_to_face, options: has employee twice",
    ),
    "option of a mode that is a number": (
        TOML,
        [('  "not_working",\n]\ninstructions', "  4,\n]\ninstructions")],
        "standard.toml, question employment_status, face_to_face, options 4: must be a table",
    ),
    "mode's text with an unknown key": (
        TOML,
        [('if_needed = "If needed, you can', 'if_asked = "If needed, you can')],
        "standard.toml, question school_type, telephone: has no place for if_asked",
    ),
    "instructions that are no list": (
        TOML,
        [('"not_working",\n]\ninstructions = [\n', '"not_working",\n]\ninstructions = "Allow time."\nunused = [\n')],
        "standard.toml, question employment_status, face_to_face, instructions: must be a list",
    ),
    "table twice": (
        TOML,
        [('id = "nssec-3-imputed"', 'id = "nssec-5-imputed"')],
        "standard.toml, table: has nssec-5-imputed twice",
    ),
    "category in an unknown base": (
        TOML,
        [('label = "Not asked", base = "neither"', 'label = "Not asked", base = "none"')],
        "standard.toml, table free-school-meals, categories not_asked, base: must be one of known, asked, neither",
    ),
    "category twice": (
        TOML,
        [('{ code = "not_asked", label', '{ code = "unknown", label')],
        "standard.toml, table free-school-meals, categories: has unknown twice",
    ),
    "fold without its table": (
        TOML,
        [('folds.table = "nssec-5"\n', "")],
        "standard.toml, table nssec-3, folds: lacks table",
    ),
    "open question without an interim answer": (
        TOML,
        [('meanwhile = "The text is kept to the letter."', "")],
        "standard.toml, open_question 11: lacks meanwhile",
    ),
    "no decisions": (
        TOML,
        [("decisions = [ # one file each, in the order in which they are derived", "decisions = []\nnotes = [")],
        "standard.toml: lacks decisions",
    ),
    "decision table that nobody lists": (
        TOML,
        [('  "nssec3",\n', "")],
        "nssec3.csv: is not among the decisions of standard.toml",
    ),
    "decision table without its file": (
        TOML,
        [('  "nssec3",\n', '  "nssec3",\n  "nssec8",\n')],
        "nssec8.csv: is missing",
    ),
    "decision table without its variable": (
        "nssec5.csv",
        [("nssec_detailed,imputation,nssec5,", "nssec_detailed,imputation,class,")],
        "nssec5.csv, line 1: the columns must be the inputs and then nssec5, imputed, source",
    ),
    "decision table without sources": (
        "free_school_meals_reported.csv",
        [("reported,source", "reported,why")],
        "free_school_meals_reported.csv, line 1: the columns must be the inputs and then "
        "free_school_meals_reported, source",
    ),
    "decision table without inputs": (
        "nssec5.csv",
        [("nssec_detailed,imputation,nssec5,", "nssec5,")],
        "nssec5.csv, line 1: the columns must be the inputs and then nssec5, imputed, source",
    ),
    "column twice": (
        "nssec5.csv",
        [("nssec_detailed,imputation,nssec5,", "imputation,imputation,nssec5,")],
        "nssec5.csv, line 1: has imputation twice",
    ),
    "row that is too short": (
        "nssec5.csv",
        [("intermediate,*,intermediate,no,", "intermediate,*,intermediate,")],
        "nssec5.csv, line 3: must have 5 cells, none of them blank",
    ),
    "row without a source": (
        "nssec5.csv",
        [("strict,unknown,no,no imputation: more than one class is possible", "strict,unknown,no,")],
        "nssec5.csv, line 12: must have 5 cells, none of them blank",
    ),
    "blank row": (
        "nssec5.csv",
        [("\nintermediate,*,", "\n\nintermediate,*,")],
        "nssec5.csv, line 3: must have 5 cells, none of them blank",
    ),
    "imputed that is neither yes nor no": (
        "nssec5.csv",
        [("intermediate,*,intermediate,no,", "intermediate,*,intermediate,maybe,")],
        "nssec5.csv, line 3: imputed must be yes or no, not maybe",
    ),
    "text that is not CSV": (
        "nssec5.csv",
        [('no,"Outputs, 5-class system: work out the sum of “Managerial', 'no,"Outputs" 5-class: “Managerial')],
        "nssec5.csv, line 2: is not CSV: ',' expected after '\"'",
    ),
}


@pytest.mark.parametrize(("file", "changes", "said"), FORM.values(), ids=FORM)
def test_load_refuses_fault_of_form(folder, file, changes, said):
    edit(folder, file, *changes)
    assert refusal(folder) == said


def test_load_refuses_empty_decision_table(folder):
    (folder / "nssec5.csv").write_bytes(b"")
    assert refusal(folder) == "nssec5.csv, line 1: the columns must be the inputs and then nssec5, source"


def test_load_refuses_folder_without_a_standard(tmp_path):
    assert refusal(tmp_path) == "standard.toml: is missing"


def test_load_takes_files_with_the_byte_order_mark_of_a_spreadsheet(folder):
    for file in (TOML, "nssec5.csv"):
        (folder / file).write_bytes(b"\xef\xbb\xbf" + (folder / file).read_bytes())
    assert check(load(folder)) == []


def test_load_takes_a_mode_without_own_text_as_the_mode_it_asks_as(folder):
    edit(folder, TOML, ('asks_as = "online"', 'asks_as = "telephone"'))
    standard = load(folder)
    assert all(question.asking("paper") is question.asking("telephone") for question in standard.questions)


def test_load_takes_over_from_the_question_what_a_mode_leaves_out(folder):
    asking = load(folder).question("school_type").asking("face_to_face")
    assert (asking.wording, asking.option("independent").hint) == (
        "Which type of secondary school did you attend for the most time between the ages of 11 and 16?",
        "For example, private schools",
    )


def test_load_folds_a_bulleted_text_into_one_paragraph(folder):
    first = load(folder).question("parental_qualification").asking("telephone").instructions[0]
    assert first.splitlines() == [
        "Degree level qualifications include:",
        "• first or higher degrees",
        "• postgraduate diplomas",
        "• NVQ and SVQ levels 4 or 5",
    ]


# What is changed in the benchmarks, and what is then said.
BENCHMARKS = {
    "column with another name": (
        ("table,category_codes", "table,categories"),
        "benchmarks.csv, line 1: the columns must be table, category_codes, label, value_percent, base, population, "
        "period, checked_on, source, caution",
    ),
    "blank caution": (
        (",includes long-term unemployed parents; this standard reports all whose earner was not working in a "
        "category of their own", ","),
        "benchmarks.csv, line 4: must have 10 cells, none of them blank",
    ),
    "share that is no number": (
        (",7.5,known", ",some,known"),
        "benchmarks.csv, line 5: value_percent must be a number and checked_on a date such as 2026-11-21",
    ),
    "share that is not finite": (
        (",7.5,known", ",NaN,known"),
        "benchmarks.csv, line 5: value_percent must be a number and checked_on a date such as 2026-11-21",
    ),
    "day that is no date": (
        ('"pupils in England, so of those schooled in the UK",2019,2026-11-21', '"pupils in England",2019,today'),
        "benchmarks.csv, line 5: value_percent must be a number and checked_on a date such as 2026-11-21",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), BENCHMARKS.values(), ids=BENCHMARKS)
def test_load_refuses_benchmarks_of_the_wrong_form(folder, change, said):
    edit(folder, "benchmarks.csv", change)
    assert refusal(folder) == said


def test_load_refuses_an_empty_file_of_benchmarks(folder):
    (folder / "benchmarks.csv").write_bytes(b"")
    assert refusal(folder).startswith("benchmarks.csv, line 1: the columns must be table, ")


def test_load_takes_a_standard_without_benchmarks(folder):
    (folder / "benchmarks.csv").unlink()
    assert load(folder).benchmarks == ()


def test_load_takes_categories_that_a_benchmark_puts_together(folder):
    benchmark = load(folder).benchmark("school-type independent+independent_bursary 2019")
    assert (benchmark.codes, str(benchmark.value)) == (("independent", "independent_bursary"), "7.5")
