"""Reading ODT: the text of its content, which is one XML file in an archive."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree

from docsort_server.documents.office.archive import unpackable
from docsort_server.documents.parsed import Refused
from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_BODY = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}body"
_BEFORE = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n", f"{_TEXT}soft-page-break": "\f"}
_SPACES, _COUNT, _MOST_SPACES = f"{_TEXT}s", f"{_TEXT}c", 100
_AFTER = {
    f"{_TEXT}p": "\n",
    f"{_TEXT}h": "\n",
    f"{_TABLE}table-cell": "\t",
    f"{_TABLE}table-row": "\n",
}
_MANIFEST = "META-INF/manifest.xml"
_TRACKED = f"{_TEXT}tracked-changes"  # what was deleted, and is not to be seen


def open_odt(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the document's text, cut into pages at the breaks that its writer has left."""
    with zipfile.ZipFile(unpackable(mapping, terms)) as archive:
        if _is_locked(archive):
            raise Refused("encrypted entries", encrypted=True)
        content = archive.read("content.xml")
    # No entity is resolved, nor anything fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    body = etree.fromstring(content, parser).find(_BODY)
    text = "" if body is None else "".join(_pieces(body))
    return WrittenDocument("odt", paginated(text), terms.page_chars)


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Tell whether the list of contents says how they were encrypted."""
    names = archive.namelist()
    return _MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST)


def _pieces(element: Any) -> Iterator[str]:  # noqa: ANN401 - an lxml element
    yield element.text or ""
    for child in element.iterchildren("*"):
        if child.tag == _SPACES:
            count = child.get(_COUNT, "1")
            yield " " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1)
        elif child.tag != _TRACKED:
            yield _BEFORE.get(child.tag, "")
            yield from _pieces(child)
            yield _AFTER.get(child.tag, "")
        yield child.tail or ""
