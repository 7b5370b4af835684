"""What a parser tells about a document and its pages: plain values that cross processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort_server.faults import Failure

TRAITS_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class PageContent:
    r"""One page as read from the document.

    `number` counts from 1. `text` is valid Unicode in reading order with `\n` between lines,
    without soft-hyphen markers, at most `DocumentLimits.page_chars` characters. `width` and
    `height` are points (1/72 inch) as displayed, rotation applied. `image_share` is the part of
    the page's area covered by images (0..1); `paths` and `images` count drawn objects, of the
    first 2,000 on the page. `max_font_size` is in points, 0.0 where no text object tells. `fields`
    are those of a form; what is filled into them is part of the text.
    `recognised` tells that the text was read off a picture of the page, which was `turned` for that
    by so many degrees, clockwise; of one that is `top_only`, the rest was not. `truncated` tells
    that there was more text. `part` is the number of the page at which the attachment starts that
    it is of; 1 for what is no attachment. `attachment` is the name of the file that was attached,
    as `names.file_name` gives it; empty without one. `traits` are what the process that read the
    page was made to tell of it, at most `TRAITS_CHARS` characters; empty where nothing was.
    """

    number: int
    text: str
    width: float
    height: float
    words: int
    images: int
    paths: int
    image_share: float
    max_font_size: float = 0.0
    recognised: bool = False
    turned: int = 0
    top_only: bool = False
    part: int = 1
    truncated: bool = False
    attachment: str = ""
    traits: str = ""
    fields: int = 0


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page that could not be read, with the reason; its neighbours are not affected.

    `attachment` is as in `PageContent`.
    """

    number: int
    failure: Failure
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What opening a document tells before any page is read.

    `selected` holds the pages that were asked for; `beyond_end` tells that some are not there.
    `left_out` tells in sentences what of it is no page, such as an attachment of no known kind.
    """

    pages: int
    reader: str
    left_out: tuple[str, ...] = ()
    selected: tuple[tuple[int, int], ...] = ()
    beyond_end: bool = False
