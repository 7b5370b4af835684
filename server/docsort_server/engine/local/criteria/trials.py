"""What comparisons and qualifiers of a criterion are held against: values, and their names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine import denial_words as w
from docsort_server.engine.expression import expression
from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria import currencies, origins, quantifiers, subjects
from docsort_server.engine.local.criteria.conditions import (
    SIGNED,
    UNSIGNED,
    Condition,
    Measure,
    Origin,
    Trial,
    Tried,
)
from docsort_server.engine.local.criteria.statement import HEADS, PLURAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.concepts import Concept, Concepts, ValueAsked
    from docsort_server.engine.local.criteria.statement import Part

    _Groups = tuple[tuple[ValueAsked, ...], ...]
    _Conditions = tuple[Condition | Origin, ...]

# The forms of values that are amounts of money, or tell of one.
MONEY = ("amount", "euros", "dollars", "pounds", "money")
_COMPARED = {
    Measure.MONEY: ("amount", MONEY),
    Measure.NUMBER: ("amount", MONEY),
    Measure.PERCENT: ("percent", ("percent",)),
    Measure.DATE: ("date", ("date", "year")),
    Measure.LENGTH: ("length", ()),
    Measure.TERM: ("term", ("date",)),
}
_WITH_COUNTRY = ("iban", "vat", "bic", "phone", "postcode")
# Pages that last are meant themselves where nothing but a length of time is said.
_LASTING = frozenset(("contract", "contrat", "contrato", "contratto", "contrats"))
# "States the outstanding balance": one of nothing is stated as well.
_GIVES = expression(rf"\b(?:{w.ENGLISH}(?:s|es)?|{w.FOREIGN})\b")
_LEAST_SUM = 0.005


def tried(
    part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts, *, asks: bool
) -> Tried:
    """Return what a part compares or narrows; nothing where it only asks for values.

    With `asks` somebody is to fill in or to sign.
    """
    if part.lacking:
        return Tried((UNSIGNED,), frozenset(range(len(groups))), spoken=True)
    signed = tuple(
        n for n, group in enumerate(() if asks else groups) if subjects.fits(group, ("signed",))
    )
    others = quantifiers.quantified(_tried(part, groups, loose, concepts), part)
    if others.spoken or not signed:
        return others
    signing = replace(SIGNED, every=quantifiers.all_sign(part.text))
    return Tried((*others.trials, signing), others.groups.union(signed))


def _tried(part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts) -> Tried:
    conditions = part.conditions
    if conditions and len({_COMPARED[each.measure][0] for each in conditions}) == 1:
        return _compared(part, groups, loose, concepts)
    return _owed(part, groups, loose, concepts) or _narrowed(part, groups, loose, concepts)


def _compared(part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts) -> Tried:
    if part.conditions[0].measure is Measure.TERM:
        return _to_pay(part, concepts)
    found = _with_subjects(part, groups, loose, concepts)
    other = next((each.other for each in part.conditions if each.other), "")
    if not other:
        return found
    against = _against(other, part, concepts)
    if against is None or len(part.conditions) > 1:
        return Tried((), frozenset())
    return replace(
        found, trials=tuple(replace(each, against=against) for each in found.trials if each.labels)
    )


def _against(other: str, part: Part, concepts: Concepts) -> Trial | None:
    """Return the value that another is compared with; None where no concept is like its words."""
    return _like(other, _COMPARED[part.conditions[0].measure], part, concepts)


def _like(
    other: str, compared: tuple[str, tuple[str, ...]], part: Part, concepts: Concepts
) -> Trial | None:
    form, fitting = compared
    stems = frozenset(t.content_stems(other))
    found = [
        (
            max((len(words) for words in _names(entry) if words <= stems), default=0),
            entry.value.labels,
        )
        for entry in concepts.entries
        if entry.value and entry.value.form in fitting and not entry.value.generic
    ]
    size, labels = max(found, key=lambda each: each[0])
    whole = replace(part, bare=other)
    return subjects.named(form, labels, whole, part.conditions, concepts) if size else None


def _to_pay(part: Part, concepts: Concepts) -> Tried:
    """Try the time to pay, or what lies between the dates of the invoice and of the payment."""
    dates = _COMPARED[Measure.DATE]
    due, invoice = (_like(name, dates, part, concepts) for name in ("due date", "invoice date"))
    if due is None or invoice is None:
        return Tried((), frozenset())
    return Tried((replace(due, form="term", against=invoice),), frozenset(), spoken=True)


def _names(entry: Concept) -> Iterator[frozenset[str]]:
    yield from entry.says
    for label in entry.value.labels if entry.value else ():
        yield frozenset(t.content_stems(label))


def _with_subjects(part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts) -> Tried:
    form, fitting = _COMPARED[part.conditions[0].measure]
    told = frozenset(t.content_stems(part.bare)) - HEADS - concepts.fillers - subjects.LINKING
    if form == "date" and told <= concepts.dating:
        return _of_the_page(form, part, concepts)
    if form == "length" and not told and _LASTING.isdisjoint(t.words(part.bare)):
        # "A document of less than three months" is about its age.
        return Tried((), frozenset())
    fit = {place: group for place, group in enumerate(groups) if subjects.fits(group, fitting)}
    trials = [
        subjects.trial(form, group, part, part.conditions, loose, concepts)
        for group in fit.values()
    ]
    if trials:
        if PLURAL.search(part.bare) and (words := subjects.words_left(loose, concepts)):
            trials.append(subjects.named(form, words, part, part.conditions, concepts))
        return Tried(tuple(trials), frozenset(fit))
    if all(each.weak for each in part.conditions):
        return Tried((), frozenset())
    labels = subjects.labels_said(form, told, concepts) or tuple(
        f"{stem}*" for stem in sorted(told)
    )
    if labels:
        return Tried(
            (subjects.named(form, labels, part, part.conditions, concepts),),
            frozenset(),
            spoken=True,
        )
    return _of_the_page(form, part, concepts)


def _of_the_page(form: str, part: Part, concepts: Concepts) -> Tried:
    """Try the page's own date or amount, where nothing else is said: "issued in March"."""
    trial = subjects.named(
        form, subjects.own_names(form, concepts), part, part.conditions, concepts, own=True
    )
    return Tried((trial,), frozenset(), spoken=True)


