"""The words of denials by language, folded, and what is spelled like them and denies nothing.

A table has a line for each language: phrases parted by commas, each an expression in which a
blank stands for any spaces.
"""

from __future__ import annotations

from docsort_server.engine.expression import expression


def phrases(table: str) -> str:
    """Return an expression for any phrase of a table."""
    lines = (line.partition(": ")[2] for line in table.strip().splitlines())
    found = (phrase.strip().replace(" ", r"\s+") for line in lines for phrase in line.split(", "))
    return f"(?:{'|'.join(found)})"


# These deny wherever they stand,
PLAIN = phrases(r"""
en: without, lacks, lacking, devoid of, is missing, are missing
de: ohne, fehlt, fehlen
fr: sans
es: sin, carece, falta(?=\s+(?:el|la|los|las|una?)\b)
it: senza, manca(?=\s+(?:il|lo|la|i|gli|le|una?)\b)
nl: zonder, ontbreekt, ontbreken
pt: sem
pl: bez
""")
# these only where the grammar has it so.
BY_PLACE = phrases(r"""
en: not, cannot, no, never, none, neither, nor, free of
de: nicht, kein\w{0,2}, niemals, weder
fr: pas, aucune?, jamais
es: ningun[ao]?, nunca
it: non, nessun[ao]?
nl: geen, niet
pt: nao, nenhuma?, nem(?=\s+tod)
pl: nie, brak
""")
# Of these some may stand before a noun: "no date", "keine IBAN".
BEFORE_NOUNS = phrases(r"""
en: no
de: kein\w{0,2}
fr: aucune?
es: ningun[ao]?
it: nessun[ao]?
nl: geen
pt: nenhuma?
""")

_NOT = r"(?:no|not|nicht|niet|nao|pas|non|nie)"
_WITHOUT = r"(?:without|ohne|sans|sin|senza|zonder|sem)"
# "No later than", "nicht mehr als", "not above".
_BOUNDS = phrases(r"""
en: later, more, less, fewer, only, just, above, below, over, under, before, after, earlier
en: exceed\w*
de: mehr, weniger, nur, uber, unter, vor, nach
fr: seulement, plus
es: solo, solamente, mas, superior\w*, inferior\w*
it: soltanto, piu
nl: alleen, meer, minder, boven, onder
pt: apenas, mais
pl: tylko
""")
_YES = r"(?:yes|ja|oui|si|sim|y)"
_OR_NO = r"(?:(?:or|oder|ou|o|of|/)\W{0,3})?(?:no|not|nein|non|nee|nao|n)"
_TAX = r"(?:tax|vat|mwst|ust|mehrwertsteuer|umsatzsteuer|tva|iva|btw|imposto)"
_NO_NUMBER = r"(?!\s+(?:num|n[or]\b|ids?\b|rates?\b|identif))"
# What such a paper attests the absence of: "no claims bonus", "no known loss letter".
_ABSENT = phrases(r"""
en: claims?, dues?, objections?, loss(?:es)?, fault, encumbrances?, records?, convictions?
en: changes?, interest, impediment, liabilit(?:y|ies), debts?, liens?, arrears, infringement
en: income, violations?, cases?, fee, contest, contact, trespass, obligation, action
""")
_PAPER = phrases(r"""
en: certificates?, letters?, affidavits?, declarations?, statements?, agreements?, notices?
en: orders?, bonds?, signs?, reports?, clauses?, bonus, discounts?, quotes?, plea, history
""")
_SET_PHRASES = phrases(r"""
en: no smoking, no parking, no entry, no trespassing, no show, no win,? no fee, never events?
en: not for profit, do not disturb, do not resuscitate, do not bend, do not enter
en: whether or not, not to exceed, no to exceed, sin numbers?, sin no, sin card
en: without prejudice, without recourse, without limitation, without notice
en: free of charge, free of duty, free of tax, free of cost, free of carriage, no objections?
de: ob or not, ohne gewahr, ohne obligo
fr: sans serif, sans but lucratif
es: sin fines? de lucro
it: senza fini di lucro, senza scopo di lucro
nl: zonder winstoogmerk
pt: sem fins lucrativos, no minimo, no maximo
""")
# Where these stand the words above turn nothing.
HARMLESS = expression(
    "|".join(
        (
            rf"\b{_NOT}\s+{_BOUNDS}\b",
            rf"\b{_YES}\b\W{{0,3}}{_OR_NO}\b",
            r"\bnot?-\w|\bnon-\w",
            rf"\b{_WITHOUT}-\w",
            # "Total without VAT", but not "invoice without VAT number".
            rf"\b(?:excluding|{_WITHOUT})\s+(?:sales\s+)?{_TAX}\b{_NO_NUMBER}",
            rf"\bno\s+(?:\w+\s+)?{_ABSENT}\s+(?:to\s+\w+\s+|due\s+|bonus\s+)?{_PAPER}\b",
            rf"\b{_SET_PHRASES}\b",
        )
    )
)
# Papers of that kind whose name is written as one: "No Pending Litigation Certificate".
TITLED = expression(
    r"\b(?:No|Non|Not|Never)(?=(?:\s(?:[A-Z][\w-]{0,30}|of|for|to)){1,4}"
    r"\s(?:Certificate|Declaration|Affidavit|Undertaking|Waiver|Bonus|Discount)\b)"
)
# Abbreviations that are such words when folded: of a foreigner's number, an insurance number.
ABBREVIATED = expression(r"\b(?:NIE|SIN|PAS|SEM|NON)\b")
# What a page says in so many words.
QUOTED = expression(r"[\"“”„«»][^\"“”„«»]*[\"“”«»]|(?<!\w)'[^']*'(?!\w)")
# "Unsigned" is "not signed".
PREFIXED = expression(r"\bun(?=(?:signed|dated|numbered|addressed|named)\b)")

