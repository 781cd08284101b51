"""Our component templates against GOV.UK Frontend's own examples: the same HTML for the options that we take."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from django.template import Context, Engine
from django.utils.safestring import mark_safe

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "node_modules/govuk-frontend/dist/govuk/components"
ENGINE = Engine(dirs=[ROOT / "templates"], libraries={"i18n": "django.templatetags.i18n"})
SPACE_MATTERS_IN = {"a", "b", "em", "span", "strong"}

# The examples that we do not render, for the options they show: anybody's own attributes and classes, states for show,
# cards, conditional questions, rows with several actions, cells over several columns, a footer of several columns.
LEFT_OUT = {
    "back-link": "attributes; classes; inverse",
    "button": (
        "attributes; disabled; don't prevent double click; id; inverse disabled; link attributes; prevent "
        "double click; secondary disabled; start link with html; type; warning disabled"
    ),
    "details": "attributes; classes; expanded; id",
    "error-summary": (
        "attributes; autofocus disabled; autofocus explicitly enabled; classes; error list with attributes"
    ),
    "footer": (
        "Full GDS example; Three equal columns; attributes; classes; default; meta html as text; with "
        "HTML passed as text content; with container classes; with custom HTML content licence and "
        "copyright notice; with custom meta; with custom text content licence and copyright notice; with "
        "default width navigation (one column); with default width navigation (two columns); with empty "
        "meta; with empty meta items; with empty navigation; with meta; with meta html; with meta item "
        "attributes; with navigation; with navigation item attributes; with no content licence; with only "
        "custom meta"
    ),
    "generic-header": "attributes; classes; full width",
    "input": (
        "attributes; custom type; disabled; error with describedBy; hint with describedBy; inputmode; with "
        "autocapitalize turned off; with customised input wrapper; with describedBy; with error, hint and "
        "describedBy; with optional form-group classes; with pattern attribute; with prefix; with prefix "
        "and suffix; with prefix and suffix and error; with prefix and suffix and width modifier; with "
        "prefix with attributes; with prefix with classes; with prefix with html; with prefix with html as "
        "text; with spellcheck enabled; with suffix; with suffix with attributes; with suffix with classes;"
        " with suffix with html; with suffix with html as text"
    ),
    "inset-text": "attributes; classes; id",
    "notification-banner": (
        "attributes; auto-focus disabled, with type as success; auto-focus explicitly enabled, with type "
        "as success; classes; custom role; custom tabindex; custom title heading level; role=alert "
        "overridden to role=region, with type as success"
    ),
    "panel": (
        "attributes; classes; confirmation, with actions; custom heading level; interruption; "
        "interruption with custom classes; interruption, button link; interruption, no actions; "
        "interruption, no actions items; interruption, submit action; interruption, with actions classes "
        "and attributes; interruption-with-content-with-long-line-length; "
        "interruption-with-headings-content-and-lists"
    ),
    "radios": (
        "attributes; fieldset params; fieldset with describedBy; item checked overrides value; items with "
        "attributes; label with attributes; label with classes; minimal items and name; prechecked using "
        "value; small; small with conditional reveal; small with error; small with hint; textarea in "
        "conditional; with conditional item checked; with conditional items; with conditional items and "
        "pre-checked value; with conditional items with special characters; with describedBy and hint; "
        "with disabled; with empty conditional; with error message; with error message and idPrefix; with "
        "falsy items; with fieldset, error message and describedBy; with hint, error message and "
        "describedBy; with hints on items; with idPrefix; with optional form-group classes showing group "
        "error; without fieldset"
    ),
    "skip-link": "attributes; classes; with focus",
    "summary-list": (
        "actions with attributes; actions with classes; as a summary card extreme; as a summary card with "
        "a custom header level; as a summary card with a html header; as a summary card with a text "
        "header; as a summary card with actions; as a summary card with actions plus summary list "
        "actions; attributes; classes on items; extreme; key with classes; no-border on last row; "
        "overridden-widths; rows with classes; summary card with custom attributes; summary card with "
        "custom classes; summary card with only 1 action; translated; with actions; with some actions"
    ),
    "table": (
        "attributes; firstCellIsHeader with attributes; firstCellIsHeader with classes; firstCellIsHeader "
        "with rowspan and colspan; head with attributes; head with classes; head with rowspan and "
        "colspan; rows with attributes; rows with classes; rows with rowspan and colspan"
    ),
    "tag": "attributes",
    "warning-text": "attributes; classes; icon fallback text only",
}


def words(options: dict, name: str = "") -> str:
    """Take a text option or its HTML twin; only the twin is trusted as markup, as in our templates."""
    html = options.pop(f"{name}Html" if name else "html", None)
    text = options.pop(f"{name}Text" if name else "text", None)
    return mark_safe(html.strip()) if html else "" if text is None else text  # noqa: S308 GOV.UK's own markup


def back_link(given: dict) -> dict:
    return {"href": given.pop("href", "#"), "text": words(given)}


def button(given: dict) -> dict:
    if given.get("isStartButton") and "html" in given:
        return {}
    taken = {key: given.pop(key, "") for key in ("href", "classes", "name", "value")}
    return {**taken, "start": given.pop("isStartButton", False), "text": words(given)}


def details(given: dict) -> dict:
    return {"summary": words(given, "summary"), "text": words(given)}


def error_summary(given: dict) -> dict:
    errors = [{"text": words(error), "href": error.pop("href", "")} for error in given.get("errorList", [])]
    return {"title": words(given, "title"), "description": words(given, "description"), "errors": errors}


def footer(given: dict) -> dict:
    meta = given.get("meta", {})
    if not meta.get("items"):
        given["meta"] = "none"
        return {}
    links = [{"href": link.pop("href"), "text": link.pop("text")} for link in meta.get("items", [])]
    return {"links": links, "text": words(meta)}


def header(given: dict) -> dict:
    return {"name": words(given, "logo"), "url": given.pop("url", "/")}


def text_input(given: dict) -> dict:
    label = given["label"]
    taken = {key: str(given.pop(key, "")) for key in ("name", "classes", "value", "autocomplete")}
    if given.get("type") == "text":
        given.pop("type")
    return {
        **taken,
        "id": given.pop("id", taken["name"]),
        "label": words(label),
        "label_classes": label.pop("classes", ""),
        "label_heading": label.pop("isPageHeading", False),
        "hint": words(given.get("hint", {})),
        "error": words(given.get("errorMessage", {})),
        "spellcheck": given.pop("spellcheck", None) if given.get("spellcheck") is not True else None,
    }


def text_only(given: dict) -> dict:
    return {"text": words(given)}


def notification_banner(given: dict) -> dict:
    html, text = given.pop("html", None), given.pop("text", None)
    return {
        "html": html and mark_safe(html.strip()),  # noqa: S308 GOV.UK's own markup
        "text": text,
        "title": words(given, "title"),
        "title_id": given.pop("titleId", ""),
        "success": given.pop("type", None) == "success",
    }


def panel(given: dict) -> dict:
    return {"title": words(given, "title"), "text": words(given)}


def radios(given: dict) -> dict:
    name = given.pop("name")
    legend = given.setdefault("fieldset", {"legend": {"none": True}}).get("legend", {})
    return {
        "name": name,
        "id_prefix": given.pop("idPrefix", name),
        "classes": given.pop("classes", ""),
        "legend": words(legend),
        "legend_heading": legend.pop("isPageHeading", False),
        "legend_classes": legend.pop("classes", ""),
        "hint": words(given.get("hint", {})),
        "error": words(given.get("errorMessage", {})),
        "items": [
            {
                "value": item.pop("value", ""),
                "text": words(item),
                "hint": words(item.get("hint", {})),
                "checked": item.pop("checked", False),
                "divider": item.pop("divider", ""),
            }
            for item in given["items"]
            if item
        ],
    }


def skip_link(given: dict) -> dict:
    return {"href": given.pop("href", "#content"), "text": words(given)}


def summary_list(given: dict) -> dict:
    rows = []
    for row in filter(None, given["rows"]):
        new = {"key": words(row["key"]), "value": words(row["value"])}
        actions = row.get("actions", {}).get("items", [])
        if actions:
            new |= {
                "href": actions[0].pop("href"),
                "text": words(actions[0]),
                "hidden": actions[0].pop("visuallyHiddenText", ""),
            }
        rows.append(new)
    if len({"href" in row for row in rows}) > 1:
        given["mixed"] = True
    return {"rows": rows, "classes": given.pop("classes", "")}


def table(given: dict) -> dict:
    def cells(row: list[dict]) -> list[dict]:
        return [{"text": words(cell), "format": cell.pop("format", "")} for cell in row]

    taken = {key: given.pop(key, "") for key in ("caption", "classes")}
    return {
        **taken,
        "caption_classes": given.pop("captionClasses", ""),
        "head": cells(given.get("head", [])),
        "rows": [cells(row) for row in given["rows"] if row],
        "first_cell_is_header": given.pop("firstCellIsHeader", False),
    }


def tag(given: dict) -> dict:
    return {"text": words(given), "classes": given.pop("classes", "")}


def warning_text(given: dict) -> dict:
    if given.get("iconFallbackText") == "Warning":
        given.pop("iconFallbackText")
    return {"text": words(given)}


# Component: (template, what turns GOV.UK's options into our parameters, taking out what it uses)
COMPONENTS: dict[str, tuple[str, Callable[[dict], dict]]] = {
    "back-link": ("back_link", back_link),
    "button": ("button", button),
    "details": ("details", details),
    "error-summary": ("error_summary", error_summary),
    "footer": ("footer", footer),
    "generic-header": ("header", header),
    "input": ("input", text_input),
    "inset-text": ("inset_text", text_only),
    "notification-banner": ("notification_banner", notification_banner),
    "panel": ("panel", panel),
    "radios": ("radios", radios),
    "skip-link": ("skip_link", skip_link),
    "summary-list": ("summary_list", summary_list),
    "table": ("table", table),
    "tag": ("tag", tag),
    "warning-text": ("warning_text", warning_text),
}


def nothing_left(options: object) -> bool:
    """Whether no option is left that says anything."""
    if isinstance(options, dict):
        return all(map(nothing_left, options.values()))
    if isinstance(options, list):
        return all(map(nothing_left, filter(None, options)))
    return options is None or options == ""


def examples(component: str) -> tuple[list[tuple[str, dict, str]], list[str]]:
    """GOV.UK's examples of a component: (name, our parameters, expected HTML) of those we take, names of the others."""
    taken, left_out = [], []
    for fixture in json.loads((FIXTURES / component / "fixtures.json").read_text())["fixtures"]:
        options = copy.deepcopy(fixture["options"])
        parameters = COMPONENTS[component][1](options)
        if nothing_left(options):
            taken.append((fixture["name"], parameters, fixture["html"]))
        else:
            left_out.append(fixture["name"])
    return taken, sorted(left_out)


