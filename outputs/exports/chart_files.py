"""The charts of a release as files, one SVG each."""

from collections.abc import Iterator

from outputs.charts import charts
from outputs.exports.files import File
from outputs.releases import Published
from outputs.svg import svg_file

SVG = "image/svg+xml"


def chart_files(release: Published) -> Iterator[File]:
    """A drawing for each table of everyone and for each breakdown of it, in the order of the tables."""
    for chart in charts(release):
        yield File(chart.file, f"Chart: {chart.title}", SVG, lambda chart=chart: svg_file(release, chart))
