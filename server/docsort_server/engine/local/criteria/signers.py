"""Who is said to have signed, and whether that stands where a page is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria import signing_words as words
from docsort_server.engine.local.criteria.personal_names import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BY = rf"{words.SIGNED}\s{words.BY}"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Herrn?|Frau|Mme|Sra?|Sig|Dhr|Mevr)\.? )"
_AND = r"(?:,? (?:and|und|et|y|e|en) |, )"
_ONE = rf"(?:{_TITLE}[A-ZÀ-Ý][\w'-]{{1,30}}(?!\w| [A-ZÀ-Ý])|{NAME}(?!\w))"
_NAMES = expression(rf"(?i:{_BY})\s(?P<names>{_ONE}(?:{_AND}{_ONE}){{0,5}})")
_JOINT = expression(_AND)
_ROLE = expression(rf"\b{_BY}\s(?P<role>[^,.;]{{1,80}})")
_END = expression(r"\b(?:and|und|et|y|e|en|or|oder|on|am|before|after|in|with|mit)\b")
_TITLES_TEXT = "mr mrs ms dr prof herr herrn frau mme sr sra sig dhr mevr"
_TITLES = frozenset(_TITLES_TEXT.split())
# Whoever signs is one of these.
_ANYBODY_TEXT = """
both all each party parties people person persons someone somebody anyone hand signatory signatories
signer it parteien personen beide partes personnes deux ambas persone parti entrambe partijen beiden
pessoas
"""
_ANYBODY = frozenset(stem for word in _ANYBODY_TEXT.split() for stem in t.content_stems(word))
# A name stands at most so many lines above what tells of a signature, and below it.
_ABOVE, _BELOW = 2, 4
_WORDS = expression(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Signers:
    """The folded words of each name, or the stems of what the signer is; empty for anybody."""

    names: tuple[tuple[str, ...], ...] = ()
    role: tuple[str, ...] = ()


ANYBODY = Signers()


def of(criterion: str, part: str) -> Signers:
    """Return who is to have signed by a criterion, as far as its folded part says."""
    found = _NAMES.search(criterion)
    if found:
        names = (_words(each) for each in _JOINT.split(found["names"]))
        return Signers(tuple(name for name in names if name and name[-1] in part))
    said = _ROLE.search(part)
    if said is None:
        return ANYBODY
    end = _END.search(said["role"])
    stems = t.content_stems(said["role"][: end.start() if end else None])
    return Signers(role=tuple(stem for stem in stems if stem not in _ANYBODY and stem.isalpha()))


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in _WORDS.findall(t.fold(name)) if word not in _TITLES)


def around(lines: Sequence[str], number: int) -> Sequence[str]:
    """Return the folded lines on which the name to a signature may stand."""
    return lines[max(0, number - _ABOVE) : number + _BELOW + 1]


def has_name(lines: Iterable[str], name: tuple[str, ...]) -> bool:
    """Tell whether a line has a name; of its first names the initials are enough."""
    return any(_is_on(set(_WORDS.findall(line)), name) for line in lines)


def _is_on(words: set[str], name: tuple[str, ...]) -> bool:
    *first, last = name
    return last in words and all(
        word in words or word[0] in words or (len(word) == 1 and _begins(words, word))
        for word in first
    )


def _begins(words: set[str], initial: str) -> bool:
    return any(word.startswith(initial) for word in words)


def has_role(lines: Iterable[str], role: tuple[str, ...]) -> bool:
    """Tell whether lines have all stems of what somebody is."""
    found = {stem for line in lines for stem in t.content_stems(line)}
    return found.issuperset(role)