def expected(component: str, html: str) -> str:
    """GOV.UK's HTML with our few departures: what only gov.uk may show is gone, what its script does is there."""
    soup = BeautifulSoup(html, "html.parser")
    if component == "back-link":
        soup.find("a").wrap(soup.new_tag("nav", attrs={"aria-label": "Back"}))
    if component == "error-summary":
        soup.find("div").attrs |= {"tabindex": "-1", "autofocus": ""}
    if component == "footer":
        for reserved in soup.select("svg, .govuk-footer__licence-description, .govuk-footer__meta-item:last-child"):
            reserved.decompose()
    return str(soup)


def structure(node: Tag) -> list:
    """A page as nested lists: tags, attributes in order, text with its white space folded as a browser folds it."""
    inline = node.name in SPACE_MATTERS_IN
    parts = []
    for child in node.children:
        if isinstance(child, Tag):
            parts.append([child.name, sorted((key, value) for key, value in child.attrs.items()), structure(child)])
        elif isinstance(child, NavigableString):
            parts.append(re.sub(r"\s+", " ", child))
    for position, part in enumerate(parts):
        if isinstance(part, str):
            before = parts[position - 1] if position else None
            after = parts[position + 1] if position + 1 < len(parts) else None
            if (before is None and not inline) or (before is not None and before[0] not in SPACE_MATTERS_IN):
                part = part.lstrip()
            if (after is None and not inline) or (after is not None and after[0] not in SPACE_MATTERS_IN):
                part = part.rstrip()
            parts[position] = part
    return [part for part in parts if part]