def _owed(part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts) -> Tried | None:
    """Try amounts that must be more than nothing, where a part says that there are some."""
    owed = [place for place, group in enumerate(groups) if any(each.positive for each in group)]
    if not owed or _GIVES.search(part.text):
        return None
    more = (Condition(Measure.NUMBER, low=_LEAST_SUM),)
    trials = (
        subjects.trial("amount", groups[place], part, more, loose, concepts) for place in owed
    )
    return Tried(tuple(trials), frozenset(owed))


def _narrowed(part: Part, groups: _Groups, loose: frozenset[str], concepts: Concepts) -> Tried:
    trials = _of_countries(part, groups)
    currency = currencies.named(part.text)
    amounts = [place for place, group in enumerate(groups) if subjects.fits(group, ("amount",))]
    if currency is None or not amounts:
        return Tried(tuple(trials.values()), frozenset(trials))
    asked = (Condition(Measure.MONEY, currencies=currencies.codes_of(currency[0])),)
    others = loose.difference(t.content_stems(currency[0]))
    for place in amounts:
        trials[place] = subjects.trial("amount", groups[place], part, asked, others, concepts)
    signs = (
        n for n, group in enumerate(groups) if subjects.fits(group, ("euros", "dollars", "pounds"))
    )
    return Tried(tuple(trials.values()), frozenset((*trials, *signs)))


def _of_countries(part: Part, groups: _Groups) -> dict[int, Trial]:
    countries = origins.countries(part.text)
    return {
        place: Trial(value.form, value.labels, (), (Origin(countries),))
        for place, group in enumerate(groups if countries else ())
        for value in group
        if value.form in _WITH_COUNTRY
    }
