"""Proves that a standard is sound and total: nobody can get stuck, and every interview falls into every table once.

The proofs run through all that can occur, in every mode and under every setting, but over the few questions that each
one depends on, so that the service can afford them at every start.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from questionnaire.engine.derive import UnderivableError, describe, first_row, inputs_of, settle
from questionnaire.engine.interviews import interviews, with_universes
from questionnaire.engine.load import BENCHMARKS, FILE
from questionnaire.engine.model import ANY, IMPUTED, NOT_ASKED, DecisionTable, Fault, Fold, Standard, Table


def check(standard: Standard) -> list[Fault]:
    """What is wrong with the standard; [] where it is sound. A proof that stands on one that failed is not tried."""
    for proof in (_options, _universes, _names, _reach, _decisions, _categories, _folds, _benchmarks):
        faults = list(proof(standard))
        if faults:
            return faults
    return []


def _options(standard: Standard) -> Iterator[Fault]:
    """Options can be told apart, and a respondent who reads the questions is not offered what is left unread."""
    for mode in _modes(standard):
        for question in standard.questions:
            asking = question.asking(mode)
            place = f"question {question.id}, {mode}"
            labels = [option.label for option in asking.options]
            for option in asking.options:
                if option.code == NOT_ASKED:
                    yield Fault(FILE, place, f"{NOT_ASKED} is no answer: it says that a question was not asked")
                if labels.count(option.label) > 1:
                    yield Fault(FILE, place, f"{option.code} has the same label as another option")
                if option.spontaneous and standard.mode(mode).self_completion:
                    yield Fault(FILE, place, f"{option.code} is spontaneous, but nobody reads the options out")


def _universes(standard: Standard) -> Iterator[Fault]:
    """A universe names earlier questions, and codes that they offer in some mode."""
    offered: dict[str, set[str]] = {}
    for question in standard.questions:
        for earlier, codes in question.ask_if.items():
            place = f"question {question.id}, ask_if"
            if earlier not in offered:
                yield Fault(FILE, place, f"{earlier} is no earlier question")
            for code in codes:
                if code not in offered.get(earlier, codes):
                    yield Fault(FILE, place, f"{earlier} offers {code} in no mode")
        offered[question.id] = {code for mode in _modes(standard) for code in question.asking(mode).codes}


def _reach(standard: Standard) -> Iterator[Fault]:
    """Somebody, in some mode, is asked each question."""
    for question in standard.questions:
        if not any(question.id in known for known in _occurring(standard, [question.id])):
            yield Fault(FILE, f"question {question.id}", "nobody is ever asked it")


def _names(standard: Standard) -> Iterator[Fault]:
    """Decision tables and tables name only what there is."""
    settings = {setting.id: {option.code for option in setting.options} for setting in standard.settings}
    values = {**settings}
    derived = set()
    for question in standard.questions:
        values[question.id] = {code for mode in _modes(standard) for code in question.asking(mode).codes}
        values[question.id] |= {NOT_ASKED} if question.ask_if else set()
    for decision in standard.decisions:
        if decision.variable in values:
            yield Fault(decision.file, "", f"{decision.variable} is the name of something else already")
        yield from _cells(decision, values)
        values[decision.variable] = {row.value for row in decision.rows}
        derived.add(decision.variable)
        if decision.imputes:
            values[decision.variable + IMPUTED] = {"imputed", "not_imputed"}
            derived.add(decision.variable + IMPUTED)
    tables = {table.id: table for table in standard.tables}
    used = {name for decision in standard.decisions for name in decision.inputs} | {t.variable for t in tables.values()}
    for decision in standard.decisions:
        if decision.variable not in used:
            yield Fault(decision.file, "", "no table and no other decision uses it")
    for table in standard.tables:
        place = f"table {table.id}"
        if table.variable not in derived:
            yield Fault(FILE, place, f"{table.variable} is not derived")
        if table.imputed_of:
            counted = tables.get(table.imputed_of)
            if counted is None or counted.variable + IMPUTED != table.variable:
                yield Fault(FILE, place, f"{table.variable} does not count what is imputed in {table.imputed_of}")
        if table.ordered and (table.imputed_of or sum(each.base == "known" for each in table.categories) < 2):
            yield Fault(FILE, place, "only a table of answers with two categories or more in base known can be ordered")
        if table.folds:
            yield from _fold_names(table, table.folds, tables, settings)


def _cells(decision: DecisionTable, values: dict[str, set[str]]) -> Iterator[Fault]:
    unknown = [name for name in decision.inputs if name not in values]
    for name in unknown:
        yield Fault(decision.file, "line 1", f"{name} is no question, setting or earlier variable")
    for row in decision.rows:
        for name, cell in zip(decision.inputs, row.when, strict=True):
            for code in cell.split("|"):
                if name not in unknown and cell != ANY and code not in values[name]:
                    yield Fault(decision.file, f"line {row.line}", f"{name} is never {code}")


def _fold_names(table: Table, fold: Fold, tables: dict[str, Table], settings: dict[str, set[str]]) -> Iterator[Fault]:
    place = f"table {table.id}, folds"
    for setting, option in fold.when.items():
        if option not in settings.get(setting, ()):
            yield Fault(FILE, place, f"there is no {setting} = {option}")
    if fold.table not in tables:
        yield Fault(FILE, place, f"there is no table {fold.table}")
        return
    if set(fold.into) != {category.code for category in table.categories}:
        yield Fault(FILE, place, "into must name each category of the table")
    folded = sorted(code for codes in fold.into.values() for code in codes)
    if folded != sorted(category.code for category in tables[fold.table].categories):
        yield Fault(FILE, place, f"into must place each category of {fold.table} once")


def _decisions(standard: Standard) -> Iterator[Fault]:
    """Every combination that can occur has a row, and every row is the first for some combination."""
    for decision in standard.decisions:
        met = {inputs_of(decision, known): None for known in _occurring(standard, decision.inputs)}  # a set in order
        rows = {values: first_row(decision, values) for values in met}
        uncovered = [values for values, row in rows.items() if row is None]
        unreached = [row for row in decision.rows if row not in rows.values()]
        if uncovered:
            which = f"{describe(decision, uncovered[0])} ({len(uncovered)} in all)"
            yield Fault(decision.file, "", f"there is no row for {which}")
        for row in unreached:
            yield Fault(decision.file, f"line {row.line}", "no combination that can occur reaches this row")
        if uncovered or unreached:
            return  # later tables may stand on this one


def _categories(standard: Standard) -> Iterator[Fault]:
    """The categories of a table are the values that its variable can take; that of who did not say is one of some."""
    for table in standard.tables:
        values = {known[table.variable] for known in _occurring(standard, [table.variable])}
        codes = {category.code for category in table.categories}
        for code in sorted(values - codes):
            yield Fault(FILE, f"table {table.id}", f"{table.variable} can be {code}, which is no category")
        for code in sorted(codes - values):
            yield Fault(FILE, f"table {table.id}", f"{table.variable} is never {code}")
    if standard.unknown and standard.unknown not in {
        each.code for table in standard.tables for each in table.categories
    }:
        yield Fault(FILE, "unknown", f"{standard.unknown} is a category of no table")


def _folds(standard: Standard) -> Iterator[Fault]:
    """A table that folds another one agrees with it in every interview of the surveys for which it says so."""
    for table in standard.tables:
        if fold := table.folds:
            finer = standard.table(fold.table)
            into = {code: own for own, codes in fold.into.items() for code in codes}
            pairs = {
                (known[finer.variable], known[table.variable])
                for known in _occurring(standard, [finer.variable, table.variable, *fold.when])
                if all(known[name] == option for name, option in fold.when.items())
            }
            for fine, value in sorted(pairs):
                if value != into[fine]:
                    yield Fault(FILE, f"table {table.id}, folds", f"{fine} of {finer.id} occurs with {value}")


def _benchmarks(standard: Standard) -> Iterator[Fault]:
    """A benchmark is a share of one base of a table, of categories that are in that base, and is there once."""
    tables = {table.id: table for table in standard.tables if not table.imputed_of}
    in_base = {"known": {"known"}, "asked": {"known", "asked"}}
    keys = [benchmark.key for benchmark in standard.benchmarks]
    for benchmark in standard.benchmarks:
        place = f"line {benchmark.line}"
        if benchmark.table not in tables:
            yield Fault(BENCHMARKS, place, f"there is no table {benchmark.table} of what was answered")
            continue
        if benchmark.base not in in_base:
            yield Fault(BENCHMARKS, place, f"base must be one of {', '.join(in_base)}")
            continue
        bases = {category.code: category.base for category in tables[benchmark.table].categories}
        for code in benchmark.codes:
            if code not in bases:
                yield Fault(BENCHMARKS, place, f"{benchmark.table} has no category {code}")
            elif bases[code] not in in_base[benchmark.base]:
                yield Fault(BENCHMARKS, place, f"{code} is not in the base {benchmark.base}")
            elif benchmark.codes.count(code) > 1:
                yield Fault(BENCHMARKS, place, f"has {code} twice")
        if not 0 <= benchmark.value <= 100:
            yield Fault(BENCHMARKS, place, f"{benchmark.value} is no share in per cent")
        if keys.count(benchmark.key) > 1:
            yield Fault(BENCHMARKS, place, f"there is more than one benchmark {benchmark.key}")


def _modes(standard: Standard) -> list[str]:
    """The modes that have a text of their own."""
    return [mode.id for mode in standard.modes if mode.asks_as == mode.id]


def _occurring(standard: Standard, names: Iterable[str]) -> Iterator[dict[str, str]]:
    """All that can be known together of these questions, settings and variables, and of what they depend on.

    Interviews for which an earlier decision table has no row are left out: that is a fault of that table.
    """
    wanted = set(names)
    chain: list[DecisionTable] = []
    for decision in reversed(standard.decisions):  # a decision table reads earlier ones only
        if wanted & {decision.variable, decision.variable + IMPUTED}:
            chain.insert(0, decision)
            wanted.update(decision.inputs)
    questions = [question.id for question in with_universes(standard, wanted)]
    settings = [setting for setting in standard.settings if setting.id in wanted]
    choices = list(product(*([(setting.id, option.code) for option in setting.options] for setting in settings)))
    for mode in _modes(standard):
        for answers in interviews(standard, mode, only=questions):
            for choice in choices:
                known = {**dict(choice), **answers}
                try:
                    yield {**known, **settle(chain, known)}
                except UnderivableError:
                    continue
