"""Reading pictures with Pillow: a page for each frame of a TIFF, one page otherwise."""

from __future__ import annotations

import importlib
import io
import math
import warnings
from typing import TYPE_CHECKING

from PIL import Image

from docsort_server.documents.kinds import Kind
from docsort_server.documents.model import PageContent
from docsort_server.documents.parsed import PageError, Refused
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.parsed import Picture
    from docsort_server.documents.terms import Terms

_FORMATS = {
    Kind.PNG: ("PNG",),
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.TIFF: ("TIFF",),
    Kind.WEBP: ("WEBP",),
    Kind.GIF: ("GIF",),
    Kind.BMP: ("BMP",),
    Kind.HEIF: ("HEIF", "AVIF"),
}
# What a picture without a resolution is taken for: that of most scanners' drafts.
_USUAL_DPI = 150.0
_DPI = (36.0, 2_400.0)
_POINTS = 72.0
_MOST_FRAMES = 10_001  # more than any limit allows
_DRAFTED = ("JPEG", "MPO")  # decoded no larger than need be
# How a picture is turned to be seen, by what its camera says (EXIF 2.32, tag 0x0112).
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = range(5, 9)


class ImageDocument:
    """A picture open in Pillow. Raises Refused where Pillow does not know it.

    Frames are decoded when they are drawn, and not at all above `Terms.max_image_pixels`.
    `left_out` tells where frames behind a damaged one are no pages.
    """

    reader = "pillow"

    def __init__(self, mapping: Mapping, terms: Terms, kind: Kind) -> None:
        self._terms = terms
        self.left_out: tuple[str, ...] = ()
        Image.MAX_IMAGE_PIXELS = None  # its own bound is for the whole process, and warns at first
        if kind is Kind.HEIF:
            _know_heif()
        self._content = mapping.copy()
        mapping.close()
        try:
            with warnings.catch_warnings(action="ignore"):
                self._image = self._opened(_FORMATS[kind])
                self.pages = self._frames() if kind is Kind.TIFF else 1
        except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError) as error:
            raise Refused(f"Pillow: {type(error).__name__}") from error

    def read(self, number: int) -> PageContent:
        """Return the page, which has no text. Raises the Fault DOCUMENT_TOO_LARGE, or PageError."""
        image = self._frame(number)
        across, down = (_dots(image, axis) for axis in (0, 1))
        width, height = image.width * _POINTS / across, image.height * _POINTS / down
        if _orientation(image) in _ON_ITS_SIDE:
            width, height = height, width
        return PageContent(
            number=number,
            text="",
            width=round(width, 2),
            height=round(height, 2),
            words=0,
            images=1,
            paths=0,
            image_share=1.0,
        )

    def picture(self, number: int, pixels: int) -> Picture:
        """Return the frame as it is to be seen: turned as its camera says, on white."""
        image = self._frame(number)
        if image.format in _DRAFTED:
            # Decoding to a smaller size changes the size that the picture says it has.
            image = self._opened(_DRAFTED)
            image.draft("RGB", (pixels, pixels))
        small = shown(image, pixels)
        turn = _TURNS.get(_orientation(image))
        return small if turn is None else small.transpose(turn)

    def close(self) -> None:
        """Let go of the content."""
        self._image.close()

    def _frames(self) -> int:
        count = 0
        while count < _MOST_FRAMES:
            try:
                self._image.seek(count)
            except EOFError:
                break
            except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError):
                if not count:
                    raise
                self.left_out = ("frames behind a damaged one",)
                break
            count += 1
        return count

    def _opened(self, formats: tuple[str, ...]) -> Image.Image:
        return Image.open(io.BytesIO(self._content), formats=formats)

    def _frame(self, number: int) -> Image.Image:
        try:
            self._image.seek(number - 1)
        except EOFError:
            raise PageError("the frame is missing") from None
        image = self._image
        self._terms.check_pixels(image.width * image.height)
        if not (image.width and image.height):
            raise PageError("the picture has no size")
        return image


def shown(image: Image.Image, pixels: int) -> Image.Image:
    """Return a picture on white paper, its longer side at most `pixels` pixels."""
    return _on_white(_shrunk(image, pixels))


def _know_heif() -> None:
    """Teach Pillow HEIF. Raises the Fault UNSUPPORTED_DOCUMENT without the library for it."""
    try:
        importlib.import_module("pi_heif").register_heif_opener()
    except ImportError:
        text = "HEIF pictures are read with the extra docsort[office], which is not installed"
        raise Fault(Reason.UNSUPPORTED_DOCUMENT, text) from None


def _dots(image: Image.Image, axis: int) -> float:
    """Return dots per inch; many files tell none, and some what cannot be."""
    told = image.info.get("dpi")
    try:
        dots = float(told[axis]) if told else _USUAL_DPI
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return _USUAL_DPI
    least, most = _DPI
    return dots if math.isfinite(dots) and least <= dots <= most else _USUAL_DPI


def _orientation(image: Image.Image) -> int:
    with warnings.catch_warnings(action="ignore"):
        found = image.getexif().get(_ORIENTATION, 1)
    return found if isinstance(found, int) else 1


def _shrunk(image: Image.Image, pixels: int) -> Image.Image:
    """Return the picture, its longer side at most `pixels` pixels.

    Black and white, and colours of a palette, have no levels between: they become grey or colours
    first, or thin strokes would be lost.
    """
    image.load()
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode in {"P", "PA"}:
        clear = image.mode == "PA" or "transparency" in image.info
        image = image.convert("RGBA" if clear else "RGB")
    scale = pixels / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        paper.alpha_composite(seen)
        return paper.convert("RGB")
    if image.mode.startswith("I") or image.mode == "F":
        return _squeezed(image).convert("RGB")
    return image.convert("RGB")


def _squeezed(image: Image.Image) -> Image.Image:
    """Return a picture of 16 or more bits a pixel with its own darkest to lightest in 8."""
    wide = image.convert("F")
    extrema = wide.getextrema()
    low, high = float(extrema[0]), float(extrema[1])  # type: ignore[arg-type]
    scale = 255.0 / (high - low) if high > low else 1.0
    return wide.point(lambda value: value * scale - low * scale).convert("L")
