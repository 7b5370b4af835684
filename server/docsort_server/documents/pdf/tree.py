"""Find a damaged document's pages with pypdf, which gives up on cycles and deep trees itself."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeAlias

from pypdf import PageObject
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader
    from pypdf.generic import PdfObject

_Attributes: TypeAlias = "dict[str, PdfObject]"
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_NODES = 20_000


def find_pages(reader: PdfReader, most: int) -> list[PageObject | None]:
    """Return the first `most` pages in order, None where a page is missing.

    Every inner node of the tree is visited once. What has no `/Kids` is taken for a page whatever
    type it claims. Raises whatever pypdf raises on a document without a usable root.
    """
    return list(itertools.islice(_leaves(reader), most))


def _leaves(reader: PdfReader) -> Iterator[PageObject | None]:
    seen: set[int] = set()
    todo: list[tuple[PdfObject, _Attributes]] = [(reader.root_object.raw_get("/Pages"), {})]
    while todo and len(seen) < _NODES:
        item, inherited = todo.pop()
        node = item.get_object()
        if not isinstance(node, DictionaryObject):
            yield None
        elif "/Kids" not in node:
            yield _page(reader, item, inherited | dict(node))
        elif id(node) not in seen:
            seen.add(id(node))
            inherited = inherited | {key: node.raw_get(key) for key in _INHERITED if key in node}
            kids = node["/Kids"]
            todo.extend(
                (kid, inherited) for kid in reversed(kids if isinstance(kids, list) else [])
            )


def _page(reader: PdfReader, item: PdfObject, attributes: _Attributes) -> PageObject:
    page = PageObject(reader, item if isinstance(item, IndirectObject) else None)
    page.update({NameObject(key): value for key, value in attributes.items()})
    return page
