"""Read a part of a page, turned as it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import ImageStat

from docsort_server.documents.ocr.model import Part, Reading
from docsort_server.documents.ocr.turning import turn

if TYPE_CHECKING:
    from docsort_server.documents.ocr.model import Recognised, Recogniser
    from docsort_server.documents.parsed import Picture

# What a page must have to be taken for upright as it is.
_LETTERS, _CONFIDENCE = 20, 0.75
# What differs from the paper by so many of 255 is ink, and so small a share of a page is dust.
_INK, _DUST = 36, 0.00005
# Paper that is no lighter is none.
_DARK = 48
# Where the top third ends: at the emptiest row between these shares of the height.
_EARLIEST, _LATEST = 0.30, 0.40


def read_page(
    recogniser: Recogniser, picture: Picture, part: Part, turned: int | None = None
) -> Reading:
    """Return the text of a part of the page.

    `turned` is the angle that an earlier part was read at. Without one, a page that reads badly is
    turned by what its lines tell, if it then reads better; where the rest is the first to tell,
    all of the page is read, and the answer says so. A top without letters tells nothing.
    """
    if is_blank(picture):
        return Reading("", part, turned or 0, blank=True)
    if turned:
        return Reading(recogniser.read(cropped(turn(picture, turned), part)).text, part, turned)
    first = recogniser.read(cropped(picture, part))
    if _is_good(first) or (part is Part.TOP and first.letters < _LETTERS):
        return Reading(first.text, part)
    return _turned(recogniser, picture, part, first)


def _turned(recogniser: Recogniser, picture: Picture, part: Part, first: Recognised) -> Reading:
    angle = recogniser.angle(picture)
    if not angle:
        return Reading(first.text, part)
    wanted = Part.TOP if part is Part.TOP else Part.WHOLE
    again = recogniser.read(cropped(turn(picture, angle), wanted))
    better = again.letters * again.confidence > first.letters * first.confidence
    if better or (first.sideways and not again.sideways):
        return Reading(again.text, wanted, angle)
    return Reading(first.text, part)


def _is_good(read: Recognised) -> bool:
    return read.letters >= _LETTERS and read.confidence >= _CONFIDENCE and not read.sideways


def cropped(picture: Picture, part: Part) -> Picture:
    """Return a part of a picture; the cut goes through no line if that can be helped."""
    if part is Part.WHOLE:
        return picture
    row = _emptiest(picture)
    box = (
        (0, 0, picture.width, row) if part is Part.TOP else (0, row, picture.width, picture.height)
    )
    return picture.crop(box)


def is_blank(picture: Picture) -> bool:
    """Tell whether a page is light paper and dust; ink may be lighter than its paper."""
    light = ImageStat.Stat(picture.convert("L")).median[0] > _DARK
    return light and all(_is_plain(band) for band in picture.split())


def _is_plain(band: Picture) -> bool:
    counts = band.histogram()
    paper = int(ImageStat.Stat(band).median[0])
    ink = sum(counts[: max(0, paper - _INK)]) + sum(counts[paper + _INK + 1 :])
    return bool(ink <= _DUST * sum(counts))


def _emptiest(picture: Picture) -> int:
    """Return the row, about a third down, at which the picture varies least across."""
    first, last = (max(1, int(picture.height * share)) for share in (_EARLIEST, _LATEST))
    if last <= first:
        return first
    band = picture.convert("L").crop((0, first, picture.width, last))
    darkest = [min(band.crop((0, y, band.width, y + 1)).getextrema()) for y in range(band.height)]
    lightest = max(darkest)
    # In the middle of the broadest gap, rather than on its edge.
    rows = [y for y, value in enumerate(darkest) if value >= lightest - 8]
    return first + rows[len(rows) // 2]
