"""Criteria that ask for nothing in particular: "Contains information"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.criteria.concepts import Concepts

# Words for what every document has, in one form or another.
_GENERIC_TEXT = """
document documents documentation paper papers paperwork file files page pages sheet sheets record
section sections part parts text texts word words content contents information informations info
data detail details thing things stuff item items something anything everything kind kinds type
types general various certain other piece pieces several
dokument dokumente unterlage unterlagen seite seiten teil teile wort worte inhalt inhalte
informationen daten angabe angaben etwas allgemein allgemeine verschiedene einige
fichier contenu contenus donnee donnees quelque chose choses mot mots texte certaines plusieurs
documento documentos informacion informaciones contenido contenidos datos dato algo cosa cosas
palabra palabras texto pagina paginas varios
documenti informazione informazioni contenuto contenuti dati qualcosa cose parola parole testo
pagine alcune
informatie inhoud gegevens iets dingen woorden tekst
informacao informacoes conteudo conteudos dados dado coisa coisas palavra palavras alguma algumas
"""
# Of the words that tell no page of a criterion from another, those that ask for something all the
# same where they are not its verb: "lists names", "who was present".
_TELLING_TEXT = """
names name present presents records reports figure figures figura figurent entries found owner own
day month tag monat jour mois dia mes giorno mese maand digits complete full covers includes
"""
# Verbs of telling that engines search pages for like any other word.
_VERBS_TEXT = """
says say tells tell explains explain expresses discusses addresses deals relates concerns regards
sagt gibt erklart beschreibt betrifft dit explique decrit precise concerne dice explica describe
trata spiega descrive precisa riguarda zegt vertelt beschrijft betreft diz descreve informa
"""
# What goes before the verb of a statement.
_SUBJECT_TEXT = """
it the this that must should does do not also clearly document page text dokument seite document
documento pagina
"""
# Verbs that leave all to the words behind them.
_AUXILIARY_TEXT = """
has have had is are was were hat ist sind a ont est sont tiene es son esta ha hanno e sono heeft
zijn tem
"""
# "Says when": what is asked for is a time, a person, a place, a reason, whatever the words after.
_ASKING_TEXT = """
who whom whose when where why how wer wem wen wessen wann wo wohin woher warum weshalb wie wieviel
qui quand pourquoi combien comment quien quienes cuando donde cuanto cuanta cuantos cuantas como chi
quando dove perche quanto quanta quanti quante come waar wanneer waarom hoe hoeveel quem onde
quantos quantas
"""
_TELLING, _VERBS, _GENERIC = (
    frozenset(map(t.stem, text.split())) for text in (_TELLING_TEXT, _VERBS_TEXT, _GENERIC_TEXT)
)
_SUBJECT, _AUXILIARY, _ASKING = (
    frozenset(text.split()) for text in (_SUBJECT_TEXT, _AUXILIARY_TEXT, _ASKING_TEXT)
)
_SMALL = t.STOP_WORDS - _ASKING


def is_vague(text: str, concepts: Concepts) -> bool:
    """Tell whether a criterion in which no concept is meant holds for almost every document."""
    asked = _asked(t.words(text), concepts)
    if len(asked) > 1 and asked[0] in _ASKING:
        return False
    if any(_is_number(word) or word.isdigit() for word in asked):
        return False
    return all(_is_bland(stem, concepts) for stem in t.content_stems_of(asked))


def _asked(words: Sequence[str], concepts: Concepts) -> Sequence[str]:
    """Return what follows the verb of a statement, small words between them left out.

    A word alone is no verb, whatever it could be: "Names", "The month".
    """
    place = 0
    while place < len(words) and words[place] in _SUBJECT:
        place += 1
    if place + 1 < len(words) and (words[place] in _AUXILIARY or _tells(words[place], concepts)):
        place += 1
    while place < len(words) and words[place] in _SMALL:
        place += 1
    return words[place:]


def _is_number(word: str) -> bool:
    return NUMBERS.get(word, 0) > 1


def _tells(word: str, concepts: Concepts) -> bool:
    if _is_number(word):
        return False
    stem = t.stem(word)
    return stem in concepts.fillers or stem in concepts.openers or stem in _VERBS


def _is_bland(stem: str, concepts: Concepts) -> bool:
    if stem in _TELLING:
        return False
    return stem in concepts.fillers or stem in _GENERIC or stem in _VERBS
