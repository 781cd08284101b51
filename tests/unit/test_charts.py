"""Charts: a bar is as long as its share, what is withheld has no length, and a file is the same every time."""

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from outputs import charts, drawing
from outputs.drawing import PER_CENT, WIDTH, ZERO, Drawing, lines
from outputs.exports.chart_files import chart_files
from outputs.svg import svg
from questionnaire.engine.model import Category
from tests.unit.published import CLASSES, published, table

SVG = "{http://www.w3.org/2000/svg}"
TWO = table(categories=[Category("yes", "Yes", "known"), Category("no", "No", "known")])
BARS = {"bar", "shade-1", "shade-2", "shade-3", "unknown"}


def panel_of(counts, **more) -> charts.Panel:
    release = published(counts, **more)
    return charts.of_table(release, release.tables[0]).panels[0]


def elements(panel: charts.Panel, *classes: str) -> list[dict[str, str]]:
    return [each.attrib for each in Drawing(panel).elements if each.get("class") in classes]


def words(panel: charts.Panel, class_: str) -> list[str]:
    return [each.text for each in Drawing(panel).elements if each.get("class") == class_]


def test_bar_starts_at_zero_and_is_as_long_as_its_share():
    bars = elements(panel_of([200, 120, 80, 100]), *BARS)
    assert [(int(bar["x"]), int(bar["width"]) / PER_CENT) for bar in bars] == [
        (ZERO, 50), (ZERO, 30), (ZERO, 20), (ZERO, 20),
    ]  # fmt: skip


def test_bars_do_not_overlap():
    bars = [(int(bar["y"]), int(bar["height"])) for bar in elements(panel_of([200, 120, 80, 100]), *BARS)]
    assert all(y + height < later for (y, height), (later, _h) in pairwise(bars))


@pytest.mark.parametrize(
    ("counts", "symbols"), [([5, 4], ["[c]", "[c]"]), ([25, 20], ["[x]", "[x]"]), ([25, 2], ["[x]", "[low]"])]
)
def test_share_that_is_withheld_has_its_symbol_and_no_length(counts, symbols):
    panel = panel_of(counts, of=TWO)
    assert elements(panel, *BARS, "coded", "whisker") == []
    assert words(panel, "value") == symbols


def test_share_that_is_coded_has_a_box_over_all_that_its_symbol_allows_and_no_bar():
    panel = panel_of([195, 5], of=TWO)
    boxes = [(int(box["x"]) - ZERO, int(box["width"])) for box in elements(panel, "coded")]
    assert boxes == [(95 * PER_CENT, 5 * PER_CENT), (0, 5 * PER_CENT)]
    assert elements(panel, *BARS) == []
    assert words(panel, "value") == ["[95+]", "[5-]"]


# 45 of 60 with 2 either way: 43 in 60 to 47 in 60, 71 to 79 per cent when widened to whole numbers.
def test_whisker_is_the_range_that_rounding_allows():
    panel = panel_of([45, 15], of=TWO)
    first = elements(panel, "whisker")[0]["d"]
    low, high = (ZERO + share * PER_CENT for share in (71, 79))
    assert (first.split()[0], first.split("H")[1]) == (f"M{low}", str(high))
    assert words(panel, "value") == ["75% (71 to 79)", "25% (21 to 29)"]


def test_group_has_a_mark_at_the_share_of_everyone():
    release = published({"All": [200, 200], "A": [60, 140]}, of=TWO)
    (broken_down,) = release.broken_down(release.tables[0])
    marks = elements(charts.of_groups(release, broken_down).panels[0], "everyone")
    assert [mark["d"].split()[0] for mark in marks] == [f"M{ZERO + 50 * PER_CENT}"] * 2


def test_groups_are_drawn_in_the_order_of_the_breakdown():
    counts = [100, 60, 40, 20]
    release = published({"All": counts, "Low": counts, "Middle": counts, "High": counts})
    (broken_down,) = release.broken_down(release.tables[0])
    chart = charts.of_groups(release, broken_down)
    assert (chart.id, [panel.title for panel in chart.panels]) == (
        "chart-classes-by-grade", ["Low", "Middle", "High"],
    )  # fmt: skip


def test_more_groups_than_anyone_compares_are_not_drawn():
    counts = {"All": [100, 100]} | {f"G{n}": [100, 100] for n in range(charts.MOST_PANELS + 1)}
    release = published(counts, of=TWO)
    assert charts.of_groups(release, release.broken_down(release.tables[0])[0]) is None


@pytest.mark.parametrize(("ordered", "classes"), [(True, ["shade-1", "shade-2", "shade-3"]), (False, ["bar"] * 3)])
def test_steps_of_an_order_have_shades_and_categories_one_colour(ordered, classes):
    panel = panel_of([200, 120, 80, 100], ordered=ordered)
    assert [bar["class"] for bar in elements(panel, *BARS)] == [*classes, "unknown"]


