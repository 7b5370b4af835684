"""Reading DOCX with python-docx: its text, tables and text boxes, at the breaks of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT, _TAB, _BREAK, _RETURN = (qn(f"w:{name}") for name in ("t", "tab", "br", "cr"))
_TYPE, _RENDERED = qn("w:type"), qn("w:lastRenderedPageBreak")
_PARAGRAPH, _CELL, _ROW, _TABS = (qn(f"w:{name}") for name in ("p", "tc", "tr", "tabs"))


def open_docx(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the document; a form feed stands for where its writer began a new page."""
    document = docx.Document(unpackable(mapping, terms))
    head = "\n".join(_furniture(document, "header"))
    foot = "\n".join(_furniture(document, "footer"))
    body = "".join(_pieces(document.element.body))
    text = "\n".join(part for part in (head, body, foot) if part.strip())
    return WrittenDocument("python-docx", paginated(text), terms.page_chars)


def _furniture(document: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - python-docx types little
    """Yield what stands at the top or foot of pages; once, however many pages show it."""
    seen: set[str] = set()
    for section in document.sections:
        part = getattr(section, name)
        text = "" if part.is_linked_to_previous else "".join(_pieces(part._element)).strip()  # noqa: SLF001 - text boxes are no paragraphs of its own
        if text and text not in seen:
            seen.add(text)
            yield text


def _pieces(element: Any) -> Iterator[str]:  # noqa: ANN401 - an lxml element
    """Yield the text of an element in pieces; what older programs are shown in its place is not."""
    for child in element.iterchildren("*"):
        tag = child.tag
        if tag in {_FALLBACK, _TABS}:
            continue
        if tag == _TEXT:
            yield child.text or ""
        elif tag == _TAB:
            yield "\t"
        elif tag == _RENDERED or (tag == _BREAK and child.get(_TYPE) == "page"):
            yield "\f"
        elif tag in {_BREAK, _RETURN, _ROW}:
            yield "\n"
            yield from _pieces(child)
        else:
            yield from _pieces(child)
            yield "\n" if tag == _PARAGRAPH else "\t" if tag == _CELL else ""
