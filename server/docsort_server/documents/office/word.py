"""Reading DOCX with python-docx: its text, tables and text boxes, at the breaks of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.opc.part import PartFactory
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.parsed import Refused
from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

# The same with macros, which nothing runs, and as templates.
_TYPES = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
PartFactory.part_type_for.update(dict.fromkeys(_TYPES, DocumentPart))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT, _TAB, _BREAK, _RETURN = (qn(f"w:{name}") for name in ("t", "tab", "br", "cr"))
_TYPE, _RENDERED = qn("w:type"), qn("w:lastRenderedPageBreak")
_PARAGRAPH, _CELL, _ROW, _TABS = (qn(f"w:{name}") for name in ("p", "tc", "tr", "tabs"))


def open_docx(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the document; a form feed stands for where its writer began a new page."""
    part = Package.open(unpackable(mapping, terms)).main_document_part
    if not isinstance(part, DocumentPart):
        raise Refused("the main part is no text")
    document = part.document
    head = "\n".join(_furniture(document, "first_page_header", "header", "even_page_header"))
    foot = "\n".join(_furniture(document, "first_page_footer", "footer", "even_page_footer"))
    body = "".join(_pieces(document.element.body))
    text = "\n".join(part for part in (head, body, foot) if part.strip())
    return WrittenDocument("python-docx", paginated(text), terms.page_chars)


def _furniture(document: Any, *names: str) -> Iterator[str]:  # noqa: ANN401 - python-docx types little
    """Yield what stands at the top or foot of pages; once, however many pages show it."""
    seen: set[str] = set()
    for part in (getattr(section, name) for section in document.sections for name in names):
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
