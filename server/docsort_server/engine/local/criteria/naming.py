"""Which of a page's values is meant: the one its names stand at, and no other's."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.values import BELOW, REACH, Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsort_server.engine.local.criteria.conditions import Trial
    from docsort_server.engine.local.criteria.labels import Label
    from docsort_server.engine.local.criteria.sheet import Spot
    from docsort_server.engine.local.criteria.values import Values

    _Lines = Mapping[int, Sequence[Label]]

# "Total incl. VAT" is the total.
_WITH = re.compile(r"\b(?:incl|inkl|includ|inc|ttc|compris|con|comprens|with|mit)")
# A total of these is no total,
_APART = re.compile(r"\b(?:hours|items|qty|pieces|pages)\b")
# and one without the tax is it only where the page has no other.
_NET = (
    r"\b(?:net(?:to|t)?|excl\w{0,6}|ex|before|without|ht|hors|sans|ohne|zzgl|zuzuglich|exkl\w{0,5}"
    r"|senza|escl\w{0,4}|sin|neto|sem|zonder|liquido)\b"
)
_IS_NET = re.compile(_NET)
# "Total excl. VAT" names no tax.
_WITHOUT = re.compile(rf"{_NET}\W{{0,3}}(?:(?:of|de|la|der)\W)?$")
_TAXED = re.compile(
    rf"(?:{_NET}|\b(?:inc|ink)\w{{0,7}}|\b(?:compris|comprens[oi]|con|mit|with)\b)\W{{0,3}}"
    r"(?:(?:of|de|la|der)\W)?$"
)
_DIGIT = re.compile(r"\d")
# Labels by which the trials of these are known.
_TOTAL, _SUBTOTAL = "total", "subtotal"
# A page that names a value more often than this says no more by it.
_MOST = 100
# Words of one name are at most so far apart: "amount of the deposit".
_GAP = 8
# "Lyon, le", "Berlin, den": letters and contracts are dated so.
_PLACE = re.compile(
    r"[^\W\d][^\W\d .'-]{1,20}(?:[ .'-]{1,2}[^\W\d]{1,20}){0,3}, ?(?:le|den|li|op|a)? ?"
)

# Names that other words make those of something else: "start date", "date of service".
_BARE_TEXT = "date datum fecha data amount betrag montant importe importo bedrag valor"
_BARE = frozenset(_BARE_TEXT.split())
_WORD_BEFORE = re.compile(r"([^\W\d_]{3,}) $")
# The Italian and Portuguese date, and English "data analyst".
_ENGLISH_DATA = re.compile(r"data (?!di\b|da\b|de\b|del)[^\W\d_]{3}")
_OWN = frozenset(("invoice", "letter", "bill", "page", "document", "total", "rechnung"))
_OF = re.compile(r" (?:of |de |d'|di |da |del |della |van |der |des )[^\W\d_]{3}")


class Candidate(NamedTuple):
    """A value that a name stands at; a longer name is the stronger one."""

    grade: Grade
    spot: Spot
    strength: int


class Naming:
    """Finds the values that the labels of a trial name."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def candidates(self, trial: Trial) -> list[Candidate]:
        """Return the values that labels name; numbers without any sign of money right behind."""
        labels, rivals = self._labels(trial)
        said = set(self._values.labels.find(trial.said))
        labels = [label for label in labels if label in said] or labels
        if trial.own:
            labels = [label for label in labels if not self._is_of_another(label)]
        if trial.form != "amount":
            return list(self._named(labels, rivals, self._spots(trial.form)))
        labels = [label for label in labels if not self._is_left_out(label, rivals)]
        found = self._amounts(labels, rivals, net=_SUBTOTAL in trial.labels)
        return found or (self._untaxed(trial) if _TOTAL in trial.labels else [])

    def _amounts(
        self, labels: Sequence[Label], rivals: _Lines, *, net: bool = False
    ) -> list[Candidate]:
        found = list(self._named(labels, rivals, self._spots("amount"), net=net))
        if found:
            return found
        named = self._named(labels, rivals, self._spots("numeral"), net=net)
        return [each for each in named if each.grade == Grade.BESIDE]

    def _untaxed(self, trial: Trial) -> list[Candidate]:
        """Return the totals without the tax, less plainly the total than one that has it."""
        labels = self._values.labels.find(trial.labels)
        rivals = _by_line(self._values.labels.find(trial.rivals))
        others = {line: list(itertools.filterfalse(self._is_net, rivals[line])) for line in rivals}
        mine = [label for label in labels if not _within(label, others.get(label.line, ()))]
        found = self._named(mine[:_MOST], others, self._spots("amount"), net=True)
        return [each._replace(grade=min(each.grade, Grade.BELOW)) for each in found]

    def _is_net(self, label: Label) -> bool:
        line = self._values.sheet.folded_lines[label.line]
        return _IS_NET.search(line, label.start, label.end) is not None

    def _is_left_out(self, label: Label, rivals: _Lines) -> bool:
        """Tell whether a name only says what another value is with or without: no tax itself."""
        line = self._values.sheet.folded_lines[label.line]
        before = [each for each in rivals.get(label.line, ()) if each.end <= label.start]
        return any(
            _TAXED.search(line, each.start, label.start)
            and not _DIGIT.search(line, each.end, label.start)
            for each in before
        )

    def any(self, trial: Trial) -> list[Spot]:
        """Return the values that their form tells, else those behind one of the labels."""
        spots = self._spots(trial.form)
        sure = [spot for spot in spots if spot.sure or trial.form == "amount"]
        if sure or not trial.labels:
            return sure
        named = self._named(self._values.labels.find(trial.labels), {}, spots)
        return [each.spot for each in named if each.grade == Grade.BESIDE]

    def unclaimed(self, trial: Trial) -> list[Spot]:
        """Return the values that no name of another one stands at."""
        _, rivals = self._labels(trial)
        spots = self._spots(trial.form)
        labels = list(itertools.chain.from_iterable(rivals.values()))
        claimed = {each.spot for each in self._named(labels, {}, spots)}
        left = [spot for spot in spots if spot not in claimed]
        if trial.form == "date":
            left = [spot for spot in left if self._is_placed(spot)] or left
        return left or (list(self._values.spots("year")) if trial.form == "date" else [])

    def _is_of_another(self, label: Label) -> bool:
        """Tell whether more words name the value: a "start date" is not the date of the page."""
        line = self._values.sheet.folded_lines[label.line]
        if _ENGLISH_DATA.match(line, label.start):
            return True
        if line[label.start : label.end] not in _BARE or not line[label.end :].strip(" :.-"):
            return False
        word = _WORD_BEFORE.search(line, max(0, label.start - REACH), label.start)
        before = word is not None and word[1] not in t.STOP_WORDS and word[1] not in _OWN
        return before or _OF.match(line, label.end) is not None

    def _is_placed(self, spot: Spot) -> bool:
        line = self._values.sheet.folded_lines[spot.line]
        return _PLACE.fullmatch(line, 0, spot.start) is not None

    def _spots(self, form: str) -> list[Spot]:
        spots = list(self._values.spots(form))
        if form != "date":
            return spots
        months = self._values.spots("month")
        dated: dict[int, list[Spot]] = {}
        for spot in spots:
            dated.setdefault(spot.line, []).append(spot)
        others = [
            each
            for each in months
            if not any(_overlap(each, spot) for spot in dated.get(each.line, ()))
        ]
        return sorted([*spots, *others], key=lambda spot: (spot.line, spot.start))

    def _labels(self, trial: Trial) -> tuple[list[Label], _Lines]:
        """Return where the names stand, each the longest one there, and where others do by line."""
        labels = self._values.labels.find(trial.labels)
        rivals = _by_line(self._values.labels.find(trial.rivals))
        around = _by_line([*labels, *itertools.chain.from_iterable(rivals.values())])
        mine = [label for label in labels if not _within(label, around[label.line])]
        mine = _phrases(mine) if trial.labels[0].endswith("*") else mine
        kept = _by_line(mine)
        others = {
            line: [rival for rival in each if not _within(rival, kept.get(line, ()))]
            for line, each in rivals.items()
        }
        return mine[:_MOST], others

    def _named(
        self, labels: Sequence[Label], rivals: _Lines, spots: Sequence[Spot], *, net: bool = False
    ) -> Iterator[Candidate]:
        by_line: dict[int, list[Spot]] = {}
        for spot in spots:
            by_line.setdefault(spot.line, []).append(spot)
        for label in labels:
            grade, named = self._at(label, rivals.get(label.line, ()), by_line, net=net)
            yield from (Candidate(grade, spot, label.end - label.start) for spot in named)

    def _at(
        self,
        label: Label,
        rivals: Sequence[Label],
        by_line: Mapping[int, list[Spot]],
        *,
        net: bool,
    ) -> tuple[Grade, list[Spot]]:
        line = self._values.sheet.folded_lines[label.line]
        end = self._end(label, rivals, line)
        here = by_line.get(label.line, [])
        behind = [spot for spot in here if label.end - 3 <= spot.start < end]
        if behind:
            apart = _APART.search(line, label.end, behind[0].start)
            without = _IS_NET.search(line, label.end, behind[0].start)
            if apart or (without and not net):
                return Grade.BESIDE, []
            return Grade.BESIDE, behind
        over = [spot for spot in here if spot.start <= label.start < spot.end]
        before = [spot for spot in here if 0 <= label.start - spot.end <= REACH // 2]
        if over or before:
            return Grade.BELOW, (over or before)[-1:]
        for number in range(label.line + 1, label.line + BELOW + 1):
            if number in by_line:
                return Grade.BELOW, _under(label, rivals, by_line[number])
        return Grade.NAMED, []

    def _end(self, label: Label, rivals: Sequence[Label], line: str) -> int:
        """Return where the words for another value begin, on the line of a label."""
        starts = [
            rival.start
            for rival in rivals
            if rival.start >= label.end
            and not _WITH.search(line, label.end, rival.start)
            and not _WITHOUT.search(line, label.start, rival.start)
        ]
        return min([label.end + REACH, *starts])


def _phrases(labels: list[Label]) -> list[Label]:
    """Join words that follow each other; only the longest phrases are kept."""
    joined: list[tuple[int, Label]] = []
    for label in sorted(labels):
        count, last = joined[-1] if joined else (0, label)
        if joined and last.line == label.line and 0 <= label.start - last.end <= _GAP:
            joined[-1] = (count + 1, last._replace(end=label.end))
        else:
            joined.append((1, label))
    most = max((count for count, _ in joined), default=0)
    return [label for count, label in joined if count == most]


def _under(label: Label, rivals: Sequence[Label], spots: list[Spot]) -> list[Spot]:
    """Return the values in the column of a name, by its place or by its rank among others."""
    over = [spot for spot in spots if spot.start < label.end and label.start < spot.end]
    if len(over) == 1:
        return over
    heads = sorted({label, *rivals})
    apart = all(one.end <= other.start for one, other in itertools.pairwise(heads))
    return [spots[heads.index(label)]] if apart and len(heads) == len(spots) else spots


def _by_line(labels: Iterable[Label]) -> dict[int, list[Label]]:
    lines: dict[int, list[Label]] = {}
    for label in labels:
        lines.setdefault(label.line, []).append(label)
    return lines


def _within(label: Label, others: Iterable[Label]) -> bool:
    """Tell whether a name is a part of a longer one on its line."""
    length = label.end - label.start
    return any(
        other.start <= label.start and label.end <= other.end and other.end - other.start > length
        for other in others
    )


def _overlap(one: Spot, other: Spot) -> bool:
    return one.start < other.end and other.start < one.end
