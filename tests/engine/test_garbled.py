"""Text of broken fonts: it reads as no language, whatever the picture shows."""

from __future__ import annotations

import string
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engine_pages import GERMAN_INVOICE, INVOICE, LEASE, STATEMENT, TALE, page
from garbled_pdfs import garbled_pdf

from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import terms_of
from docsort_server.engine.local.garbled import is_garbled
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.model import PageContent

PAGES = (INVOICE, LEASE, STATEMENT, GERMAN_INVOICE, TALE)
MADE_UP = sorted(Path(__file__).with_name("lexicon_pages").iterdir())
# ruff: noqa: RUF001 - letters of other alphabets
# The first article of the Universal Declaration of Human Rights.
LANGUAGES = {
    "Polish": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "Czech": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv.",
    "Hungarian": "Minden emberi lény szabadon születik és egyenlő méltósága és joga van.",
    "Turkish": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
    "Vietnamese": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm.",
    "Welsh": "Genir pawb yn rhydd ac yn gydradd a'i gilydd mewn urddas a hawliau.",
    "Finnish": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.",
    "Basque": "Gizon-emakume guztiak aske jaiotzen dira, duintasun eta eskubide berberak.",
    "Zulu": "Bonke abantu bazalwa bekhululekile belingana ngesithunzi nangamalungelo.",
    "Hmong": "Txhua tus neeg yug los muaj kev ywj pheej thiab sib npaug zos hauv kev muaj meej.",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια.",
    "Russian": "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "Chinese": "人人生而自由在尊严和权利上一律平等他们赋有理性和良心" * 4,
}
KEYS = "QX7WKB2ZHV9MTJ4RDPGC8FNYS3LEAU6I"
CODES = {
    "redacted": "Sold and serviced by XXXXXXXXXXXX\nXXXX XXXXXXXXXXXXX XXXX\nXXXXXXXXXXXX\n" * 4,
    "hexadecimal": "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15\n" * 6,
    "leaders": "Chapter one ................................ 7\n" * 12,
    "bases": "GATTACA CCGTA TTAGC GGCAT ACGTT CCATG AATCG\n" * 8,
    "amounts": "$1,200.00 $37.50 12% +4.5% #4 & <5>\n" * 10,
    "arrays": "[[1, 2], [3, 4]], {5: [6], 7: [8, 9]}\n" * 10,
    "rows": "x = {a[i]: (b * c) for i in range(10) if a[i] != b[i] and c > 0}\n" * 6,
}
# Their letters are rarely vowels, as if they stood for others.
TABLES = {
    "parts": "C1 10uF K8 BSS138 Q4 BC547 R12 4k7 Z3 1N4148 U5 LM317 PT2 XTAL 16MHz\n" * 6,
    "pins": "PB12 PB13 VDD VSS JTCK JTMS NRST SWDIO VBAT TXD RXD CTS PWM CH2 GND\n" * 6,
    "callsigns": "DL3XKQ 599 PY2WHK 579 JH1ZVB 599 VK7GQX 559 ZL4KWP 599 HB9JZK 589\n" * 6,
    "game": "1. Nf3 Nf6 2. g3 g6 3. Bg2 Bg7 4. Nbd2 Nbd7 5. Rxb7 Qxh7 6. Kxh2 gxf5\n" * 6,
    "weather": "KBWI 24016G28KT 10SM FEW250 BKN030 TSRA RMK WSHFT VCTS BLSN FZFG\n" * 6,
    "flat": "3BR 2BTH W/ GRG & BSMT, HDWD FLRS, NR SCHLS. CNTCT MGR. LRG YRD, W/D HKP\n" * 6,
    "keys": "\n".join("".join(KEYS[n * m % 32] for m in range(1, 26)) for n in range(3, 33, 2)),
}
EXPRESSIONS = r"[a-z]+ = \d{3}-\d{4} (?:foo|bar)* #[^@]+@[^@]+ !~ <br> & \w+\s*; ?" + "\n"
# Each letter stands for the seventh behind the one before it.
MIXED = dict(
    zip(map(ord, string.ascii_lowercase), map(ord, "xelszgnubipwdkryfmtahovcjq"), strict=True)
)


def shifted(by: int) -> Callable[[int], int]:
    """Return what takes each code for one so far from it."""
    return lambda code: code + by


def numbered(text: str) -> Callable[[int], int]:
    """Return what numbers letters as they come in a text, as subsets of fonts do."""
    order = list(dict.fromkeys(map(ord, text)))
    return lambda code: 0x21 + order.index(code) if code in order else code


def drawn(text: str, said: Callable[[int], int]) -> PageContent:
    """Return a page that shows a text and says another, as it is read."""
    mapping = Mapping.of(garbled_pdf([text], said))
    with closing(open_document(mapping, terms_of(DocumentLimits()))) as document:
        return document.read(1)


def of_fonts(text: str) -> PageContent:
    """Return a page whose text was drawn by fonts."""
    return replace(page(text), max_font_size=10.0)


@pytest.mark.parametrize("text", PAGES)
@pytest.mark.parametrize("by", [-29, -3, -1, 1, 5])
def test_a_font_whose_letters_are_shifted_is_unreadable(text: str, by: int) -> None:
    """By 29, the place of letters in most fonts, or by any number."""
    assert unread(drawn(text, shifted(by))) is Outcome.UNREADABLE


@pytest.mark.parametrize("text", PAGES)
def test_a_font_whose_letters_are_mixed_or_numbered_is_unreadable(text: str) -> None:
    """Each letter is another, or what number it has in the font."""
    mixed = drawn(text.lower(), lambda code: MIXED.get(code, code))
    assert unread(mixed) is Outcome.UNREADABLE
    assert unread(drawn(text, numbered(text.replace(" ", "")))) is Outcome.UNREADABLE


@pytest.mark.parametrize("text", PAGES)
def test_a_font_whose_letters_are_right_is_read(text: str) -> None:
    """A map is no sign of a broken one, and nor is a heading of one that is broken."""
    assert unread(drawn(text, shifted(0))) is None
    assert unread(of_fonts("5HVLGHQWLDO OHDVH\n" + text)) is None
    assert unread(of_fonts("Residential lease\n" + drawn(text, shifted(-3)).text)) is not None


@pytest.mark.parametrize(
    "text", [*LANGUAGES.values(), *CODES.values(), *TABLES.values(), EXPRESSIONS * 6]
)
def test_languages_and_codes_are_not_garbled(text: str) -> None:
    """Whatever letters a language uses most; lists of codes are what they are."""
    broken = of_fonts(
        "Wkh whqdqw vkdoo sdb d prqwkob uhqw dqg d vhfxulwb ghsrvlw ri rqh prqwk.\n" * 2
    )
    assert is_garbled(broken)
    assert not is_garbled(of_fonts(text))
    assert not is_garbled(of_fonts(f"{text}\n{text.upper()}"))


@pytest.mark.parametrize("path", MADE_UP, ids=lambda path: path.stem)
def test_no_page_of_a_known_type_is_garbled(path: Path) -> None:
    """In seven languages, with tables and forms."""
    text = path.read_text(encoding="utf-8")
    assert is_garbled(of_fonts(text.translate({code: code + 1 for code in range(0x21, 0x7E)})))
    assert not is_garbled(of_fonts(text))


def test_only_what_fonts_draw_is_judged() -> None:
    """A file of text has no fonts, and what was read off a picture is no map's."""
    garbled = drawn(LEASE, shifted(-3))
    assert is_garbled(garbled)
    assert not is_garbled(replace(garbled, max_font_size=0.0))
    assert not is_garbled(replace(garbled, recognised=True))
