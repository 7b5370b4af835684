"""What every library that reads documents is wrapped into, inside a worker process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    import ctypes

    from docsort_server.documents.model import PageContent


Handle: TypeAlias = "ctypes.c_void_p"  # a pointer of PDFium that Python only passes on
# A `PIL.Image.Image`; Pillow is needed for few documents only, and is loaded late.
Picture: TypeAlias = Any


class ParsedDocument(Protocol):
    """An open document."""

    @property
    def reader(self) -> str:
        """The library that reads it."""
        ...

    @property
    def pages(self) -> int:
        """How many pages it says it has; may be wrong."""
        ...

    def read(self, number: int) -> PageContent:
        """Return the page, counted from 1.

        Raises PageError, or whatever the library raises, when this page cannot be read.
        """
        ...

    def picture(self, number: int, pixels: int) -> Picture:
        """Return the page drawn, its longer side at most `pixels` pixels.

        Raises PageError, or whatever the library raises, where it cannot be drawn.
        """
        ...

    def close(self) -> None:
        """Release the memory."""
        ...


@runtime_checkable
class Attaching(Protocol):
    """A document with files attached."""

    def attachment(self, number: int) -> str:
        """Return the name of the attached file that the page is of; empty without one."""
        ...


class PageError(Exception):
    """One page cannot be read; the message says why without quoting the document."""


class Refused(Exception):  # noqa: N818 - what a library does with a document
    """A library does not open the document; `encrypted` when a password is what it misses."""

    def __init__(self, message: str, *, encrypted: bool = False) -> None:
        super().__init__(message)
        self.encrypted = encrypted
