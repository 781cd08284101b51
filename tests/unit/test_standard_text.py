"""The questions as data are the published text, to the letter, in all three modes."""

from collections.abc import Iterator

import pytest

from questionnaire import registry
from questionnaire.engine.model import Asking, Option

STANDARD = registry.get("gss_seb", "2023-07")
PUBLISHED = (registry.STANDARDS / STANDARD.key / "published.txt").read_text(encoding="utf-8")
MODES = ["online", "face_to_face", "telephone"]
END = "End of socio-economic background questions."

# In the published telephone section one question stands without the heading that every other one has.
HEADING_MISSING = [("telephone", "employer_size")]


def lines(text: str) -> list[str]:
    """The lines of a text, white space folded, blank ones left out."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def published_section(mode: str) -> list[str]:
    heading = f"{STANDARD.mode(mode).title} questions"
    section = PUBLISHED.split(f"\n{heading}\n")[1].split(END)[0]
    return lines(section)


def rebuilt_section(mode: str) -> list[str]:
    text = ""
    for question in STANDARD.questions:
        if (mode, question.id) not in HEADING_MISSING:
            text += "Question\n"
        text += "\n".join(parts(question.asking(mode))) + "\n"
    return lines(text)


def parts(asking: Asking) -> Iterator[str]:
    yield asking.wording
    if asking.guidance:
        yield f"Guidance: {asking.guidance}"
    for number, option in enumerate(asking.options, 1):
        yield f"{number}. {as_printed(option)}"
        yield option.hint
    if asking.instructions:
        yield "Interviewer instructions and guidance"
        yield asking.if_needed
        yield from asking.instructions
        yield from numbered(option.if_needed for option in asking.options if option.if_needed)
    if asking.routing:
        yield "Routing information"
        yield asking.routing


def as_printed(option: Option) -> str:
    return f"(Spontaneous) {option.label}" if option.spontaneous else option.label


def numbered(texts: Iterator[str]) -> Iterator[str]:
    return (f"{number}. {text}" for number, text in enumerate(texts, 1))


@pytest.mark.parametrize("mode", MODES)
def test_questions_put_together_again_are_the_published_section(mode):
    assert rebuilt_section(mode) == published_section(mode)


def test_question_names_are_the_published_list_of_eight():
    after = PUBLISHED.split("There are eight questions recommended to measure socio-economic background:")[1]
    published = lines(after)[: len(STANDARD.questions)]
    assert [f"• {question.name}" for question in STANDARD.questions] == published


def test_definition_is_the_published_one():
    after = PUBLISHED.split("we have used the Social Mobility Commission’s definition:")[1]
    assert lines(after)[0] == f"“{STANDARD.definition}”"


def test_facts_are_those_of_the_published_page():
    published = dict(line.split(":", 1) for line in lines(PUBLISHED)[4:9])
    assert published == {
        "Publication date": f"{STANDARD.published.day} {STANDARD.published:%B %Y}",
        "Owner": STANDARD.owner,
        "Who this is for": "Users and producers of statistics",
        "Type": "Harmonisation standards and guidance",
        "Contact": STANDARD.contact,
    }


def test_placement_names_the_neighbours_that_the_published_section_names():
    section = PUBLISHED.split("\nQuestion placement\n")[1]
    _before, neighbours = STANDARD.placement.split("with those on ")
    assert neighbours in section


def test_paper_is_asked_with_the_online_text():
    assert all(question.asking("paper") is question.asking("online") for question in STANDARD.questions)


@pytest.mark.parametrize(
    ("question", "table"),
    [("school_type", "school-type"), ("parental_qualification", "parental-qualification")],
)
def test_categories_have_the_words_of_the_online_options(question, table):
    options = {option.code: option.label for option in STANDARD.question(question).asking("online").options}
    labels = {category.code: category.label for category in STANDARD.table(table).categories}
    assert labels == {code: options.get(code, "Don’t know or prefer not to say") for code in labels}


def test_class_labels_are_the_headings_of_the_published_classes():
    reporting = PUBLISHED.split("Presenting and reporting the data")[1].split("\nOutputs\n")[0]
    headings = [
        line
        for line, following in zip(lines(reporting), lines(reporting)[1:], strict=False)
        if following.startswith("This class is based on")
    ]
    labels = [
        category.label
        for table in ("nssec-5", "nssec-3")
        for category in STANDARD.table(table).categories
        if category.base == "known"
    ]
    assert labels == [heading for heading in headings if heading != "Never worked and long-term unemployed"]


def test_three_classes_alone_may_be_drawn_as_an_order():
    assert [table.id for table in STANDARD.tables if table.ordered] == ["nssec-3"]


def test_tables_stand_in_the_order_of_the_publication():
    assert [table.id for table in STANDARD.tables] == [
        "school-type",
        "free-school-meals",
        "nssec-5",
        "nssec-5-imputed",
        "nssec-3",
        "nssec-3-imputed",
        "parental-qualification",
    ]


def test_bases_leave_out_what_they_must():
    outside_known = {"unknown", "not_asked", "not_applicable", "not_working"}
    categories = [category for table in STANDARD.tables for category in table.categories]
    assert {category.code for category in categories if category.base != "known"} == outside_known
    assert {category.code for category in categories if category.base == "neither"} == {"not_asked"}
    assert {category.code for category in categories if category.base == "known"} & outside_known == set()


def test_a_combined_category_has_one_label_everywhere():
    labels = {c.label for table in STANDARD.tables for c in table.categories if c.code == "unknown"}
    assert labels == {"Don’t know or prefer not to say"}
