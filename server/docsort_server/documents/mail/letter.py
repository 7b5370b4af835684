"""A mail as its pages: the text, then those of each attachment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.names import file_name
from docsort_server.documents.parsed import PageError, ParsedDocument
from docsort_server.documents.written import WrittenDocument, paginated
from docsort_server.faults import Failure, Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docsort_server.documents.kinds import Kind
    from docsort_server.documents.model import PageContent
    from docsort_server.documents.parsed import Picture
    from docsort_server.documents.terms import Terms


class Opener(Protocol):
    """Opens the attachments of a mail, and of the mails within it."""

    def take(self) -> bool:
        """Count one more attachment; tell whether it may be opened."""
        ...

    def open(self, mapping: Mapping, terms: Terms) -> ParsedDocument:
        """Open one. Raises `Fault`."""
        ...

    def made(self, kind: Kind, make: Callable[[], ParsedDocument]) -> ParsedDocument:
        """Return what `make` makes of a document of this kind; raise its errors as a `Fault`."""
        ...


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A mail that lies in another one's container and is no file; `letter` takes it apart."""

    kind: Kind
    letter: Callable[[], Letter]


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached to a mail; `name` is as its sender gave it, empty without one."""

    name: str
    content: bytes | Enclosed


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail holds; `fields` are those of its head that a reader sees, in order.

    `decoration` counts pictures that are shown within the text and are no attachments, `deep` parts
    that lie too deep to be looked at.
    """

    fields: tuple[tuple[str, str], ...]
    text: str
    attachments: Iterable[Attached]
    decoration: int = 0
    deep: int = 0

    def written(self) -> str:
        """Return head and text as they would be printed."""
        head = "\n".join(f"{name}: {value}" for name, value in self.fields)
        return f"{head}\n\n{self.text}"


class MailDocument:
    """A mail with all its attachments open.

    `left_out` tells in sentences what is no page of it. An attachment of a kind that is read, but
    cannot be, is a page that fails: it counts, and says why.
    """

    def __init__(self, reader: str, letter: Letter, terms: Terms, opener: Opener) -> None:
        self.reader = reader
        self._terms = terms
        self._opener = opener
        self._missed: Counter[str] = Counter()
        self._parts: list[ParsedDocument] = [
            WrittenDocument(reader, paginated(letter.written()), terms.page_chars)
        ]
        self._names = [""]
        for attached in letter.attachments:
            self._attach(attached)
        if letter.decoration:
            self._missed["shown within the text"] += letter.decoration
        if letter.deep:
            self._missed["too deep within other parts"] += letter.deep
        self.pages = sum(part.pages for part in self._parts)

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was left out, with the reasons."""
        inner = [text for part in self._parts for text in getattr(part, "left_out", ())]
        return (*(f"{count} attached: {why}" for why, count in self._missed.items()), *inner)

    def read(self, number: int) -> PageContent:
        """Return the page. Raises what its part raises."""
        place, inner = self._find(number)
        page = self._parts[place].read(inner)
        name = page.attachment or self._names[place]
        return replace(page, number=number, part=number - inner + page.part, attachment=name)

    def attachment(self, number: int) -> str:
        """Return the name of the attached file that the page is of, in mails within mails too."""
        place, inner = self._find(number)
        part = self._parts[place]
        within = part.attachment(inner) if isinstance(part, MailDocument) else ""
        return within or self._names[place]

    def picture(self, number: int, pixels: int) -> Picture:
        """Return the page drawn. Raises what its part raises."""
        place, inner = self._find(number)
        return self._parts[place].picture(inner, pixels)

    def close(self) -> None:
        """Close all parts."""
        for part in self._parts:
            part.close()

    def _find(self, number: int) -> tuple[int, int]:
        """Return the place of a page's part, and the page's number in it."""
        for place, part in enumerate(self._parts):
            if number <= part.pages:
                return place, number
            number -= part.pages
        raise PageError("the page is missing")

    def _attach(self, attached: Attached) -> None:
        content = attached.content
        if isinstance(content, bytes) and not content.strip():
            self._missed["empty"] += 1
        elif self._terms.depth >= self._terms.max_nesting:
            self._missed[f"deeper than max_nesting, {self._terms.max_nesting}"] += 1
        elif not self._opener.take():
            self._missed[f"more than max_attachments, {self._terms.max_attachments}"] += 1
        else:
            self._open(attached)

    def _open(self, attached: Attached) -> None:
        try:
            part = self._opened(attached.content)
        except Fault as fault:
            if fault.reason is Reason.UNSUPPORTED_DOCUMENT:
                self._missed[fault.message] += 1
                return
            part = _Lost(fault.failure())
        self._parts.append(part)
        self._names.append(file_name(attached.name))

    def _opened(self, content: bytes | Enclosed) -> ParsedDocument:
        terms, opener = self._terms.inside(), self._opener
        if isinstance(content, Enclosed):
            return opener.made(
                content.kind,
                lambda: MailDocument(self.reader, content.letter(), terms, opener),
            )
        mapping = Mapping.of(content)
        try:
            return opener.open(mapping, terms)
        except Fault:
            mapping.close()
            raise


class _Lost:
    """An attachment that should have pages and could not be opened: one page that fails."""

    reader = "none"
    pages = 1

    def __init__(self, failure: Failure) -> None:
        self._failure = failure

    def read(self, number: int) -> PageContent:
        raise self._fault()

    def picture(self, number: int, pixels: int) -> Picture:
        raise self._fault()

    def _fault(self) -> Fault:
        # A new one each time: a fault that was raised holds on to all that it went through.
        known = self._failure
        return Fault(known.reason, known.message, metadata=known.metadata)

    def close(self) -> None:
        return
