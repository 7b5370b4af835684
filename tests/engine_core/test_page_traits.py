"""What is kept of a page to tell documents in a packet apart."""

import time
from dataclasses import replace

import pytest
from engine_pages import LETTER, page
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.codec.traits import traits_from_record, traits_to_record
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import LINE, Look, PageTraits, unpacked

# What the traits may add to a page's record, which is kept for every page of every job.
RECORD_BYTES = 200
# Seconds that no page may take, however it is written: a usual one takes less than a hundredth.
LONGEST = 0.1


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("INVOICE\nNo. 7", Look.TITLE),
        ("Acme Ltd\nTax invoice no. 7", Look.TITLE),
        ("Rechnung\n4711", Look.TITLE),
        ("THE STATE OF THE HARBOUR\ntext", Look.HEADLINE),
        ("Sehr geehrte Damen und Herren,\nwir", Look.SALUTATION),
        ("Bristol, 3 May 2024\ntext", Look.DATE),
        ("31.12.2023\ntext", Look.DATE),
        ("Acme\nTel. 0117 496 0000", Look.CONTACT),
        ("Invoice number: AC-7731\ntext", Look.NUMBERED),
        ("Conditions of sale (continued)\ntext", Look.CONTINUED),
        ("text\nMit freundlichen Grüßen\nA. Finch", Look.CLOSING),
        ("text\nTotal due 12.00", Look.TOTAL),
        ("text\nFortsetzung auf Seite 2", Look.GOES_ON),
        ("and so the garden was left to the winter, as ever\ntext", Look.MID_SENTENCE),
        ("Text.\nWe shall then have to see to it that all the", Look.BROKEN_OFF),
    ],
)
def test_what_a_page_looks_like(text: str, look: Look) -> None:
    """Each sign is seen where it stands, and not on a page of plain text."""
    plain = page("The harbour was built in stone.\nIt stands to this day.")
    assert look in traits_of(page(text)).look
    assert look not in traits_of(plain).look


@pytest.mark.parametrize(
    ("text", "divides"),
    [
        ("Appendix B", True),
        ("APPENDIX\nB", True),
        ("Exhibit A-1", True),
        ("Part II", True),
        ("Section 4.2", True),
        ("Attachment", True),
        ("Anlage Nr. 3", True),
        ("Anhang", True),
        ("Annexe n° 2", True),
        ("Anexo IV", True),
        ("Allegato 1", True),
        ("Bijlage C\n17", True),
        ("Continued", False),
        ("A. Finch", False),
        ("Part of it", False),
        ("Appendix B sets out the prices.", False),
        ("Partner", False),
    ],
)
def test_a_divider_is_a_page_with_nothing_but_its_name(text: str, divides: bool) -> None:
    """The word for a part of something, with a letter or a number."""
    assert (Look.DIVIDER in traits_of(page(text)).look) == divides


def test_a_letter_opens_and_closes() -> None:
    """A whole letter on one page has the signs of a first and of a last one."""
    seen = traits_of(page(LETTER)).look
    assert Look.SALUTATION | Look.DATE | Look.CLOSING in seen


def running(traits: PageTraits) -> set[int]:
    """Return the hashes of lines."""
    return set(unpacked(traits.lines, LINE))


def test_running_lines_are_equal_whatever_their_numbers() -> None:
    """A header with a page number gives the same hash on every page, another header does not."""
    first = traits_of(page("Harbour report 2023, page 4\nStone."))
    later = traits_of(page("Harbour report 2023, page 5\nTimber and iron."))
    other = traits_of(page("Garden report 2023, page 5\nPlum trees."))
    assert len(running(first) & running(later)) == 1
    assert not running(first) & running(other)


def test_the_bottom_is_not_told_where_it_was_not_read() -> None:
    """Of a scan whose top was enough, the last line read is no end of a page."""
    whole = page("Invoice\ntext\nTotal due 12.00")
    top = traits_of(replace(whole, top_only=True)).look
    assert Look.TOTAL in traits_of(whole).look
    assert Look.TOTAL not in top
    assert Look.TOP_ONLY in top


def test_languages() -> None:
    """Text of some length tells its language, a few words do not."""
    english = "The harbour and the garden were left to the winter, and that is what they are for. "
    german = "Der Hafen und die Werft sind nicht das, was auf der Karte von der Stadt steht. "
    assert traits_of(page(english * 3)).language == "en"
    assert traits_of(page(german * 3)).language == "de"
    assert traits_of(page("Total 12.00")).language == ""


def test_a_page_without_text_has_its_size_alone() -> None:
    """Whatever else is unknown, and the largest size there is still fits."""
    assert traits_of(page("", width=600.4, height=1e300)) == PageTraits(600, 65_535)


@pytest.mark.parametrize("size", [float("nan"), float("-inf"), -3.0])
def test_a_size_that_is_none_is_told_as_none(size: float) -> None:
    """A broken file has such; its page ends with a result all the same."""
    text = replace(page("Invoice", width=size, height=size), max_font_size=size)
    seen = traits_of(text)
    assert (seen.width, seen.height, seen.font) == (0, 0, 0)


@pytest.mark.parametrize(
    "text",
    ["a" * 6_990 + "1", "\n".join(["a" * 3_000 + "1"] * 3), "\n".join(["&" * 26] * 8)],
    ids=["a long word", "long words", "signs that join words"],
)
def test_no_page_takes_long(text: str) -> None:
    """Where nothing is found, no text is looked through again and again for it."""
    began = time.thread_time()
    traits_of(page(text))
    assert time.thread_time() - began < LONGEST


def test_the_end_of_a_long_line_tells_whether_it_breaks_off() -> None:
    """Text without line ends is one line, and its end is that of the page."""
    assert Look.BROKEN_OFF in traits_of(page("The harbour. " * 90 + "It is of")).look
    assert Look.BROKEN_OFF not in traits_of(page("The harbour. " * 90)).look


@given(st.text(max_size=3_000), st.integers(1, 4))
def test_traits_of_any_text_are_small_and_come_back(text: str, times: int) -> None:
    """Never an error, at most so many bytes, and equal when read from the record."""
    traits = traits_of(page(text * times))
    record = traits_to_record(traits)
    assert record.ByteSize() <= RECORD_BYTES
    assert traits_from_record(record) == traits


def test_traits_of_a_full_page_are_small() -> None:
    """A page with all there is to see stays within the bound."""
    names = " ".join(f"AC-{number * 7919}" for number in range(99))
    words = " ".join(f"w{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]}ort" for n in range(99))
    text = (
        f"Invoice number: AC-7731\nForm 1040-X\n{words}\n{names}\n9\nPage 1999 of 2000\n8888\n7777"
    )
    record = traits_to_record(traits_of(page(text, width=9e9, height=9e9)))
    assert 100 < record.ByteSize() <= RECORD_BYTES
