"""What pages say of their own number."""

import pytest

from docsort_server.engine.local.text import fold
from docsort_server.engine.packet.numbering import numbering


@pytest.mark.parametrize(
    ("line", "number", "total"),
    [
        ("page 1 of 3", 1, 3),
        ("invoice 7731 - page: 2 of 12", 2, 12),
        ("seite 2 von 3", 2, 3),
        ("seite 1/4", 1, 4),
        ("pagina 3 de 5", 3, 5),
        ("pagina 2 di 2", 2, 2),
        ("page 4 sur 9", 4, 9),
        ("pag. 1 van 2", 1, 2),
        ("strona 2 z 6", 2, 6),
        ("1/3", 1, 3),
        ("- 2 of 3 -", 2, 3),
        ("第 2 页 共 5 页", 2, 5),
        ("page 7", 7, None),
        ("page 4 of 3", 4, None),
        ("seite 12", 12, None),
        ("annual report   page 12", 12, None),
        ("3ページ", 3, None),
        ("3 페이지", 3, None),
    ],
)
def test_numbers_in_words(line: str, number: int, total: int | None) -> None:
    """The usual forms in several languages give the number, and the total where it is told."""
    found = numbering(["acme limited", fold(line)])
    assert (found.number, found.total) == (number, total)


@pytest.mark.parametrize(
    "line",
    [
        "see page 12 for the terms of sale",
        "24/7 support by phone",
        "order 12 of march",
        "total 1 200",
    ],
)
def test_what_only_looks_like_a_number(line: str) -> None:
    """A page that is referred to, an amount or a date are no page number."""
    found = numbering(["acme limited", line])
    assert (found.number, found.total) == (None, None)


@pytest.mark.parametrize("line", ["4", "- 4 -", "[4]", "4 annual report", "annual report 4"])
def test_numbers_alone_are_loose(line: str) -> None:
    """A bare number at an edge may be the page's; nothing is claimed of it."""
    found = numbering([line, "text"])
    assert found.number is None
    assert found.loose == (4,)
