"""Splitting a page into lines, and its title zone."""

from __future__ import annotations

from engine_pages import INVOICE, page

from docsort_server.engine.local.reading import LINE_CHARS, READ_CHARS, read


def test_lines_are_exact_pieces_of_the_page() -> None:
    """Whatever the page holds, its lines can be quoted literally."""
    text = "Über  uns\t!\r\n\n" + "word " * 200 + "\n" + "x" * 450
    reading = read(page(text))
    assert all(line in text for line in reading.lines)
    assert all(0 < len(line) <= LINE_CHARS for line in reading.lines)
    assert "".join("".join(line.split()) for line in reading.lines) == "".join(text.split())


def test_reading_stops_after_a_bounded_number_of_characters() -> None:
    """A page of any length costs no more than its first part."""
    reading = read(page("word " * 20_000))
    assert sum(len(line) for line in reading.lines) <= READ_CHARS


def test_title_is_strongest_alone_on_an_early_line() -> None:
    """A name alone on a line beats one on a short line, a sentence and a late line."""
    sentence = "please find the invoice that we announced to you last week"
    reading = read(
        page("\n".join([INVOICE.splitlines()[2], "Invoice 4711", sentence, *"x" * 20, "Invoice"]))
    )
    letters = len("invoice")
    strengths = [reading.title_strength(line, letters) for line in (0, 1, 2, 23)]
    assert strengths == [1.0, 0.8, 0.4, 0.0]
