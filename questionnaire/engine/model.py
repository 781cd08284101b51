"""What a standard is made of. These classes are also the schema that `load` holds a standard's files to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

NOT_ASKED = "not_asked"  # the value of a question that is off the route
ANY = "*"  # a cell of a decision table that every value matches
IMPUTED = "_imputed"  # ends the name of the variable that says whether another one was imputed

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a standard: the file, where in it, and what is wrong, in plain words."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.file, self.place])) + f": {self.message}"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. `if_needed` is what an interviewer may add about it when asked."""

    code: str
    label: str
    hint: str = ""
    spontaneous: bool = False  # taken when the respondent says it, never read out
    if_needed: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """How one question is asked in one mode. In texts, a line that starts with "• " is a bullet.

    `guidance` is for the respondent, `instructions` (paragraphs) and `if_needed` for the interviewer, `routing` for
    the codebook only: it is the published sentences, while `ask_if` is what routes.
    """

    wording: str
    options: tuple[Option, ...]
    guidance: str = ""
    if_needed: str = ""
    instructions: tuple[str, ...] = ()
    routing: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    def option(self, code: str) -> Option:
        """The option with this code. KeyError where this mode does not offer it."""
        return _named(self.options, "code", code)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question in every mode. `ask_if` is its universe: earlier questions with codes, any of which asks it."""

    id: str
    name: str
    why: str
    error: str  # what a respondent reads who goes on without an answer
    askings: Mapping[str, Asking]
    ask_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.id.replace("_", "-")

    def asking(self, mode: str) -> Asking:
        return self.askings[mode]


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of asking. One that `asks_as` another has no text of its own."""

    id: str
    title: str
    asks_as: str = ""  # blank in the file means: with its own text
    self_completion: bool = False
    imports_only: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks_as", self.asks_as or self.id)


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice that a survey makes once, such as its imputation policy. The first option is the usual one."""

    id: str
    title: str
    options: tuple[Option, ...]

    def option(self, code: str) -> Option:
        """The option with this code. KeyError where there is none."""
        return _named(self.options, "code", code)


@dataclass(frozen=True, slots=True)
class Category:
    """A row of a table. `base`: "known" counts in both bases, "asked" in the asked base only, "neither" in none.

    `telling`: to be in it is a fact about a person, which must not become certain of anyone.
    """

    code: str
    label: str
    base: Literal["known", "asked", "neither"]
    telling: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """What makes one table a coarser version of another: `into` maps own codes to the codes of `table`.

    It holds in surveys whose settings are as in `when`.
    """

    table: str
    into: Mapping[str, tuple[str, ...]]
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One reported table: the values of one variable, as categories in order."""

    id: str
    title: str
    variable: str
    universe: str
    categories: tuple[Category, ...]
    notes: tuple[str, ...] = ()
    folds: Fold | None = None
    imputed_of: str = ""  # the table whose imputed responses this one counts
    ordered: bool = False  # its categories in base known are steps of an order, and may be drawn as one


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a decision table: a cell for each input ("*", a code, or codes joined by "|"), and what follows."""

    when: tuple[str, ...]
    value: str
    imputed: bool
    source: str
    line: int  # in the file, from 1


@dataclass(frozen=True, slots=True, eq=False)
class DecisionTable:
    """How one variable is derived: the first row that matches. With `imputes` it says of every value how it came."""

    variable: str
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]
    imputes: bool

    @property
    def file(self) -> str:
        return f"{self.variable}.csv"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published share that a table's may be laid beside, and why the two are not quite the same thing.

    `value` is in per cent of `base`, of the categories in `codes` together; `period` is what it is of, a year mostly.
    """

    table: str
    codes: tuple[str, ...]
    label: str
    value: Decimal
    base: str
    population: str
    period: str
    checked_on: date
    source: str
    caution: str
    line: int  # in the file, from 1

    @property
    def key(self) -> str:
        """What tells it from every other benchmark of its standard."""
        return " ".join((self.table, "+".join(self.codes), self.period))


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something that the standard's owner is to settle, and what is done until then."""

    about: str
    text: str
    meanwhile: str


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """One version of one standard, whole. Two are the same only when they are the same object."""

    id: str
    version: str
    title: str
    published: date
    owner: str
    contact: str
    url: str
    licence: str
    licence_url: str
    definition: str
    refusal: str  # the code by which someone says that they prefer not to answer
    modes: tuple[Mode, ...] = field(metadata={"key": "mode"})
    questions: tuple[Question, ...] = field(metadata={"key": "question"})
    decisions: tuple[DecisionTable, ...]
    tables: tuple[Table, ...] = field(metadata={"key": "table"})
    settings: tuple[Setting, ...] = field(default=(), metadata={"key": "setting"})
    open_questions: tuple[OpenQuestion, ...] = field(default=(), metadata={"key": "open_question"})
    benchmarks: tuple[Benchmark, ...] = ()
    placement: str = ""  # where the questions belong among other questions
    unknown: str = ""  # the code, in any table, of the category of those who did not say

    @property
    def key(self) -> str:
        return f"{self.id}/{self.version}"

    # Each of the following is KeyError where there is none of that name.

    def question(self, id: str) -> Question:
        return _named(self.questions, "id", id)

    def question_by_slug(self, slug: str) -> Question:
        return _named(self.questions, "slug", slug)

    def mode(self, id: str) -> Mode:
        return _named(self.modes, "id", id)

    def setting(self, id: str) -> Setting:
        return _named(self.settings, "id", id)

    def table(self, id: str) -> Table:
        return _named(self.tables, "id", id)

    def benchmark(self, key: str) -> Benchmark:
        return _named(self.benchmarks, "key", key)


def _named(items: tuple[_T, ...], attribute: str, name: str) -> _T:
    for item in items:
        if getattr(item, attribute) == name:
            return item
    raise KeyError(name)
