"""What turns a statement into a denial, by its grammar: "does not", "contains no", "ohne", "sans".

A word that denies in one place is another word in the next: "passport no", "is marked not
negotiable", "the NIE". So such a word counts behind verbs that state and where a clause starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.folding import fold
from docsort_server.engine.numerals import find_count

if TYPE_CHECKING:
    from collections.abc import Iterator

# Folded words in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish. These
# deny wherever they stand,
_PLAIN = (
    r"without|lacks|lacking|devoid\s+of|ohne|fehl(?:t|en)|sans|sin|carece|senza|"
    r"zonder|ontbreekt|ontbreken|sem|bez|(?:is|are)\s+missing|falta(?=\s+(?:el|la|los|las|una?)\b)|"
    r"manca(?=\s+(?:il|lo|la|i|gli|le|una?)\b)"
)
# these only where the grammar has it so.
_BY_PLACE = (
    r"not|cannot|no|never|none|neither|nor|weder|free\s+of|nicht|kein\w{0,2}|niemals|pas|"
    r"aucune?|jamais|ningun[ao]?|nunca|non|nessun[ao]?|geen|niet|nao|nenhuma?|nie|brak"
)
_WORD = re.compile(rf"(?<![\w-])(?:(?P<plain>{_PLAIN})|{_BY_PLACE})\b|n't\b")
# Where these words turn nothing: "no later than", "yes or no", "total without VAT", "free of
# charge", and the Portuguese "no minimo".
_HARMLESS = re.compile(
    r"\b(?:no|not|nicht|niet|nao|pas|non|nie)\s+(?:later|more|less|fewer|only|just|mehr|weniger|"
    r"nur|seulement|solo|solamente|soltanto|alleen|apenas|meer|minder|plus|mas|piu|mais|tylko|above|below|over|under|"
    r"before|after|earlier|exceed\w*|uber|unter|vor|nach|boven|onder|superior\w*|inferior\w*)\b"
    r"|\b(?:yes|ja|oui|si|sim|y)\b\W{0,3}(?:(?:or|oder|ou|o|of|/)\W{0,3})?"
    r"(?:no|not|nein|non|nee|nao|n)\b"
    r"|\b(?:whether|ob)\s+or\s+not\b|\bnot?\s+to\s+exceed\b|\bnot?-\w|\bnon-\w"
    r"|\b(?:without|excluding|ohne|sans|sin|senza|zonder|sem)\s+(?:sales\s+)?(?:tax|vat|mwst|ust|"
    r"mehrwertsteuer|umsatzsteuer|tva|iva|btw|imposto)\b"
    r"(?!\s+(?:num|n[or]\b|ids?\b|rates?\b|identif))"
    r"|\bsin\s+(?:numbers?|no|card)\b|\bwithout\s+(?:prejudice|recourse|limitation|notice)\b"
    r"|\bfree\s+of\s+(?:charge|duty|tax|cost|carriage)\b|\bno\s+(?:minimo|maximo|objections?)\b"
)
# Names that begin with such a word: papers that attest that something is absent ("no claims bonus",
# "no known loss letter"), and other set phrases.
_ABSENT = (
    r"(?:claims?|dues?|objections?|loss(?:es)?|fault|encumbrances?|records?|convictions?|changes?|"
    r"interest|impediment|liabilit(?:y|ies)|debts?|liens?|arrears|infringement|income|violations?|cases?|"
    r"fee|contest|contact|trespass|obligation|action|change)"
)
_PAPER = (
    r"(?:certificates?|letters?|affidavits?|declarations?|statements?|agreements?|notices?|orders?|"
    r"bonds?|signs?|reports?|clauses?|bonus|discounts?|quotes?|plea|history)"
)
_NAMES = re.compile(
    rf"\bno\s+(?:\w+\s+)?{_ABSENT}\s+(?:to\s+\w+\s+|due\s+|bonus\s+)?{_PAPER}\b"
    r"|\bno\s+(?:smoking|parking|entry|trespassing|show|win,?\s+no\s+fee)\b|\bnever\s+events?\b"
    r"|\bnot\s+for\s+profit\b|\bdo\s+not\s+(?:disturb|resuscitate|bend|enter)\b|\bsans\s+serif\b"
    r"|\b(?:without|ohne|sans|sin|senza|zonder|sem)-\w"
    r"|\b(?:sin\s+fines?\s+de\s+lucro|sans\s+but\s+lucratif|senza\s+(?:fini|scopo)\s+di\s+lucro"
    r"|zonder\s+winstoogmerk|sem\s+fins\s+lucrativos|ohne\s+(?:gewahr|obligo))\b"
)
# And any paper of that kind whose name is written as one: "No Pending Litigation Certificate".
_TITLED = re.compile(
    r"\b(?:No|Non|Not|Never)(?=(?:\s(?:[A-Z][\w-]{0,30}|of|for|to)){1,4}"
    r"\s(?:Certificate|Declaration|Affidavit|Undertaking|Waiver|Bonus|Discount)\b)"
)
_PORTUGUESE = re.compile(r"\b(?:uma?|do|dos|das|ao|aos|nas?|pel[ao]|contem|tem)\b")
# Abbreviations that are such words when folded, and what a page says in so many words.
_ABBREVIATED = re.compile(r"\b(?:NIE|SIN|PAS|SEM|NON)\b")
_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»]*[\"“”«»]|(?<!\w)'[^']*'(?!\w)")

_PREFIXED = re.compile(r"\bun(?=(?:signed|dated|numbered|addressed|named)\b)")

_HEAD = (
    r"(?:documents?|pages?|letter|invoice|form|text|file|paper|dokument|seite|documento|pagina|"
    r"documenti|brief|rechnung|facture|factura|fattura|factuur|fatura|contract|statement|report|"
    r"copy|email|mail)"
)
_ARTICLE = (
    r"(?:an?|the|this|any|ein|eine|die|der|das|une?|le|la|el|una?|il|lo|een|het|de|uma?|o|os|as)"
)
_THAT = r"(?:that|which|who|whose|welche\w?|d[ai][est]|que|qui|che|dat)"
# What a statement begins with before it says anything: "A letter that", "It", "Es".
_LEAD = re.compile(
    rf"\s*(?:(?:is|it\s+is|ist|est|es|e)\s+{_ARTICLE}\s+{_HEAD}\b|(?:{_ARTICLE}\s+)?{_HEAD}\b"
    rf"|(?:it|there|es|er|sie|il|elle|ce)\b)?(?:\s*,?\s*{_THAT}\b)?\s*"
)
# At the start of a clause these and such a word deny: "is not", "has no", "n'est pas".
_AUXILIARY = re.compile(
    r"(?:(?:(?:it|there|ne|se|si|ci|y|es|il|also)\b|n')\s*)*(?:(?:does|do|did|is|are|was|were|be|has"
    r"|have|had|can|could|may|must|should|will|would|with|ist|sind|wird|hat|gibt|mit|est|sont|ont"
    r"|avec|esta|estan|hay|tiene|con|e|sono|ha|heeft|wordt|met|tem|com)(?:\b|(?=n't))\s*)*"
    r"|(?:il\s+)?(?:ne\s+|n')(?:y\s+)?\S+\s*"
)
# Verbs by which a page gives something; in English the bare ones are nouns as well.
_ENGLISH = (
    r"(?:mention|contain|show|state|list|include|give|name|bear|carr[yi]|indicate|specif[yi]|provide"
    r"|present|display|quote|identif[yi]|describe|report|record|refer|feature|make|cite|ask)"
)
_FOREIGN = (
    r"(?:enthal|nenn|zeig|erwahn|tragt|weis|fuhr)\w{0,3}"
    r"|(?:mentionn|contien|indiqu|comport|montr|affich|figur)\w{0,3}"
    r"|(?:muestr|mencion|incluy|indica|aparec|mostr|contem|inclui)\w{0,3}"
    r"|(?:riport|menzion|elenc)\w{0,3}|bevat(?:ten)?|toon\w?|vermeld\w{0,2}|noem\w{0,2}|zawier\w{0,2}"
)
_PARTICIPLE = (
    r"shown|given|signed|dated|numbered|addressed|included|(?:ge|an|auf|unter|er)\w{2,14}(?:n|t)|"
    r"firmad[oa]|firmat[oa]|signee?|assinad[oa]|indicat[oa]|indicad[oa]|ondertekend"
)
_STATING = rf"(?:{_ENGLISH}(?:s|es)|{_FOREIGN})"
_STATES = re.compile(rf"(?:.*\s)?(?:{_STATING}|{_ENGLISH}ing)\s*|{_ENGLISH}\s*", re.DOTALL)
_STATES_ALONE = re.compile(rf"(?:ne\s+|n')?(?:{_STATING}|{_ENGLISH})\s*")
_STATED = re.compile(rf"\b{_STATING}\b")
_NEXT_STATES = re.compile(
    r"\s*(?:ne\s+|(?:been|e|sono|esta|estan|foi)\s+)?"
    rf"(?:{_ENGLISH}(?:e?d|n)?|{_FOREIGN}|{_PARTICIPLE})\b"
)
_SPANISH = re.compile(
    r"\s*(?:contien|muestr|mencion|incluy|indica|aparec|figura|esta|hay|tiene)\w*"
)
_DOES = re.compile(r"(?:\S+\s+){1,6}(?:does|do)\s*")
_NON = re.compile(
    rf"\s*(?:{_FOREIGN}|{_PARTICIPLE}|contiene|presenta|e|ha|hanno|ci|vi|si|sono|viene)\b"
)
# What follows "number" and not "no".
_NUMBER = re.compile(r"\s*(?:$|[^\w\s]|(?:and|or|of|und|oder|is|are|in|on|for|de|del|do|da|di)\b)")
_NOUNTURNERS = re.compile(r"(?:no|kein\w{0,2}|aucune?|ningun[ao]?|nessun[ao]?|geen|nenhuma?)$")
_ARTICLE_NEXT = re.compile(rf"\s+{_ARTICLE}\b")
_JOINT = re.compile(
    r".*(?:\b(?:and|or|und|oder|et|ou|y|e|o|en|ed|oraz|i|but|yet|aber|mais|pero|maar|mas)\b|,)\s*",
    re.DOTALL,
)
_NAMING = re.compile(r"(?:.*\s)?(?:of|als|an?|the|marked|labell?ed)\s+", re.DOTALL)
# What follows these is what a page says, not whether it says it.
_REPORTING = re.compile(
    r"\b(?:that|which|who|whose|why|when|whether|if|dass|warum|wenn|ob|welche\w?|que|qui|pourquoi|"
    r"quand|si|che|perche|quando|dat|waarom|porque|por\s+que|says?|reads|marked|stamped|titled|"
    r"labell?ed|headed|sagt|lautet|dit|dice|zegt|diz)\b"
)
TURN = re.compile(
    r"\b(?:but(?!\s+lucratif)|yet|however|aber|jedoch|sondern|mais|pero|sino|maar|mas)\b"
)
_AFFIRMED = re.compile(rf"\b(?:and|und|et|y|e|en)\s+(?:is|has|are|ist|hat|{_STATING})\b")
# Without any of these there is no need to look closer: most statements have none.
_DENIAL_TEXT = """
without lacks lacking devoid neither weder ohne fehlt fehlen sans sin carece senza zonder ontbreekt
ontbreken sem bez missing falta manca not cannot no never none nor free nicht kein keine keinen
keinem keiner keines niemals pas aucun aucune jamais ningun ninguna ninguno nunca non nessun nessuna
nessuno geen niet nao nenhum nenhuma nie brak t unsigned undated unnumbered unaddressed unnamed
"""
_BOUND_TEXT = """
most more up maximum fewer less hochstens maximal mehr weniger plus moins maximo sumo menos massimo
meno hoogstens maximaal minder
"""
_DENIAL_WORDS = frozenset(_DENIAL_TEXT.split())
_BOUND_WORDS = frozenset(_BOUND_TEXT.split())
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Denial:
    """The word from `start` to `end` of a clause turns it; `first`: nothing is said before it."""

    start: int
    end: int
    first: bool


def folded(statement: str) -> str:
    """Fold a statement, marking abbreviations that are no words."""
    statement = statement.replace("\u00ba", ".").replace("\u2019", "'")
    kept = statement
    if not statement.isupper():
        kept = _TITLED.sub(r"\g<0>_", _ABBREVIATED.sub(r"\g<0>_", statement))
    return _PREFIXED.sub("not ", fold(kept))


def find_denial(clause: str) -> Denial | None:
    """Return the first word that turns a clause that was `folded`."""
    return next(_denials(clause), None)


def denies(statement: str) -> bool:
    """Tell whether a statement is beyond doubt met by what is not there, in all that it says."""
    if _DENIAL_WORDS.isdisjoint(_WORDS.findall(fold(statement))):
        return False
    clause = folded(statement)
    found = find_denial(clause)
    if found is None or not found.first or TURN.search(clause):
        return False
    return _AFFIRMED.search(clause, found.end) is None


def bounds(statement: str) -> bool:
    """Tell whether a statement only says how many there are at most: none are enough."""
    if _BOUND_WORDS.isdisjoint(_WORDS.findall(fold(statement))):
        return False
    count, _ = find_count(folded(statement))
    return count is not None and count.low <= 0


def _denials(clause: str) -> Iterator[Denial]:
    found = _WORD.search(clause)
    if found is None:
        return
    clause = _QUOTED.sub(lambda quote: "_" * len(quote[0]), clause)
    harmless = [each.span() for form in (_HARMLESS, _NAMES) for each in form.finditer(clause)]
    lead = _LEAD.match(clause)
    start = lead.end() if lead else 0
    for found in _WORD.finditer(clause):
        if any(low <= found.start() < high for low, high in harmless):
            continue
        if _REPORTING.search(clause, start, found.start()):
            return
        place = min(start, found.start())
        if _turns(found, clause[place : found.start()], clause[found.end() :]):
            yield Denial(*found.span(), first=_is_first(found, clause[place : found.start()]))


def _turns(found: re.Match[str], before: str, after: str) -> bool:
    word = found[0]
    if word == "no" and (_NUMBER.match(after) or _PORTUGUESE.search(found.string)):
        return False
    if word == "non" and not _NON.match(after):
        return False
    if found["plain"]:
        return _NAMING.fullmatch(before) is None
    if _AUXILIARY.fullmatch(before) or _STATES.fullmatch(before):
        return True
    if _NEXT_STATES.match(after) or (not after.strip() and _STATES.match(before)):
        return word != "no" or _SPANISH.match(after) is not None
    joint = _JOINT.match(before)
    if joint is None:
        return False
    rest = before[joint.end() :]
    if rest:
        return _AUXILIARY.fullmatch(rest) is not None
    return _NOUNTURNERS.match(word) is not None or _ARTICLE_NEXT.match(after) is not None


def _is_first(found: re.Match[str], before: str) -> bool:
    """Tell whether nothing is said before the word, be it by a subject of some words."""
    if _AUXILIARY.fullmatch(before) or (not found["plain"] and _STATES_ALONE.fullmatch(before)):
        return True
    does = _DOES.fullmatch(before) is not None and _STATED.search(before) is None
    return does and _NEXT_STATES.match(found.string, found.end()) is not None
