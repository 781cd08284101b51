"""Each kind of hole, planted in a copy of the standard's folder, is found by `check`, and nothing else is."""

import pytest

from questionnaire import registry
from questionnaire.engine.check import check
from questionnaire.engine.load import load
from tests.unit.planted import TOML, copy, edit

NO_QUALIFICATIONS = '  { code = "no_qualifications", label = "No qualifications" },\n'
QUALIFICATION_TABLE = 'label = "No qualifications", base = "known" },\n'
QUALIFICATION_CSV = "parental_qualification_reported.csv"

# What is changed, in which file, and every fault that is then found.
SENSE = {
    "option that says not asked": (
        TOML,
        [(NO_QUALIFICATIONS, NO_QUALIFICATIONS + '  { code = "not_asked", label = "Skip" },\n')],
        [
            "standard.toml, question parental_qualification, online: "
            "not_asked is no answer: it says that a question was not asked"
        ],
    ),
    "order of what counts imputed answers": (
        TOML,
        [('imputed_of = "nssec-3"', 'imputed_of = "nssec-3"\nordered = true')],
        [
            "standard.toml, table nssec-3-imputed: "
            "only a table of answers with two categories or more in base known can be ordered"
        ],
    ),
    "two options with one label": (
        TOML,
        [(NO_QUALIFICATIONS, NO_QUALIFICATIONS.replace('"No qualifications"', '"Prefer not to say"'))],
        [
            f"standard.toml, question parental_qualification, {mode}: {code} has the same label as another option"
            for mode in ("online", "face_to_face", "telephone")
            for code in ("no_qualifications", "prefer_not_to_say")
        ],
    ),
    "spontaneous option where nobody reads out": (
        TOML,
        [(NO_QUALIFICATIONS, NO_QUALIFICATIONS.replace(" }", ", spontaneous = true }"))],
        [
            "standard.toml, question parental_qualification, online: "
            "no_qualifications is spontaneous, but nobody reads the options out"
        ],
    ),
    "universe that names no question": (
        TOML,
        [('ask_if.employment_status = ["self_employed_with_employees"]', 'ask_if.work = ["self_employed"]')],
        ["standard.toml, question business_size, ask_if: work is no earlier question"],
    ),
    "universe that names a later question": (
        TOML,
        [('ask_if.employment_status = ["self_employed_with_employees"]', 'ask_if.supervisor = ["yes"]')],
        ["standard.toml, question business_size, ask_if: supervisor is no earlier question"],
    ),
    "universe that names its own question": (
        TOML,
        [('ask_if.employment_status = ["self_employed_with_employees"]', 'ask_if.business_size = ["1_to_24"]')],
        ["standard.toml, question business_size, ask_if: business_size is no earlier question"],
    ),
    "universe that names a code offered in no mode": (
        TOML,
        [('ask_if.business_size = ["1_to_24", "dont_know",', 'ask_if.business_size = ["1_to_24", "unsure",')],
        ["standard.toml, question parental_occupation, ask_if: business_size offers unsure in no mode"],
    ),
    "question that nobody is asked": (
        TOML,
        [('ask_if.employment_status = ["self_employed_with_employees"]', "ask_if.employment_status = []")],
        ["standard.toml, question business_size: nobody is ever asked it"],
    ),
    "variable named as a question": (
        TOML,
        [
            ('id = "school_type"', 'id = "school_type_reported"'),
            ("ask_if.school_type =", "ask_if.school_type_reported ="),
        ],
        [
            "school_type_reported.csv: school_type_reported is the name of something else already",
            "school_type_reported.csv, line 1: school_type is no question, setting or earlier variable",
        ],
    ),
    "input that does not exist": (
        "nssec5.csv",
        [("nssec_detailed,imputation,", "nssec_fine,imputation,")],
        ["nssec5.csv, line 1: nssec_fine is no question, setting or earlier variable"],
    ),
    "input that is derived later": (
        TOML,
        [('  "nssec_detailed",\n  "nssec5",\n', '  "nssec5",\n  "nssec_detailed",\n')],
        ["nssec5.csv, line 1: nssec_detailed is no question, setting or earlier variable"],
    ),
    "cell with a code that the question does not offer": (
        "free_school_meals_reported.csv",
        [("dont_know|prefer_not_to_say,", "dont_know|refused,")],
        ["free_school_meals_reported.csv, line 5: free_school_meals is never refused"],
    ),
    "cell with not asked for a question that everyone is asked": (
        "school_type_reported.csv",
        [("dont_know|prefer_not_to_say,", "dont_know|prefer_not_to_say|not_asked,")],
        ["school_type_reported.csv, line 7: school_type is never not_asked"],
    ),
    "cell with a code that the setting does not offer": (
        "nssec5.csv",
        [("semi_routine,strict,", "semi_routine,severe,")],
        ["nssec5.csv, line 12: imputation is never severe"],
    ),
    "cell with a value that the earlier variable does not take": (
        "nssec3.csv",
        [("intermediate|small_employers,*", "intermediate|own_account,*")],
        ["nssec3.csv, line 3: nssec_detailed is never own_account"],
    ),
    "decision table that nothing uses": (
        TOML,
        [('variable = "nssec3"\n', 'variable = "nssec5"\n'), ('variable = "nssec3_imputed"', 'variable = "nssec5"')],
        [
            "nssec3.csv: no table and no other decision uses it",
            "standard.toml, table nssec-3-imputed: nssec5 does not count what is imputed in nssec-3",
        ],
    ),
    "table of a variable that is not derived": (
        TOML,
        [('variable = "school_type_reported"', 'variable = "school_type_printed"')],
        [
            "school_type_reported.csv: no table and no other decision uses it",
            "standard.toml, table school-type: school_type_printed is not derived",
        ],
    ),
    "table of a question instead of a derived variable": (
        TOML,
        [('variable = "free_school_meals_reported"', 'variable = "free_school_meals"')],
        [
            "free_school_meals_reported.csv: no table and no other decision uses it",
            "standard.toml, table free-school-meals: free_school_meals is not derived",
        ],
    ),
    "imputed responses of a table that does not exist": (
        TOML,
        [('imputed_of = "nssec-5"', 'imputed_of = "nssec-8"')],
        ["standard.toml, table nssec-5-imputed: nssec5_imputed does not count what is imputed in nssec-8"],
    ),
    "imputed responses of another table": (
        TOML,
        [('imputed_of = "nssec-5"', 'imputed_of = "nssec-3"')],
        ["standard.toml, table nssec-5-imputed: nssec5_imputed does not count what is imputed in nssec-3"],
    ),
    "fold of a table that does not exist": (
        TOML,
        [('folds.table = "nssec-5"', 'folds.table = "nssec-8"')],
        ["standard.toml, table nssec-3, folds: there is no table nssec-8"],
    ),
    "fold under a setting that does not exist": (
        TOML,
        [('folds.when = { imputation = "standard" }', 'folds.when = { rounding = "none" }')],
        ["standard.toml, table nssec-3, folds: there is no rounding = none"],
    ),
    "fold under an answer instead of a setting": (
        TOML,
        [('folds.when = { imputation = "standard" }', 'folds.when = { supervisor = "yes" }')],
        ["standard.toml, table nssec-3, folds: there is no supervisor = yes"],
    ),
    "fold under an option that does not exist": (
        TOML,
        [('folds.when = { imputation = "standard" }', 'folds.when = { imputation = "severe" }')],
        ["standard.toml, table nssec-3, folds: there is no imputation = severe"],
    ),
    "fold that leaves a category of its own out": (
        TOML,
        [('folds.into.not_working = ["not_working"]\n', ""), ('= ["unknown"]', '= ["not_working", "unknown"]')],
        ["standard.toml, table nssec-3, folds: into must name each category of the table"],
    ),
    "fold that leaves a category of the finer table out": (
        TOML,
        [('= ["intermediate", "small_employers"]', '= ["intermediate"]')],
        ["standard.toml, table nssec-3, folds: into must place each category of nssec-5 once"],
    ),
    "fold that places a category twice": (
        TOML,
        [('= ["lower_supervisory", "semi_routine"]', '= ["lower_supervisory", "semi_routine", "intermediate"]')],
        ["standard.toml, table nssec-3, folds: into must place each category of nssec-5 once"],
    ),
    "fold that does not hold": (
        TOML,
        [
            ('= ["intermediate", "small_employers"]', '= ["intermediate"]'),
            ('= ["lower_supervisory", "semi_routine"]', '= ["lower_supervisory", "semi_routine", "small_employers"]'),
        ],
        ["standard.toml, table nssec-3, folds: small_employers of nssec-5 occurs with intermediate"],
    ),
    "fold that does not hold under every setting": (
        TOML,
        [('folds.when = { imputation = "standard" }\n', "")],
        ["standard.toml, table nssec-3, folds: unknown of nssec-5 occurs with routine_manual"],
    ),
    "combination without a row": (
        "nssec5.csv",
        [("intermediate,*,intermediate", "intermediate,strict,intermediate")],
        ["nssec5.csv: there is no row for nssec_detailed = intermediate, imputation = standard (1 in all)"],
    ),
    "several combinations without a row": (
        "nssec_detailed.csv",
        [("\nemployee,not_asked,no,professional|managers,", "\nemployee,not_asked,yes,professional|managers,")],
        [
            "nssec_detailed.csv: there is no row for employment_status = employee, business_size = not_asked, "
            "supervisor = no, parental_occupation = professional (2 in all)",
            "nssec_detailed.csv, line 14: no combination that can occur reaches this row",
        ],
    ),
    "hole that would empty a later table": (
        "nssec_detailed.csv",
        [("\nemployee,not_asked,no,clerical,intermediate", "\nemployee,not_asked,yes,clerical,intermediate")],
        [
            "nssec_detailed.csv: there is no row for employment_status = employee, business_size = not_asked, "
            "supervisor = no, parental_occupation = clerical (1 in all)",
            "nssec_detailed.csv, line 15: no combination that can occur reaches this row",
        ],
    ),
    "combination without a row in one mode only": (
        "nssec_detailed.csv",
        [("\ndont_know|prefer_not_to_say,not_asked,", "\nprefer_not_to_say,not_asked,")],
        [
            "nssec_detailed.csv: there is no row for employment_status = dont_know, business_size = not_asked, "
            "supervisor = not_asked, parental_occupation = not_asked (1 in all)"
        ],
    ),
    "rows that an earlier one hides": (
        "free_school_meals_reported.csv",
        [("\nno,no,", "\n*,no,")],
        [
            f"free_school_meals_reported.csv, line {line}: no combination that can occur reaches this row"
            for line in (4, 5, 6)
        ],
    ),
    "row for what cannot occur together": (
        "nssec_detailed.csv",
        [
            (
                "\nemployee,not_asked,yes,routine|",
                "\nnot_working,not_asked,yes,routine,unknown,none\nemployee,not_asked,yes,routine|",
            )
        ],
        ["nssec_detailed.csv, line 13: no combination that can occur reaches this row"],
    ),
    "value without a category": (
        TOML,
        [('  { code = "no_qualifications", ' + QUALIFICATION_TABLE, "")],
        [
            "standard.toml, table parental-qualification: "
            "parental_qualification_reported can be no_qualifications, which is no category"
        ],
    ),
    "category of who did not say that no table has": (
        TOML,
        [('\nunknown = "unknown"\n', '\nunknown = "untold"\n')],
        ["standard.toml, unknown: untold is a category of no table"],
    ),
    "category that is no value": (
        QUALIFICATION_CSV,
        [("no_qualifications,no_qualifications,", "no_qualifications,below_degree,")],
        ["standard.toml, table parental-qualification: parental_qualification_reported is never no_qualifications"],
    ),
    "benchmark of no table": (
        "benchmarks.csv",
        [("free-school-meals,yes,", "free-meals,yes,")],
        ["benchmarks.csv, line 6: there is no table free-meals of what was answered"],
    ),
    "benchmark of what was imputed": (
        "benchmarks.csv",
        [("free-school-meals,yes,", "nssec-3-imputed,imputed,")],
        ["benchmarks.csv, line 6: there is no table nssec-3-imputed of what was answered"],
    ),
    "benchmark of no category": (
        "benchmarks.csv",
        [("independent+independent_bursary", "independent+bursary")],
        ["benchmarks.csv, line 5: school-type has no category bursary"],
    ),
    "benchmark of a category twice": (
        "benchmarks.csv",
        [("independent+independent_bursary", "independent+independent")],
        ["benchmarks.csv, line 5: has independent twice"] * 2,
    ),
    "benchmark of a category outside its base": (
        "benchmarks.csv",
        [("free-school-meals,yes,", "free-school-meals,not_applicable,")],
        ["benchmarks.csv, line 6: not_applicable is not in the base known"],
    ),
    "benchmark without a base": (
        "benchmarks.csv",
        [(",15,known,", ",15,everyone,")],
        ["benchmarks.csv, line 6: base must be one of known, asked"],
    ),
    "benchmark beyond all": (
        "benchmarks.csv",
        [(",15,known,", ",115,known,")],
        ["benchmarks.csv, line 6: 115 is no share in per cent"],
    ),
    "benchmark twice": (
        "benchmarks.csv",
        [("nssec-3,intermediate,", "nssec-3,managerial_professional,")],
        [
            f"benchmarks.csv, line {line}: there is more than one benchmark nssec-3 managerial_professional 2021"
            for line in (2, 3)
        ],
    ),
}


@pytest.mark.parametrize(("file", "changes", "found"), SENSE.values(), ids=SENSE)
def test_check_finds_planted_fault(tmp_path, file, changes, found):
    folder = copy(tmp_path)
    edit(folder, file, *changes)
    assert [str(fault) for fault in check(load(folder))] == found


def test_check_finds_nothing_in_the_standard_as_installed():
    assert check(registry.get("gss_seb", "2023-07")) == []
