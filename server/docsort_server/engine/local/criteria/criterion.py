"""A criterion prepared for pages: what it asks for, part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria import literal, opposites, signers
from docsort_server.engine.local.criteria.conditions import SIGNED, Measure, Origin
from docsort_server.engine.local.criteria.qualifiers import predicate, qualifier
from docsort_server.engine.local.criteria.statement import parts_of
from docsort_server.engine.local.criteria.trials import tried
from docsort_server.engine.local.criteria.untested import untested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.concepts import Concepts, ValueAsked
    from docsort_server.engine.local.criteria.conditions import Trial, Tried
    from docsort_server.engine.local.criteria.signers import Signers
    from docsort_server.engine.local.criteria.statement import Part


# What is told by a number alone is named with it: "invoice number RE-9".
_NUMBERED = ("number", "iban", "vat", "tax", "phone", "bic", "ssn", "ein", "isbn")
# The Spanish and Italian "o" and the Dutch "of" are other words elsewhere: an article tells.
_EITHER = re.compile(
    r"\b(?:or|oder|ou|such)\b|\bo (?:una?|el|la|los|las|il|lo|uno)\b|\bof (?:een|het|de)\b"
)
# "Asks for a date of birth", "must be signed": the words for it are enough, nobody has filled it
# in yet.
_ASKS = re.compile(
    r"\b(?:asks?|asking|requests?|requesting|requires?|requiring|field|fields|place|space|room|fragt"
    r"|verlangt|demande|demandent|pide|solicita|chiede|richiede|vraagt|pede|line for"
    r"|(?:must|needs? to|has to|is to) be|doi(?:ven)?t etre|muss|mussen|deben? (?:ser|estar)"
    r"|dev(?:e|ono) essere|moet(?:en)? worden|devem? (?:ser|estar))\b"
)
# "Mentions a policy number": a page does that without telling the number.
_MENTIONS = re.compile(
    r"\b(?:mention(?:s|ed|ing)?|refers? to|erwahnt|bezieht sich|mentionne|evoque|menciona|menziona"
    r"|cita|noemt)\b"
)
# "Carries a date", "opens with a salutation"; of "figures are numbered" the first word is no verb.
_OPENED = re.compile(
    r"\W*(?:(?:is|you can) )?(\w+) (?:(?:with|out|by)\b|(?=(?:an?|the|its|any|ein\w{0,2}|de[rnm]"
    r"|das|die|une?|el|l[aeo]s?|una|il|gli|uma?|os?|as?|het|een)\b))"
)


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A value asked for by a form and by words that may name it on the page.

    With `telling` its form is enough to know it by. Without a form the words are, and with
    `mentioned` either. With `loosely` nothing is known of the words: "the date of the sale".
    """

    form: str | None
    labels: tuple[str, ...]
    telling: bool
    mentioned: bool = False
    loosely: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a criterion.

    `values` are groups of which each must be given, by any of its values. `concepts` are the
    numbers of what else is meant, `stems` the words that carry meaning, each once, `loose` those
    that no concept stands for. With `either` one of all is enough, `negated` turns the verdict,
    and `count` things are asked for, of the form `counted` if that is known. `trials` are values
    that must meet conditions, `untested` are words that narrow a value and cannot be tested.
    `literals` must stand on the page, where the values do; of `sides` and of the
    stems `said` the page must not say the contrary alone.
    """

    values: tuple[tuple[AskedValue, ...], ...]
    concepts: tuple[int, ...]
    stems: tuple[str, ...]
    loose: frozenset[str]
    either: bool
    negated: bool
    count: Count | None
    counted: str | None
    trials: tuple[Trial, ...] = ()
    untested: str = ""
    literals: tuple[str, ...] = ()
    sides: tuple[tuple[int, int], ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompiledCriterion:
    """The clauses of a criterion, which must all hold, and what they mean together."""

    clauses: tuple[Clause, ...]
    concepts: tuple[int, ...]

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems that carry meaning."""
        return tuple(dict.fromkeys(stem for clause in self.clauses for stem in clause.stems))

    @cached_property
    def loose(self) -> frozenset[str]:
        """The stems that no concept stands for."""
        return frozenset(stem for clause in self.clauses for stem in clause.loose)


def compile_criterion(text: str, concepts: Concepts) -> CompiledCriterion:
    """Find what a criterion means; a concept whose words another's include is left out."""
    made = [_clause(part, concepts, signers.of(text, part.text)) for part in parts_of(text)]
    meant = dict.fromkeys(number for _, numbers in made for number in numbers)
    return CompiledCriterion(tuple(clause for clause, _ in made), tuple(meant))


