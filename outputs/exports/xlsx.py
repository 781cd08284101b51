"""Writes a spreadsheet as XLSX. The library that writes is imported only when a file is made."""

import io
from collections.abc import Sequence
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from outputs.exports.worksheets import Sheet, Spreadsheet, Symbol, Value, widths

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_A4 = 9
_LINE = 15  # the height of a line, in points
_MARGIN = 1  # character fewer than a column is wide: letters differ in width
_NO_GUESSES = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def xlsx(spreadsheet: Spreadsheet) -> bytes:
    """The file's bytes; the same for the same spreadsheet."""
    import xlsxwriter

    made = io.BytesIO()
    workbook = xlsxwriter.Workbook(made, {"in_memory": True, **_NO_GUESSES})
    workbook.set_properties({"title": spreadsheet.title, "created": spreadsheet.made_at.replace(tzinfo=None)})
    formats = {
        "title": workbook.add_format({"bold": True, "font_size": 16}),
        "heading": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "heading-number": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "align": "right"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
        "line": workbook.add_format({"quote_prefix": True}),
        "link": workbook.add_format({"hyperlink": True, "valign": "top"}),
        "symbol": workbook.add_format({"align": "right", "valign": "top"}),
        **{
            decimals: workbook.add_format(
                {"num_format": "#,##0" + "." * bool(decimals) + "0" * decimals, "valign": "top"}
            )
            for decimals in range(2)
        },
    }
    for sheet in spreadsheet.sheets:
        _write(workbook.add_worksheet(sheet.name), sheet, formats)
    workbook.close()
    return made.getvalue()


def _write(worksheet: "Worksheet", sheet: Sheet, formats: dict[Any, Any]) -> None:
    worksheet.set_paper(_A4)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)  # on paper one page wide, and as many as it takes
    wide = widths(sheet)
    for place, width in enumerate(wide):
        worksheet.set_column(place, place, width)
    for row, line in enumerate(sheet.lines):
        worksheet.write_string(row, 0, line, formats["title" if row == 0 else "line" if sheet.columns else "text"])
    if sheet.columns:
        _write_table(worksheet, sheet, formats, wide)
    else:
        for row, line in enumerate(sheet.lines):
            _make_room(worksheet, row, [line], wide)


def _write_table(worksheet: "Worksheet", sheet: Sheet, formats: dict[Any, Any], wide: Sequence[int]) -> None:
    top, right = len(sheet.lines), len(sheet.columns) - 1
    headings = [
        {"header": name, "header_format": formats["heading-number" if numbers else "heading"]}
        for name, numbers in zip(sheet.columns, sheet.of_numbers, strict=True)
    ]
    marked = {"name": sheet.table_name, "autofilter": False, "style": None, "columns": headings}
    worksheet.add_table(top, 0, top + len(sheet.rows), right, marked)
    _make_room(worksheet, top, sheet.columns, wide)
    for row, values in enumerate(sheet.rows, top + 1):
        _make_room(worksheet, row, values, wide)
        for place, value in enumerate(values):
            if isinstance(value, Decimal):
                worksheet.write_number(row, place, float(value), formats[-value.as_tuple().exponent])
            elif sheet.links and place == 0:
                worksheet.write_url(row, place, f"internal:'{value}'!A1", formats["link"], value)
            else:
                worksheet.write_string(row, place, value, formats["symbol" if isinstance(value, Symbol) else "text"])


def _make_room(worksheet: "Worksheet", row: int, values: Sequence[Value], wide: Sequence[int]) -> None:
    """Make the row high enough for the text that wraps most: not every program does so by itself."""
    texts = [(value, width) for value, width in zip(values, wide, strict=True) if isinstance(value, str)]
    lines = max((len(wrap(text, width - _MARGIN)) for text, width in texts if len(text) > width - _MARGIN), default=1)
    if lines > 1:
        worksheet.set_row(row, lines * _LINE)