def render(component: str, parameters: dict) -> str:
    return ENGINE.get_template(f"govuk/{COMPONENTS[component][0]}.html").render(Context(parameters))


CASES = [
    pytest.param(component, parameters, html, id=f"{component}: {name}")
    for component in COMPONENTS
    for name, parameters, html in examples(component)[0]
]


@pytest.mark.parametrize(("component", "parameters", "html"), CASES)
def test_component_given_the_options_of_an_example_is_its_html(component, parameters, html):
    ours = BeautifulSoup(render(component, parameters), "html.parser")
    theirs = BeautifulSoup(expected(component, html), "html.parser")
    assert structure(ours) == structure(theirs)


@pytest.mark.parametrize("component", COMPONENTS)
def test_examples_left_out_are_those_named(component):
    assert "; ".join(examples(component)[1]) == LEFT_OUT[component]


def test_summary_list_row_with_hidden_words_is_that_of_an_example():
    fixtures = json.loads((FIXTURES / "summary-list/fixtures.json").read_text())["fixtures"]
    example = next(fixture for fixture in fixtures if fixture["name"] == "with actions")
    parameters = summary_list({"rows": copy.deepcopy(example["options"]["rows"][1:2])})
    [ours] = BeautifulSoup(render("summary-list", parameters), "html.parser").select(".govuk-summary-list__row")
    theirs = BeautifulSoup(example["html"], "html.parser").select(".govuk-summary-list__row")[1]
    assert (structure(ours), parameters["rows"][0]["hidden"]) == (structure(theirs), "date of birth")


def test_radios_with_a_divider_before_an_item_count_radios_only():
    items = [{"value": "a", "text": "A"}, {"value": "b", "text": "B", "divider": "or"}]
    page = BeautifulSoup(
        render("radios", {"name": "q", "id_prefix": "q", "legend": "Q?", "items": items}), "html.parser"
    )
    ids_and_dividers = page.select("input, .govuk-radios__divider")
    assert [part.get("id") or part.get_text() for part in ids_and_dividers] == ["q", "or", "q-2"]


def test_radios_by_default_ask_in_the_heading_of_the_page():
    page = BeautifulSoup(render("radios", {"name": "q", "id_prefix": "q", "legend": "Q?", "items": []}), "html.parser")
    assert str(page.find("legend")) == (
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--l">'
        '<h1 class="govuk-fieldset__heading">Q?</h1></legend>'
    )
