"""Turning pictures by quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort_server.documents.parsed import Picture


def turn(picture: Picture, angle: int) -> Picture:
    """Return the picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return picture.rotate(360 - angle, expand=True) if angle else picture
