"""Writes a standard's page in docs/standards/: everything about it in one place, as Markdown."""

from collections.abc import Iterator

from outputs.codebook import Entry, Way, cell_words, derivation, entries
from outputs.markdown import bullets, grid, quoted
from outputs.routing_diagram import flowchart
from outputs.words import together, who_is_in_base
from questionnaire.engine.model import DecisionTable, Standard, Table


def page(standard: Standard) -> str:
    """The whole page; the same for the same data."""
    blocks = [
        *_about(standard),
        *_routing(standard),
        "## Questions",
        *(block for number, entry in enumerate(entries(standard), 1) for block in _question(number, entry)),
        "## Tables",
        *(block for table in standard.tables for block in _table(table)),
        *_settings(standard),
        *_derivations(standard),
        *_benchmarks(standard),
        *_open_questions(standard),
    ]
    return "\n\n".join(blocks) + "\n"


def _about(standard: Standard) -> Iterator[str]:
    yield f"# {standard.title}, {standard.version}"
    yield (
        f"This page is written by `make docs` from the data in `questionnaire/standards/{standard.key}/`. "
        "Change the data, never this page."
    )
    yield bullets(
        [
            f"Id: `{standard.key}`",
            f"Published: {standard.published.day} {standard.published:%B %Y}",
            f"Owner: {standard.owner}",
            f"Contact: {standard.contact}",
            f"Source: <{standard.url}>",
            f"Licence: [{standard.licence}]({standard.licence_url})",
        ]
    )
    yield "What it measures, in the standard’s words:"
    yield quoted(standard.definition)
    yield "## Ways of asking"
    yield grid(
        ("Mode", "Code", "Text", "Note"),
        [
            (mode.title, f"`{mode.id}`", f"as `{mode.asks_as}`" if mode.asks_as != mode.id else "its own", mode.note)
            for mode in standard.modes
        ],
    )


def _routing(standard: Standard) -> Iterator[str]:
    yield "## Who is asked what"
    yield (
        "Numbers give the order. Thick arrows: what everyone is asked. Thin arrows: asked only after one of "
        "the answers on the arrow, each named by its code. Questions in one box have the same universe."
    )
    yield f"```mermaid\n{flowchart(standard)}\n```"
    yield grid(("Question", "Universe"), [(entry.question.name, entry.universe) for entry in entries(standard)])


def _question(number: int, entry: Entry) -> Iterator[str]:
    question = entry.question
    yield f"### {number}. {question.name}"
    yield f"Variable: `{question.id}`. {_used(entry)} Universe: {entry.universe}."
    yield f"Why it is asked: {question.why}"
    for way in entry.ways:
        yield from _way(way)


def _used(entry: Entry) -> str:
    if not entry.used_in:
        return "No other variable is derived from it."
    return f"Used to derive {together([f'`{variable}`' for variable in entry.used_in])}."


def _way(way: Way) -> Iterator[str]:
    yield f"#### {together([mode.title for mode in way.modes])}"
    yield quoted(way.asking.wording)
    if way.asking.guidance:
        yield f"Guidance: {way.asking.guidance}"
    options = [
        (
            str(order),
            f"`{option.code}`",
            option.label,
            option.hint,
            "yes" if option.spontaneous else "",
            option.if_needed,
        )
        for order, option in enumerate(way.asking.options, 1)
    ]
    yield grid(("Order", "Code", "Answer", "Hint", "Spontaneous", "If needed"), options, optional={3, 4, 5})
    if way.asking.instructions:
        yield "Interviewer instructions:"
        yield quoted("\n\n".join(way.asking.instructions))
    if way.asking.if_needed:
        yield quoted(way.asking.if_needed)
    if way.asking.routing:
        yield "Routing as published:"
        yield quoted(way.asking.routing)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.title}"
    yield f"Table `{table.id}`, of the variable `{table.variable}`. Universe: {table.universe}"
    asked, known = (who_is_in_base(base, table.categories) for base in ("asked", "known"))
    yield f"Base asked: {asked}. Base known: {known}."
    into = table.folds.into if table.folds else {}
    yield grid(
        ("Code", "Category", "In base asked", "In base known", "Made of"),
        [
            (
                f"`{category.code}`",
                category.label,
                "no" if category.base == "neither" else "yes",
                "yes" if category.base == "known" else "no",
                together([f"`{code}`" for code in into.get(category.code, ())]),
            )
            for category in table.categories
        ],
        optional={4},
    )
    if table.folds:
        when = together([f"{setting} is `{choice}`" for setting, choice in table.folds.when.items()])
        yield f"It puts categories of `{table.folds.table}` together" + (f", where {when}." if when else ".")
    if table.ordered:
        yield "Its categories in base known are steps of an order, and may be drawn as one."
    if table.notes:
        yield bullets(table.notes)


def _settings(standard: Standard) -> Iterator[str]:
    if standard.settings:
        yield "## What a survey chooses"
        yield "Each survey chooses once, before it opens."
    for setting in standard.settings:
        yield f"### {setting.title}"
        yield grid(
            (f"`{setting.id}`", "Choice", "Meaning"),
            [(f"`{option.code}`", option.label, option.hint) for option in setting.options],
        )


def _derivations(standard: Standard) -> Iterator[str]:
    yield "## How the variables are derived"
    yield (
        "In each table the first row that matches decides; “any” matches every value, and `not_asked` is the value of "
        "a question that was not asked. The last column says what in the standard or in the matrix justifies the row."
    )
    for decision in standard.decisions:
        yield f"### `{decision.variable}`"
        yield _derivation(decision)


def _derivation(decision: DecisionTable) -> str:
    columns, rows = derivation(decision)
    inputs = range(1, 1 + len(decision.inputs))
    return grid(
        columns, [[cell_words(cell) if place in inputs else cell for place, cell in enumerate(row)] for row in rows]
    )


def _benchmarks(standard: Standard) -> Iterator[str]:
    if standard.benchmarks:
        yield "## Benchmarks"
        yield (
            "Published shares, none of them measured with this standard. A survey’s results show one beside their own "
            "only where its owner switches it on, always with its caution, and never the gap between the two."
        )
        yield grid(
            ("Table", "Categories", "Per cent", "Base", "Population", "Date", "Source", "Caution"),
            [
                (
                    f"`{each.table}`",
                    together([f"`{code}`" for code in each.codes]),
                    f"{each.value}",
                    each.base,
                    each.population,
                    each.period,
                    f"{each.source}; looked up on {each.checked_on.day} {each.checked_on:%B %Y}",
                    each.caution,
                )
                for each in standard.benchmarks
            ],
        )


def _open_questions(standard: Standard) -> Iterator[str]:
    names = {question.id: question.name for question in standard.questions}
    if standard.open_questions:
        yield "## Open questions to the standard’s owner"
        yield grid(
            ("About", "Question", "Until it is answered"),
            [(names.get(each.about, each.about), each.text, each.meanwhile) for each in standard.open_questions],
        )
