"""A page's picture as what models take: a JPEG of a bounded size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from docsort_server.documents.parsed import PageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.parsed import Picture

# Bytes of a picture: with more it would not fit into a frame, nor into what model servers take.
PICTURE_BYTES = 1_500_000
# The qualities of JPEG that are tried before the picture is made smaller.
_QUALITIES = (80, 50)
_SMALLEST = 64


def jpeg(draw: Callable[[int], Picture], pixels: int) -> bytes:
    """Return what `draw` draws at `pixels` pixels, or at fewer where that takes too many bytes.

    Raises PageError where no size is small enough, and whatever `draw` raises.
    """
    while pixels >= _SMALLEST:
        picture = draw(pixels)
        for quality in _QUALITIES:
            encoded = _encoded(picture, quality)
            if len(encoded) <= PICTURE_BYTES:
                return encoded
        pixels //= 2
    raise PageError("the page's picture is too large")


def _encoded(picture: Picture, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
