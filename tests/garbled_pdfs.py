"""PDFs that show what their text does not say: their fonts map letters to others."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from pdfs import text_pdf
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdf.generic import DictionaryObject

_FIRST, _LAST = 0x21, 0x7E
_MAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Wrong def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
{count} beginbfchar
{pairs}
endbfchar
endcmap CMapName currentdict /CMap defineresource pop end end"""


def garbled_pdf(pages: Sequence[str], said: Callable[[int], int]) -> bytes:
    """Draw one page per text, whose every letter's code is said to be that of another letter."""
    writer = PdfWriter(clone_from=io.BytesIO(text_pdf(pages)))
    codes = range(_FIRST, _LAST + 1)
    told = DecodedStreamObject()
    pairs = "\n".join(f"<{code:02X}> <{said(code):04X}>" for code in codes)
    told.set_data(_MAP.format(count=len(codes), pairs=pairs).encode())
    place = writer._add_object(told)
    for page in writer.pages:
        resources = cast("DictionaryObject", page["/Resources"])
        for font in cast("DictionaryObject", resources["/Font"]).values():
            font.get_object()[NameObject("/ToUnicode")] = place
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
