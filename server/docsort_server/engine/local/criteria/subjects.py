"""Which values a part of a criterion means, by the names that concepts and its words give them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.conditions import Condition, Origin, Trial
from docsort_server.engine.local.criteria.statement import HEADS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docsort_server.engine.local.criteria.concepts import Concept, Concepts, ValueAsked
    from docsort_server.engine.local.criteria.statement import Part

    _Conditions = tuple[Condition | Origin, ...]

# "The amount" is a certain one, "an amount" any.
_CERTAIN = re.compile(
    r"\b(?:the|its|der|die|das|dem|den|le|la|el|il|lo|het|o)\b|\bl'|^\W*(?:is |was |ist |est |es )?"
    r"(?:dat(?:ed|iert|ee?|ato|ata|ado|ada)|fechad[oa]|gedateerd|issued)\b"
    r"|\b(?:amount|price|sum|value|date|betrag|preis|datum|montant|prix|importe|precio|fecha|importo"
    r"|prezzo|data|bedrag|prijs|valor|preco) (?:is|was|must|exceed|ist|liegt|est|es|e|ligt)\b"
)
# "An amount is": the verb makes it no certain one.
_ANY = re.compile(
    r"\b(?:an?|any|some|ein(?:e[nmrs]?)?|irgendein(?:e[nmrs]?)?|une?|una|uno|algun[ao]?|qualche|een"
    r"|enig|uma?|alguma?)\s(?:amount|price|sum|value|date|betrag|preis|datum|summe|wert"
    r"|montant|prix|importe|precio|fecha|importo|prezzo|data|bedrag|prijs|valor|preco)\b"
)
_ENDS = re.compile(
    r"\b(?:ends?|ending|ended|endet|endete|finit|termine|termina|finaliza|finisce|eindigt|acaba)\b"
)
# Verbs between a value and what it is compared with name nothing.
_LINKING_TEXT = """
lies lie liegen stehen betragen liggen falls stands comes ranges amounts worth valued priced set
fixed totals reads liegt lautet steht
belauft betragt compris comprise situe situee eleve fixe comprendido comprendida situado encuentra
compreso compresa fissato ligt staat bedraagt compreendido compreendida situa
"""
LINKING = frozenset(t.stem(word) for word in _LINKING_TEXT.split())
# Concepts with so many names in common are one thing, as the total and the amount due are.
_IN_COMMON = 2


def words_left(loose: frozenset[str], concepts: Concepts) -> tuple[str, ...]:
    """Return the labels that the words of a part are which no concept stands for."""
    told = loose - HEADS - concepts.fillers - concepts.dating - LINKING
    return tuple(f"{stem}*" for stem in sorted(told) if not any(map(str.isdigit, stem)))


def own_names(form: str, concepts: Concepts) -> tuple[str, ...]:
    """Return the labels of a page's own value of a form: of "the date"."""
    values = (entry.value for entry in concepts.entries)
    return next((value.own for value in values if value and value.own and value.form == form), ())


def fits(group: Iterable[ValueAsked], forms: tuple[str, ...]) -> bool:
    """Tell whether one of some values is of one of the forms."""
    return any(each.form in forms for each in group)


def labels_said(form: str, stems: frozenset[str], concepts: Concepts) -> tuple[str, ...]:
    """Return the labels of the concept of which the words are one: "expires", "born"."""
    said = [
        entry.value.labels
        for entry in concepts.entries
        if entry.value and entry.value.form == form and _is_one(entry, stems)
    ]
    return max(said, key=len, default=())


def _narrow_names(form: str, part: Part, concepts: Concepts) -> tuple[str, ...]:
    """Return the labels of what is only meant by its whole name: of "the purchase price"."""
    told = frozenset(t.content_stems(part.bare)) - HEADS - concepts.fillers
    narrow = [entry for entry in concepts.entries if entry.value and _is_narrow(entry)]
    said = (entry.value for entry in narrow if _is_one(entry, told))
    return next((value.labels for value in said if value and value.form == form), ())


def _is_one(entry: Concept, stems: frozenset[str]) -> bool:
    """Tell whether words are a name of a value; of some with nothing else: "loan interest"."""
    names = [frozenset(t.content_stems(name)) for name in entry.value.labels] if entry.value else []
    if _is_narrow(entry) and not stems - LINKING <= frozenset().union(*names):
        return False
    return any(words and words <= stems for words in names)


def _is_narrow(entry: Concept) -> bool:
    """Tell whether a value is only meant where its names are all that is said."""
    return not entry.says or (entry.value is not None and entry.value.form == "length")


def trial(
    form: str,
    group: tuple[ValueAsked, ...],
    part: Part,
    conditions: _Conditions,
    loose: frozenset[str],
    concepts: Concepts,
) -> Trial:
    """Return a trial of the values of a group, named by concepts, by words, or by nothing."""
    if fits(group, ("year",)):
        # "Results for the year 2021": a year is named by no words.
        return Trial("year", (), (), conditions)
    labels = tuple(
        dict.fromkeys(label for each in group if not each.generic for label in each.labels)
    )
    if labels:
        return named(form, labels, part, conditions, concepts)
    if words := _narrow_names(form, part, concepts) or words_left(loose, concepts):
        return named(form, words, part, conditions, concepts)
    names = own_names(form, concepts)
    if names and _CERTAIN.search(part.bare) and not _ANY.search(part.bare):
        return named(form, names, part, conditions, concepts, own=True)
    return Trial(form, (), (), conditions)


def named(
    form: str,
    labels: tuple[str, ...],
    part: Part,
    conditions: _Conditions,
    concepts: Concepts,
    *,
    own: bool = False,
) -> Trial:
    """Return a trial of the value that labels name, and no others' of its form."""
    known = set(labels)
    rivals = {
        label
        for entry in concepts.entries
        # "Total rent" is a total.
        if entry.value
        and not _is_narrow(entry)
        and not entry.value.generic
        and entry.value.form == form
        and len(known.intersection(entry.value.labels)) < _IN_COMMON
        for label in entry.value.labels
    }
    words = frozenset(t.content_stems(part.bare))
    said = (label for label in labels if _is_said(label, words))
    last = form == "date" and _ENDS.search(part.bare) is not None
    return Trial(form, labels, tuple(sorted(rivals - known)), conditions, own, tuple(said), last)


def _is_said(label: str, words: frozenset[str]) -> bool:
    """Tell whether a label of several words is said itself: "net pay", and not "gross pay"."""
    stems = frozenset(t.content_stems(label))
    return len(stems) > 1 and stems <= words