def test_order_of_more_steps_than_there_are_shades_has_one_colour():
    steps = [Category(f"s{n}", f"Step {n}", "known") for n in range(4)]
    assert {bar.shade for bar in panel_of([50, 50, 50, 50], of=table(categories=steps)).bars} == {0}


def test_panel_names_both_bases():
    assert words(panel_of([200, 120, 80, 100]), "base") == [
        "Base known: 400 of 500 people asked",
        "Base asked: 500 people",
    ]


def test_panel_in_words_has_everything_that_is_drawn():
    assert panel_of([200, 120, 80, 100]).words == (
        "Base known: 400 of 500 people asked: High, 50 per cent; Middle, 30 per cent; Low, 20 per cent. "
        "Base asked: 500 people: Unknown, 20 per cent."
    )


def test_panel_on_a_page_is_an_image_named_by_its_title_and_its_words():
    panel = panel_of([200, 120, 80, 100])
    image = ElementTree.fromstring(svg(panel))  # noqa: S314  it is our own
    assert (image.get("role"), image.get("aria-labelledby")) == ("img", f"{panel.id}-title {panel.id}-desc")
    assert [(each.get("id"), each.text) for each in image[:2]] == [
        (f"{panel.id}-title", "The classes. Everyone"),
        (f"{panel.id}-desc", panel.words),
    ]


def test_panel_on_a_page_breaks_no_rule_of_the_content_security_policy():
    image = ElementTree.fromstring(svg(panel_of([45, 15], of=TWO)))  # noqa: S314  it is our own
    assert [each for each in image.iter() if each.tag == "style" or "style" in each.attrib] == []


def test_title_of_a_group_is_text_and_never_markup():
    panel = replace(panel_of([60, 40], of=TWO), title="</text><script>alert(1)</script>\x0b & more")
    image = ElementTree.fromstring(svg(panel))  # noqa: S314  it is our own
    titles = " ".join(each.text for each in image.iter("text") if each.get("class") == "panel-title")
    assert (titles, list(image.iter("script"))) == ("</text><script>alert(1)</script> & more", [])


def test_chart_files_are_of_each_table_and_of_each_breakdown_but_not_of_what_was_imputed():
    imputed = table("imputed", TWO.categories, imputed_of="classes")
    release = published({"All": [100, 50, 50, 10], "A": [100, 50, 50, 10]}, others=[(imputed, [10, 200])])
    assert [file.name for file in chart_files(release)] == ["chart-classes.svg", "chart-classes-by-grade.svg"]


def test_chart_file_stands_alone_and_is_the_same_every_time():
    counts = {"All": [100, 50, 50, 10], "A": [100, 50, 50, 10]}
    first, again = ([file.content() for file in chart_files(published(counts))] for _time in range(2))
    assert first == again
    for content in first:
        picture = ElementTree.fromstring(content)  # noqa: S314  it is our own
        assert picture.tag == f"{SVG}svg"
        assert ".chart rect" in picture.find(f"{SVG}style").text
        texts = [each.text for each in picture.iter(f"{SVG}text")]
        assert "Staff survey (Made-up Office). Questions and categories: Made-up" in " ".join(texts)


def test_legend_explains_the_symbols_that_are_drawn_and_no_other():
    release = published([195, 5], of=TWO)
    panel = charts.of_table(release, release.tables[0]).panels[0]
    assert charts.legend(release, panel) == [
        "Every bar starts at zero, and all have the same scale.",
        "A dashed box: all that [5-] and [95+] may stand for.",
        "[95+] 95 per cent or more.",
        "[5-] 5 per cent or less.",
    ]


def test_compact_chart_has_the_shares_of_the_base_known_only():
    release = published({"All": [100, 50, 50, 10], "A": [100, 50, 50, 10]})
    (broken_down,) = release.broken_down(release.tables[0])
    chart = charts.compact("side", charts.of_table(release, release.tables[0]), charts.of_groups(release, broken_down))
    assert [(panel.id, len(panel.bars)) for panel in chart.panels] == [
        ("side-panel-classes-organisation-all", 3),
        ("side-panel-classes-grade-a", 3),
    ]


@pytest.mark.parametrize("text", ["A" * 200, "Short words, many of them, " * 8, "漢字" * 60, "one", "mmmm " * 40])
def test_lines_keep_every_character_and_fit(text):
    found = lines(text, WIDTH)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(drawing._wide(line) <= WIDTH for line in found)


def test_known_categories_are_those_of_the_base_known():
    assert [bar.label for bar in panel_of([200, 120, 80, 100]).known] == [each.label for each in CLASSES[:3]]
