"""Facts about how a page looks, counted from its text and its drawn objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local.reading import READ_CHARS
from docsort_server.engine.packet import cues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.local.reading import Reading

FACTS = (
    "landscape",
    "tall",
    "points_wide",
    "words",
    "lines",
    "words_per_line",
    "short_lines",
    "long_lines",
    "digit_share",
    "number_lines",
    "colon_lines",
    "bullet_lines",
    "amounts",
    "times",
    "blanks",
    "boxes",
    "sentences",
    "questions",
    "quotes",
    "leaders",
    "braces",
    "mail_heads",
    "letter_frames",
    "citations",
    "images",
    "image_share",
    "paths",
    "font_size",
    "fields",
)
_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")
_TIME = re.compile(r"\b[0-2]?\d[:h][0-5]\d\b")
_BLANK = re.compile(r"_{4,}")
_LEADER = re.compile(r"\.{5,}|(?:\. ){5,}")
_SENTENCE = re.compile(r"(?<=[a-zà-ÿ]{2})[.!?](?:\s|$)")
_BULLET = re.compile(r"^(?:[•●▪■◦‣∙·\u2013*\uf0b7-]\s|[•●▪■◦‣\uf0b7])")
# A line at the head of a mail, such as "From: Ann <ann@example.com>".
_MAIL_HEAD = re.compile(r"^[^\W\d]{2,12}\s?:[^@]{0,80}[\w.+-]{1,64}@\w", re.MULTILINE)
# What papers cite: "[12]", "[3, 4]", "(Smith et al., 2019)", "J. Chem. 22 (2019) 451", "Fig. 4".
_CITATION = re.compile(
    r"\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3}){0,9}\]|[^\W\d_][.,]?\s\(?(?:19|20)\d\d[a-z]?\)"
    r"|\bet al\b|\b\d{1,4} \((?:19|20)\d\d\) \d|\bFigs?\. ?\d"
)
# A salutation may run on into the text; a closing formula stands on a line of its own.
_SALUTATION_WORDS, _CLOSING_WORDS = 14, 6
_SHORT, _LONG = 3, 9


def facts(reading: Reading) -> Mapping[str, float]:
    """Return every fact of `FACTS`.

    Shares are 0..1 of the lines, letters or page area; counts are plain; `points_wide` is in
    points and `tall` the page's height over its width.
    """
    page, lines, text = reading.page, reading.lines, reading.page.text[:READ_CHARS]
    return (
        _shape(reading)
        | _line_shares(reading)
        | {
            "digit_share": _digit_share(reading.squeezed),
            "colon_lines": _share(sum(":" in line[-25:] for line in lines), len(lines)),
            "bullet_lines": _share(
                sum(_BULLET.match(line) is not None for line in lines), len(lines)
            ),
            "amounts": float(len(_AMOUNT.findall(text))),
            "times": float(len(_TIME.findall(text))),
            "blanks": float(len(_BLANK.findall(text))),
            "leaders": float(len(_LEADER.findall(text))),
            "boxes": float(sum(text.count(box) for box in ("☐", "□", "❑", "[ ]", "☑", "\uf0a8"))),
            "sentences": float(len(_SENTENCE.findall(text))),
            "questions": float(text.count("?")),
            "quotes": float(sum(text.count(mark) for mark in ("“", "”", "„", "«"))),
            "braces": float(sum(text.count(mark) for mark in ("{", "}", "();", "==", "//"))),
            "mail_heads": float(len(_MAIL_HEAD.findall(text))),
            "letter_frames": float(_has_frame(reading.words)),
            "citations": float(len(_CITATION.findall(text))),
            "images": float(page.images),
            "image_share": page.image_share,
            "paths": float(page.paths),
            "font_size": page.max_font_size,
            "fields": float(page.fields),
        }
    )


def _has_frame(lines: Sequence[Sequence[str]]) -> bool:
    """Tell whether a closing formula follows a salutation, as in letters and mails."""
    lines_left = iter(lines)
    greeted = any(
        cues.SALUTATION.match(" ".join(words))
        for words in lines_left
        if len(words) <= _SALUTATION_WORDS
    )
    # Goes on below the salutation, which has used up the lines above.
    return greeted and any(
        cues.CLOSING.search(" ".join(words)) for words in lines_left if len(words) <= _CLOSING_WORDS
    )


def _shape(reading: Reading) -> dict[str, float]:
    page = reading.page
    return {
        "landscape": float(page.width > page.height),
        "tall": page.height / page.width if page.width else 1.0,
        "points_wide": page.width,
        "words": float(len(reading.offsets)),
        "lines": float(len(reading.lines)),
    }


def _line_shares(reading: Reading) -> dict[str, float]:
    sizes = [len(line) for line in reading.words]
    count = len(sizes)
    numeric = sum(
        1 for line in reading.words if line and sum(w[0].isdigit() for w in line) * 2 > len(line)
    )
    return {
        "words_per_line": _share(sum(sizes), count),
        "short_lines": _share(sum(size <= _SHORT for size in sizes), count),
        "long_lines": _share(sum(size >= _LONG for size in sizes), count),
        "number_lines": _share(numeric, count),
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _digit_share(squeezed: str) -> float:
    return _share(sum(squeezed.count(digit) for digit in "0123456789"), len(squeezed))
