"""Makes charts into SVG: within a page, where the page’s style sheet serves, and as a file that stands by itself."""

from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from outputs.charts import Chart, Panel, legend
from outputs.drawing import LINE, WIDTH, Drawing, Element, element, lines
from outputs.releases import Published

STYLE = Path("static", "admin-seb", "charts.css")  # below the project: pages link to it, files hold it
COLUMNS = 3  # of panels in a file
GAP = 32
_NAMESPACE = "http://www.w3.org/2000/svg"


def svg(panel: Panel) -> SafeString:
    """One panel for a page: an image with a title and everything that is drawn in words."""
    drawing = Drawing(panel)
    picture = _picture(panel.id, WIDTH, drawing.height, f"{panel.table}. {panel.title}", panel.words)
    picture.extend(drawing.elements)
    return mark_safe(ElementTree.tostring(picture, encoding="unicode"))  # noqa: S308  ElementTree has escaped it


def svg_file(release: Published, chart: Chart) -> bytes:
    """The whole chart as a file, with its style sheet and source within: the same bytes for the same release."""
    columns = min(COLUMNS, len(chart.panels))
    width = columns * WIDTH + (columns + 1) * GAP
    body = element("g")
    y = _write(body, chart.title, GAP, width, "title") + GAP // 2
    drawings = [Drawing(panel) for panel in chart.panels]
    for start in range(0, len(drawings), columns):
        row = drawings[start : start + columns]
        for place, drawing in enumerate(row):
            group = element("g", transform=f"translate({GAP + place * (WIDTH + GAP)} {y})")
            group.extend(drawing.elements)
            body.append(group)
        y += max(drawing.height for drawing in row) + GAP
    for words in (
        *release.standing.sentences,
        " ".join(legend(release, *chart.panels)),
        release.policy,
        release.source,
    ):
        y = _write(body, words, y, width, "source")
    words = " ".join(f"{panel.title}. {panel.words}" for panel in chart.panels)
    picture = _picture(chart.id, width, y + GAP, chart.title, words)
    picture.set("xmlns", _NAMESPACE)
    picture.set("width", str(width))
    picture.set("height", str(y + GAP))
    picture.append(element("style", (settings.BASE_DIR / STYLE).read_text(encoding="utf-8")))
    picture.append(element("rect", x=0, y=0, width="100%", height="100%", class_="paper"))
    picture.append(body)
    return ElementTree.tostring(picture, encoding="utf-8", xml_declaration=True) + b"\n"


def _picture(id: str, width: int, height: int, title: str, words: str) -> Element:
    names = {"title": f"{id}-title", "desc": f"{id}-desc"}
    picture = element(
        "svg", viewBox=f"0 0 {width} {height}", class_="chart", role="img", aria_labelledby=" ".join(names.values())
    )
    picture.append(element("title", title, id=names["title"]))
    picture.append(element("desc", words, id=names["desc"]))
    return picture


def _write(body: Element, words: str, y: int, width: int, class_: str) -> int:
    """The words across the whole width from `y` on; where the next may start."""
    for line in lines(words, width - 2 * GAP):
        y += LINE
        body.append(element("text", line, x=GAP, y=y, class_=class_))
    return y
