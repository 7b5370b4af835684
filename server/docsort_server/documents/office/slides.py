"""Reading PPTX with python-pptx: a page for each slide, shown or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.package import Package
from pptx.parts.presentation import PresentationPart

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.parsed import Refused
from docsort_server.documents.written import WrittenDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_EMU_PER_POINT = 12_700
_DEPTH = 10
_INK = qn("p:contentPart")


def open_pptx(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the slides in order, each with its texts and tables from top to bottom."""
    part = Package.open(unpackable(mapping, terms)).main_document_part
    if not isinstance(part, PresentationPart):
        raise Refused("the main part is no presentation")
    show = part.presentation
    texts = ["\n".join(_texts(_known(slide), _DEPTH)) for slide in show.slides]
    width, height = ((side or 0) / _EMU_PER_POINT for side in (show.slide_width, show.slide_height))
    return WrittenDocument(
        "python-pptx", texts, terms.page_chars, (round(width, 2), round(height, 2))
    )


def _known(slide: Any) -> Iterable[Any]:  # noqa: ANN401 - python-pptx types nothing
    """Return the shapes of a slide but for ink, without text, which python-pptx trips over."""
    for ink in list(slide.element.iter(_INK)):
        ink.getparent().remove(ink)
    return slide.shapes  # type: ignore[no-any-return]


def _texts(shapes: Iterable[Any], depth: int) -> Iterator[str]:
    for shape in sorted(shapes, key=_place):
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            for row in shape.table.rows:
                yield "\t".join(cell.text for cell in row.cells)
        elif shape.shape_type == MSO_SHAPE_TYPE.GROUP and depth:
            yield from _texts(shape.shapes, depth - 1)


def _place(shape: Any) -> tuple[int, int]:  # noqa: ANN401 - python-pptx types nothing
    return shape.top or 0, shape.left or 0
