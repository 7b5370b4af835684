"""Reading XLSX with openpyxl: a page for each sheet, as far as a page's text goes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import openpyxl

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.written import WrittenDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        texts = [_text(sheet, terms.page_chars) for sheet in book.worksheets]
        cut = {index for index, sheet in enumerate(book.worksheets) if _is_larger(sheet)}
        book.close()
    return WrittenDocument("openpyxl", texts, terms.page_chars, cut=cut)


def _is_larger(sheet: Any) -> bool:  # noqa: ANN401 - as below
    """Tell whether a sheet says that it has more rows or columns than are looked at."""
    return (sheet.max_row or 0) > _ROWS or (sheet.max_column or 0) > _COLUMNS


def _text(sheet: Any, most: int) -> str:  # noqa: ANN401 - openpyxl has a class for every mode
    lines = [sheet.title]
    length = len(sheet.title)
    for line in _lines(sheet):
        lines.append(line)
        length += len(line) + 1
        if length > most:
            break
    return "\n".join(lines)


def _lines(sheet: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    for row in sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS, values_only=True):
        line = "\t".join("" if value is None else str(value) for value in row).rstrip("\t")
        if line.strip():
            yield line
