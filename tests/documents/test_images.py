"""How pictures are opened and drawn, in this process."""

from __future__ import annotations

import io

from kinds import encoded, scan
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from docsort_server.documents.images import ImageDocument
from docsort_server.documents.kinds import Kind
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.terms import Terms


def opened(content: bytes, kind: Kind) -> ImageDocument:
    """Return an open picture."""
    return ImageDocument(Mapping.of(content), Terms(), kind)


def levels(document: ImageDocument) -> int:
    """Return how many shades of grey a small drawing has."""
    return sum(map(bool, document.picture(1, 600).convert("L").histogram()))


def test_black_and_white_is_shrunk_with_levels_between() -> None:
    """Strokes thinner than a pixel would be lost, or as broad as one."""
    fax = encoded(scan("A letter").convert("1"), "TIFF", compression="group4")
    assert levels(opened(fax, Kind.TIFF)) > 20


def test_colours_of_a_palette_are_shrunk_with_levels_between() -> None:
    """As above."""
    content = encoded(scan("A letter").quantize(4), "PNG")
    assert levels(opened(content, Kind.PNG)) > 20


def test_drawing_changes_no_size() -> None:
    """A small drawing leaves later ones as large as they are asked for, and the page as it was."""
    document = opened(encoded(scan("A letter"), "JPEG"), Kind.JPEG)
    before = document.read(1)
    assert max(document.picture(1, 200).size) == 200
    assert document.read(1) == before
    assert max(document.picture(1, 1_000).size) == 1_000


def test_frames_before_a_damaged_one_are_pages() -> None:
    """What is lost is told."""
    whole = io.BytesIO()
    frames = [Image.new("L", (40, 40), shade) for shade in (10, 100, 200)]
    frames[0].save(whole, "TIFF", save_all=True, append_images=frames[1:])
    with Image.open(whole) as image:
        image.seek(2)
        assert isinstance(image, TiffImageFile)
        last = image.tag_v2.offset
    content = whole.getvalue()
    document = opened(content[:last] + b"\xff" * 40, Kind.TIFF)
    assert document.pages == 2
    assert document.left_out == ("frames behind a damaged one",)
    assert document.picture(2, 100).getpixel((5, 5)) == (100, 100, 100)
