"""Find a damaged document's pages with pypdf, which gives up on cycles and deep trees itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypdf import PageObject
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader
    from pypdf.generic import PdfObject

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_NODES = 20_000


def find_pages(reader: PdfReader, most: int) -> list[PageObject]:
    """Return the first `most` pages in order; every node of the tree is visited once.

    What has no `/Kids` is taken for a page whatever type it claims. Raises whatever pypdf raises
    on a document without a usable root.
    """
    pages: list[PageObject] = []
    for reference, node in _leaves(reader):
        page = PageObject(reader, reference)
        page.update(node)
        pages.append(page)
        if len(pages) >= most:
            break
    return pages


def _leaves(reader: PdfReader) -> Iterator[tuple[IndirectObject | None, DictionaryObject]]:
    seen: set[int] = set()
    todo: list[tuple[PdfObject, dict[str, PdfObject]]] = [
        (reader.root_object.raw_get("/Pages"), {})
    ]
    while todo and len(seen) < _NODES:
        item, inherited = todo.pop()
        node = item.get_object()
        if not isinstance(node, DictionaryObject) or id(node) in seen:
            continue
        seen.add(id(node))
        inherited = inherited | {key: node.raw_get(key) for key in _INHERITED if key in node}
        if "/Kids" not in node:
            node.update({NameObject(key): value for key, value in inherited.items()})
            yield (item if isinstance(item, IndirectObject) else None), node
            continue
        kids = node["/Kids"]
        todo.extend((kid, inherited) for kid in reversed(kids if isinstance(kids, list) else []))
