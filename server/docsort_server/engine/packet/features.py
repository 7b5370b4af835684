"""Measure what lies between two pages: what speaks for a border there, and what against."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.packet.traits import LINE, NAME, WORD, Look, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.packet.traits import PageTraits

# Pages as large as each other within so many points, or a fiftieth.
_SLACK, _SLACK_SHARE = 6, 0.02
_MOST = 3
# A sketch of so many words is not of all words of its page.
_SKETCH, _ALL = 40, 1 << 8 * WORD
# Neighbours that are compared more than once, as the window moves on from page to page.
_NEAR = 16
# Of words of either page so many have to be known before what they share tells anything; else it
# is taken to be what it mostly is.
_FEWEST_WORDS, _UNKNOWN_APART = 6, 0.85
# A page with so many words less than the other is half empty.
_SHORT = 0.5
# Letters of a title are so much larger than those of the page before.
_LARGER = 1.25
# Flags as plain numbers, since those of an enumeration take ten times as long to combine.
_OPENINGS = int(Look.TITLE), int(Look.HEADLINE), int(Look.SALUTATION), int(Look.DATE)
_OPENS = sum(_OPENINGS) | int(Look.CONTACT)
_TOPS = *_OPENINGS, int(Look.CONTACT), int(Look.NUMBERED), int(Look.CONTINUED)
_ENDS = int(Look.CLOSING), int(Look.TOTAL), int(Look.GOES_ON)
_BROKEN_OFF, _MID_SENTENCE = int(Look.BROKEN_OFF), int(Look.MID_SENTENCE)


class Neighbour(NamedTuple):
    """A page that votes, as borders see it: its traits and its category, `sure` where it matches.

    `blanks` pages between it and the one before are blank, or dividers. `scores` are those of its
    likeliest categories, where it matches one.
    """

    traits: PageTraits
    key: int | None
    sure: bool = True
    blanks: int = 0
    scores: Mapping[int, float] = MappingProxyType({})


FEATURES = (
    *("label_differs", "label_sure", "label_holds", "label_returns"),
    *("number_starts", "number_follows", "total_same", "number_inside", "number_clashes"),
    *("count_complete", "count_incomplete", "loose_follows", "loose_starts"),
    *("lines_shared", "lines_lost"),
    *("title", "headline", "salutation", "date", "contact", "numbered", "continued", "font_grows"),
    *("closing", "total", "goes_on", "sentence_goes_on", "tail"),
    *("reference_differs", "reference_same", "form_new", "form_same"),
    *("names_shared", "names_apart", "words_apart", "words_valley"),
    *("size_differs", "source_differs", "language_differs", "separator"),
)


def measure(neighbours: Sequence[Neighbour], index: int) -> tuple[float, ...]:
    """Return `FEATURES` of the border before `neighbours[index]`, which is not the first."""
    before, after = neighbours[index - 1], neighbours[index]
    a, b, look = before.traits, after.traits, int(after.traits.look)
    return (
        *_labels(neighbours, index),
        *_numbers(a, b),
        *_lines(neighbours, index),
        *(float(look & flag > 0) for flag in _TOPS),
        float(bool(a.font) and b.font >= _LARGER * a.font),
        *_bottom(a, b),
        *_references(a, b),
        *_vocabulary(neighbours, index),
        *_paper(a, b),
        float(after.blanks > 0),
    )


def _labels(neighbours: Sequence[Neighbour], index: int) -> tuple[float, ...]:
    """Compare labels; one that returns at the next page, or to that before, may be a mistake."""
    before, after = neighbours[index - 1], neighbours[index]
    earlier = neighbours[index - 2].key if index >= 2 else None
    later = neighbours[index + 1].key if index + 1 < len(neighbours) else None
    return tuple(
        float(before.key != after.key and holds)
        for holds in (
            True,
            before.sure and after.sure,
            earlier == before.key or later == after.key,
            earlier == after.key or later == before.key,
        )
    )


def _numbers(a: PageTraits, b: PageTraits) -> tuple[float, ...]:
    known = a.number is not None and b.number is not None
    same_total = a.total is None or b.total is None or a.total == b.total
    follows = known and b.number == (a.number or 0) + 1 and same_total
    inside = b.number is not None and b.number > 1
    starts = b.number == 1
    complete = a.total is not None and a.number == a.total
    incomplete = a.total is not None and (a.number or 0) < a.total
    steps = {number + 1 for number in a.loose}
    return (
        float(starts),
        float(follows),
        float(follows and a.total is not None and b.total is not None),
        float(inside and not known),
        float(known and not follows and not starts),
        float(complete and not follows),
        float(incomplete and not starts and not known),
        float(not follows and bool(steps & set(b.loose))),
        float(b.number is None and 1 in b.loose and not steps & set(b.loose)),
    )


def _lines(neighbours: Sequence[Neighbour], index: int) -> tuple[float, float]:
    """Compare running lines over the border, two pages on either side: left pages have their own.

    They are lost where those on one side share some, and none goes on across.
    """
    left = [_running(neighbour) for neighbour in neighbours[max(0, index - 2) : index]]
    right = [_running(neighbour) for neighbour in neighbours[index : index + 2]]
    shared = max(len(one & other) for one in left for other in right)
    runs = len(left) > 1 and bool(left[0] & left[1])
    starts = len(right) > 1 and bool(right[0] & right[1])
    # Documents of one sender share their letterhead as well, and many the form of their page
    # numbers: that tells nothing where one opens.
    after = neighbours[index].traits
    opens = int(after.look) & _OPENS > 0 or after.number == 1
    return 0.0 if opens else min(shared, _MOST) / _MOST, float(not shared and (runs or starts))


def share_lines(before: Neighbour, after: Neighbour) -> bool:
    """Tell whether two pages have a running line in common, whatever their neighbours have."""
    return bool(_running(before) & _running(after))


def _running(neighbour: Neighbour) -> frozenset[int]:
    return _hashes(neighbour.traits.lines, LINE)


@lru_cache(maxsize=_NEAR)
def _hashes(hashes: bytes, size: int) -> frozenset[int]:
    return frozenset(unpacked(hashes, size))


def _bottom(a: PageTraits, b: PageTraits) -> tuple[float, ...]:
    # The text of a letter may begin small, behind its salutation.
    ended, began = int(a.look), int(b.look)
    goes_on = began & _MID_SENTENCE > 0 and not began & _OPENS
    return (
        *(float(ended & flag > 0) for flag in _ENDS),
        float(ended & _BROKEN_OFF > 0 and goes_on),
        float(b.length < _SHORT * a.length),
    )


def _references(a: PageTraits, b: PageTraits) -> tuple[float, ...]:
    both, forms = bool(a.reference and b.reference), bool(a.form and b.form)
    shared = len(_hashes(a.names, NAME) & _hashes(b.names, NAME))
    return (
        float(both and a.reference != b.reference),
        float(both and a.reference == b.reference),
        float(bool(b.form) and a.form != b.form),
        float(forms and a.form == b.form),
        min(shared, _MOST) / _MOST,
        float(not shared and bool(a.names and b.names)),
    )


def _vocabulary(neighbours: Sequence[Neighbour], index: int) -> tuple[float, float]:
    """Return how far apart the words of the two pages are, and how much further than around.

    The depth of the valley in what neighbouring pages share, as in TextTiling (Hearst, 1997).
    """
    around = neighbours[max(0, index - 2) : index + 2]
    steps = [_apart(one.traits.words, other.traits.words) for one, other in pairwise(around)]
    direct = steps.pop(min(index, 2) - 1)
    return direct, max(0.0, direct - min(steps, default=direct))


@lru_cache(maxsize=_NEAR)
def _apart(one: bytes, other: bytes) -> float:
    """Return the share of the shorter page's words that the other has not.

    Hashes are compared as far up as both pages tell theirs: the smallest of a page are all there
    are below the largest of them.
    """
    here, there = frozenset(unpacked(one, WORD)), frozenset(unpacked(other, WORD))
    if min(len(here), len(there)) < _FEWEST_WORDS:
        return _UNKNOWN_APART
    bound = min(max(words) if len(words) == _SKETCH else _ALL for words in (here, there))
    fewest = min(sum(map(bound.__ge__, words)) for words in (here, there))
    # What both have is not above the bound.
    return 1.0 - len(here & there) / fewest if fewest >= _FEWEST_WORDS else _UNKNOWN_APART


def _paper(a: PageTraits, b: PageTraits) -> tuple[float, float, float]:
    same = _near(a.width, b.width) and _near(a.height, b.height)
    turned = _near(a.width, b.height) and _near(a.height, b.width)
    scanned = (Look.SCANNED in a.look) != (Look.SCANNED in b.look)
    languages = {a.language, b.language} - {""}
    return (
        0.0 if same else 0.5 if turned else 1.0,
        float(scanned),
        float(len(languages) > 1),
    )


def _near(one: int, other: int) -> bool:
    return abs(one - other) <= max(_SLACK, _SLACK_SHARE * max(one, other))
