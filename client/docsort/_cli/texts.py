"""Single values as people read them."""

from docsort._parts import Segment


def printable(text: str) -> str:
    """Return one line without control characters: what documents hold may drive a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def number(value: float | None) -> str:
    """Return a confidence with two digits, never rounded up to certainty."""
    if value is None:
        return "-"
    return f"{value:.2f}" if not 0.995 <= value < 1 else ">0.99"


def run(segment: Segment) -> str:
    """Return the pages of a segment: "3", or "3-5"."""
    if segment.last_page == segment.first_page:
        return str(segment.first_page)
    return f"{segment.first_page}-{segment.last_page}"