def _clause(part: Part, concepts: Concepts, signing: Signers) -> tuple[Clause, tuple[int, ...]]:
    """Return the clause and all concepts it means, those with values among them."""
    stems = tuple(dict.fromkeys(t.content_stems(_unopened(part.text, concepts))))
    meant = _meant(frozenset(stems), concepts)
    kept = _told(meant, stems)
    telling = tuple(stem for stem in stems if stem not in concepts.fillers) or stems
    # What narrows a value does not name it.
    beside = t.content_stems(f"{qualifier(part.text)} {part.unread.comparison}")
    loose = frozenset(telling).difference(beside, *kept.values())
    valued = _valued(kept, concepts)
    values = tuple(_values(group, concepts) for group in _groups(valued))
    found = tried(part, values, loose, concepts, asks=_ASKS.search(part.text) is not None)
    said = (
        ""
        if found.trials
        else predicate(part.text, frozenset[str]().union(*valued.values()), loose)
    )
    loose = loose.difference(t.content_stems(said))
    others = tuple(number for number in kept if not concepts.entries[number].value)
    forms = tuple(value.form for group in values for value in group)
    clause = Clause(
        values=tuple(
            tuple(_asked(value, loose, text=part.text) for value in group)
            for place, group in enumerate(values)
            if place not in found.groups and not found.spoken
        ),
        concepts=() if found.spoken else others,
        stems=telling,
        loose=frozenset() if found.spoken else loose,
        either=part.either or _EITHER.search(part.text) is not None,
        negated=part.negated or (part.refused and not found.trials),
        # What a value is to be is no count of it.
        count=None if found.trials and _compares_numbers(part) else part.count,
        counted=_counted(others, found, concepts),
        trials=tuple(
            replace(each, signers=signing) if each.form == SIGNED.form else each
            for each in found.trials
        ),
        untested=untested(part, forms, found) or said,
        literals=_literals(part, forms, found),
        sides=opposites.sides(part.text),
        said=stems,
    )
    return clause, tuple(kept)


def _compares_numbers(part: Part) -> bool:
    return any(each.measure is Measure.NUMBER and each.weak for each in part.conditions)


def _literals(part: Part, forms: tuple[str, ...], found: Tried) -> tuple[str, ...]:
    """Return the numbers and codes that must stand on the page, those compared left out."""
    if found.trials and any(not isinstance(each, Origin) for each in found.conditions):
        return part.literals
    if any(form in _NUMBERED for form in forms):
        return literal.named(part.text) or part.weakly
    return part.weakly


def _counted(others: tuple[int, ...], found: Tried, concepts: Concepts) -> str | None:
    if any(trial.form == SIGNED.form for trial in found.trials):
        return SIGNED.form
    return next(filter(None, (concepts.entries[number].counted for number in others)), None)


def _unopened(text: str, concepts: Concepts) -> str:
    """Return a statement without a verb that says no more than "has" at its start."""
    found = _OPENED.match(text)
    return text[found.end() :] if found and t.stem(found[1]) in concepts.openers else text


def _meant(stems: frozenset[str], concepts: Concepts) -> dict[int, frozenset[str]]:
    """Return the concepts meant, each with all the words that mean it."""
    said = {
        number: frozenset().union(*(says for says in concept.says if says <= stems))
        for number, concept in enumerate(concepts.entries)
    }
    return {number: words for number, words in said.items() if words}


def _told(meant: Mapping[int, frozenset[str]], stems: tuple[str, ...]) -> dict[int, frozenset[str]]:
    """Leave out what only parts of other meanings mean.

    "Due" is less than "due date", and "an invoice number and a due date" is no invoice date.
    """
    kept = {
        number: said
        for number, said in meant.items()
        if not any(said < other for other in meant.values())
    }
    near = {number for number, said in kept.items() if _span(said, stems) <= len(said) + 1}
    others = frozenset().union(*(kept[number] for number in near))
    return {number: said for number, said in kept.items() if number in near or said - others}


def _span(said: frozenset[str], stems: tuple[str, ...]) -> int:
    places = [place for place, stem in enumerate(stems) if stem in said]
    return places[-1] - places[0] + 1


def _valued(kept: Mapping[int, frozenset[str]], concepts: Concepts) -> dict[int, frozenset[str]]:
    return {number: said for number, said in kept.items() if concepts.entries[number].value}


def _groups(valued: Mapping[int, frozenset[str]]) -> list[tuple[int, ...]]:
    """Put values that share words of the criterion together: either of them may be meant."""
    groups: list[tuple[frozenset[str], tuple[int, ...]]] = []
    for number, said in valued.items():
        for place, (words, members) in enumerate(groups):
            if words & said:
                groups[place] = (words | said, (*members, number))
                break
        else:
            groups.append((said, (number,)))
    return [members for _, members in groups]


def _values(group: tuple[int, ...], concepts: Concepts) -> tuple[ValueAsked, ...]:
    values = (concepts.entries[number].value for number in group)
    return tuple(value for value in values if value is not None)


def _asked(value: ValueAsked, loose: frozenset[str], *, text: str) -> AskedValue:
    if value.labels and _ASKS.search(text):
        return AskedValue(None, value.labels, telling=False)
    if value.generic and loose:
        labels = tuple(f"{stem}*" for stem in sorted(loose))
        return AskedValue(value.form, labels, telling=False, loosely=value.form == "date")
    mentioned = not value.telling and _MENTIONS.search(text) is not None
    return AskedValue(value.form, value.labels, value.telling, mentioned)