HEAD = phrases("""
en: documents?, pages?, letter, invoice, form, text, file, paper, contract, statement, report, copy
en: email, mail
de: dokument, seite, brief, rechnung
fr: facture
es: documento, pagina, factura
it: documenti, fattura
nl: factuur
pt: fatura
""")
ARTICLE = phrases("""
en: an?, the, this, any
de: ein, eine, die, der, das
fr: une?, le, la
es: el, una?
it: il, lo
nl: een, het, de
pt: uma?, o, os, as
""")
THAT = r"(?:that|which|who|whose|welche\w?|d[ai][est]|que|qui|che|dat)"
# What stands before an auxiliary, "it is", "n'est", and the auxiliaries.
BEFORE_AUXILIARY = r"(?:(?:it|there|ne|se|si|ci|y|es|il|also)\b|n')"
AUXILIARY = phrases("""
en: does, do, did, is, are, was, were, be, has, have, had, can, could, may, must, should, will
en: would, with
de: ist, sind, wird, hat, gibt, mit
fr: est, sont, ont, avec
es: esta, estan, hay, tiene, con
it: e, sono, ha
nl: heeft, wordt, met
pt: tem, com
""")
# Verbs by which a page gives something; in English the bare ones are nouns as well.
ENGLISH = phrases("""
en: mention, contain, show, state, list, include, give, name, bear, carr[yi], indicate, specif[yi]
en: provide, present, display, quote, identif[yi], describe, report, record, refer, feature, make
en: cite, ask, appear, exist
""")
FOREIGN = phrases(r"""
de: (?:enthal|nenn|zeig|erwahn|tragt|weis|fuhr)\w{0,3}
fr: (?:mentionn|contien|indiqu|comport|montr|affich|figur)\w{0,3}
es, pt: (?:muestr|mencion|incluy|indica|aparec|mostr|contem|inclui)\w{0,3}
it: (?:riport|menzion|elenc)\w{0,3}
nl: bevat(?:ten)?, toon\w?, vermeld\w{0,2}, noem\w{0,2}
pl: zawier\w{0,2}
""")
PARTICIPLE = phrases(r"""
en: shown, given, signed, dated, numbered, addressed, included, visible, available, found, printed
en: written, filled, legible
de: (?:ge|an|auf|unter|er)\w{2,14}(?:n|t), datiert
fr: signee?, datee?, emise?, etablie?
es: firmad[oa], indicad[oa], fechad[oa], emitid[oa]
it: firmat[oa], indicat[oa], datat[oa], emess[oa]
nl: ondertekend, gedateerd
pt: assinad[oa], datad[oa]
""")
# Beside these "no" is Portuguese and "in the"; before those it is Spanish and denies.
PORTUGUESE = expression(r"\b(?:uma?|do|dos|das|ao|aos|nas?|pel[ao]|contem|tem)\b")
SPANISH = r"(?:contien|muestr|mencion|incluy|indica|aparec|figura|esta|hay|tiene)\w*"
# Before these "non" denies, and is no part of a name.
ITALIAN = rf"(?:{FOREIGN}|{PARTICIPLE}|contiene|presenta|e|ha|hanno|ci|vi|si|sono|viene|tutt[ei])\b"
AND_OR_BUT = phrases("""
en: and, or, but, yet
de: und, oder, aber
fr: et, ou, mais
es: y, e, o, pero, mas
it: ed
nl: en, maar
pl: oraz, i
""")
# What follows these is what a page says, not whether it says it.
REPORTING = phrases("""
en: that, which, who, whose, why, when, whether, if, says?, reads, marked, stamped, titled
en: labell?ed, headed
de: dass, warum, wenn, ob, welche\\w?, sagt, lautet
fr: que, qui, pourquoi, quand, si, dit
es: porque, por que, dice
it: che, perche, quando
nl: dat, waarom, zegt
pt: diz
""")
# Clauses with these say two things. The French "but" is an aim.
TURNING = r"(?:but(?!\s+lucratif)|yet|however|aber|jedoch|sondern|mais|pero|sino|maar|mas)"
