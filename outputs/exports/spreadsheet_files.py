"""The two spreadsheets of a release, which hold the same cells."""

from collections.abc import Iterator

from outputs.exports.files import ODS, XLSX, File
from outputs.exports.ods import ods
from outputs.exports.worksheets import spreadsheet
from outputs.exports.xlsx import xlsx
from outputs.releases import Published


def spreadsheet_files(release: Published) -> Iterator[File]:
    """`tables.ods` and `tables.xlsx`."""
    title = "Every table as an accessible spreadsheet"
    yield File("tables.ods", f"{title} (OpenDocument)", ODS, lambda: ods(spreadsheet(release)))
    yield File("tables.xlsx", f"{title} (Excel)", XLSX, lambda: xlsx(spreadsheet(release)))
