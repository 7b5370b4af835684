"""Reading XLSX with openpyxl: a page for each sheet, as far as a page's text goes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import openpyxl

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.written import WrittenDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

# Rows and cells that are looked at in a sheet which may claim millions of empty ones.
_ROWS, _COLUMNS = 20_000, 200


def open_xlsx(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the sheets in order, hidden ones too; cells show values that were saved with them."""
    with warnings.catch_warnings(action="ignore"):
        book = openpyxl.load_workbook(
            unpackable(mapping, terms), read_only=True, data_only=True, keep_links=False
        )
        read = [_text(sheet, terms.page_chars) for sheet in book.worksheets]
        book.close()
    cut = {index for index, (_, more) in enumerate(read) if more}
    return WrittenDocument("openpyxl", [text for text, _ in read], terms.page_chars, cut=cut)


def _text(sheet: Any, most: int) -> tuple[str, bool]:  # noqa: ANN401 - a class for every mode
    """Return a sheet's text, and whether it has cells beyond those that are looked at."""
    lines, more = [sheet.title], False
    length = len(sheet.title)
    # One more of each, to know whether there is more.
    rows = sheet.iter_rows(max_row=_ROWS + 1, max_col=_COLUMNS + 1, values_only=True)
    for number, row in enumerate(rows):
        if number == _ROWS:
            return "\n".join(lines), more or _line(row) != ""
        more = more or _line(row[_COLUMNS:]) != ""
        if line := _line(row[:_COLUMNS]):
            lines.append(line)
            length += len(line) + 1
        if length > most:
            break
    return "\n".join(lines), more


def _line(row: Sequence[object]) -> str:
    line = "\t".join("" if value is None else str(value) for value in row).rstrip("\t")
    return line if line.strip() else ""
