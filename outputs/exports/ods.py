"""Writes a spreadsheet as ODS: a zip of four XML files, which no well-kept library writes in a reasonable time."""

from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from outputs.exports.archive import archive
from outputs.exports.files import ODS
from outputs.exports.worksheets import Sheet, Spreadsheet, Symbol, Value, widths

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        **{
            name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
            for name in ("office", "table", "text", "style", "meta", "manifest")
        },
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_MANIFEST = (
    f'{_HEAD}<manifest:manifest {_SPACES} manifest:version="1.3">'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in {"/": ODS, **dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml")}.items()
    )
    + "</manifest:manifest>"
)
_STYLES = (
    f'{_HEAD}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
    '<style:default-style style:family="table-cell">'
    '<style:text-properties fo:font-family="Liberation Sans, Arial, sans-serif" fo:font-size="11pt" '
    'fo:language="en" fo:country="GB"/>'
    "</style:default-style></office:styles>"
    # On paper one page wide, and as many as it takes.
    '<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties '
    'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" style:scale-to-X="1" '
    'style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="page"/>'
    "</office:master-styles></office:document-styles>"
)
_WRAP = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
_TOP = '<style:table-cell-properties style:vertical-align="top"/>'
_CELL_STYLES = {
    "title": '<style:text-properties fo:font-weight="bold" fo:font-size="16pt"/>',
    "heading": f'{_WRAP}<style:text-properties fo:font-weight="bold"/>',
    "heading-number": (
        f'{_WRAP}<style:paragraph-properties fo:text-align="end"/><style:text-properties fo:font-weight="bold"/>'
    ),
    "text": _WRAP,
    "line": "",
    "symbol": f'{_TOP}<style:paragraph-properties fo:text-align="end"/>',
}
_DECIMALS = range(2)
_WIDTH = 0.2  # centimetres of a character


def ods(spreadsheet: Spreadsheet) -> bytes:
    """The file's bytes; the same for the same spreadsheet."""
    parts = {
        "mimetype": ODS,  # first and uncompressed, so that programs know the file by its beginning
        "content.xml": _content(spreadsheet),
        "styles.xml": _STYLES,
        "meta.xml": _meta(spreadsheet),
        "META-INF/manifest.xml": _MANIFEST,
    }
    entries = ((name, text.encode()) for name, text in parts.items())
    return archive(entries, spreadsheet.made_at, stored=frozenset({"mimetype"}))


def _meta(spreadsheet: Spreadsheet) -> str:
    return (
        f'{_HEAD}<office:document-meta {_SPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{escape(spreadsheet.title)}</dc:title><dc:language>en-GB</dc:language>"
        f"<meta:creation-date>{spreadsheet.made_at:%Y-%m-%dT%H:%M:%S}</meta:creation-date>"
        "</office:meta></office:document-meta>"
    )


def _content(spreadsheet: Spreadsheet) -> str:
    sheets = "".join(piece for sheet in spreadsheet.sheets for piece in _sheet(sheet))
    marked = "".join(_range(sheet) for sheet in spreadsheet.sheets if sheet.columns)
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{''.join(_automatic_styles(spreadsheet))}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}<table:database-ranges>{marked}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def _automatic_styles(spreadsheet: Spreadsheet) -> Iterator[str]:
    for width in sorted({width for sheet in spreadsheet.sheets for width in widths(sheet)}):
        yield (
            f'<style:style style:name="width-{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _WIDTH:.1f}cm"/></style:style>'
        )
    yield (
        '<style:style style:name="high" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    )
    for name, properties in _CELL_STYLES.items():
        yield f'<style:style style:name="{name}" style:family="table-cell">{properties}</style:style>'
    for decimals in _DECIMALS:
        yield (
            f'<number:number-style style:name="digits-{decimals}"><number:number number:decimal-places="{decimals}" '
            f'number:min-decimal-places="{decimals}" number:min-integer-digits="1" number:grouping="true"/>'
            f'</number:number-style><style:style style:name="number-{decimals}" style:family="table-cell" '
            f'style:data-style-name="digits-{decimals}">'
            f"{_TOP}</style:style>"
        )


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(sheet.name)}>"
    for width in widths(sheet):
        yield f'<table:table-column table:style-name="width-{width}"/>'
    for place, line in enumerate(sheet.lines):
        style = "title" if place == 0 else "line" if sheet.columns else "text"
        yield _row(_text(line, style))
    if sheet.columns:
        styles = ("heading-number" if numbers else "heading" for numbers in sheet.of_numbers)
        headings = _row(*map(_text, sheet.columns, styles))
        yield f"<table:table-header-rows>{headings}</table:table-header-rows>"
    for values in sheet.rows:
        first, *others = values
        yield _row(_link(first) if sheet.links else _cell(first), *map(_cell, others))
    yield "</table:table>"


def _row(*cells: str) -> str:
    return f'<table:table-row table:style-name="high">{"".join(cells)}</table:table-row>'


def _cell(value: Value) -> str:
    if isinstance(value, Decimal):
        decimals = -value.as_tuple().exponent
        return (
            f'<table:table-cell table:style-name="number-{decimals}" office:value-type="float" office:value="{value}">'
            f"<text:p>{value:,}</text:p></table:table-cell>"
        )
    return _text(value, "symbol" if isinstance(value, Symbol) else "text")


def _text(text: str, style: str) -> str:
    return _string(escape(text), style)


def _link(sheet: str) -> str:
    target = quoteattr(f"#'{sheet}'.A1")
    return _string(f'<text:a xlink:type="simple" xlink:href={target}>{escape(sheet)}</text:a>', "text")


def _string(content: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{content}</text:p></table:table-cell>"
    )


def _range(sheet: Sheet) -> str:
    """Marks the table for programs, by a name."""
    top = len(sheet.lines) + 1
    last = chr(ord("A") + len(sheet.columns) - 1)
    area = quoteattr(f"'{sheet.name}'.A{top}:'{sheet.name}'.{last}{top + len(sheet.rows)}")
    return (
        f'<table:database-range table:name="{sheet.table_name}" table:target-range-address={area} '
        'table:contains-header="true"/>'
    )
