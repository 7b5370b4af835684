"""How long there is to pay: "net 30", "zahlbar innerhalb von 14 Tagen", "within 30 days"."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import comparators as words
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.currencies import SIGN
from docsort_server.engine.local.criteria.quantities import SPELLED, UNIT, days_between

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet, Spot

_PAY = (
    r"(?:pay(?:able|ments?|s)?|paid|due|settled?|zahl\w{0,8}|bezahl\w{0,4}|fallig\w{0,2}"
    r"|beglichen|begleichen|uberweis\w{1,3}|paiements?|payer|payables?|payees?|regler|reglement"
    r"|echeance|pagos?|pagar|pagad[oa]s?|vence|vencimiento|abonar|pagament[oi]|pagare|pagat[oae]"
    r"|scade|scadenza|betaal\w{0,8}|betal\w{1,4}|voldaan|voldoen|vencimento|pag[oa]s?)"
)
_TERMS = (
    r"(?:payment (?:terms?|period|deadline|target)|terms? of payment|credit (?:terms?|period)"
    r"|zahlungs(?:ziel|frist|bedingung(?:en)?)|(?:delai|conditions|modalites) de (?:paiement"
    r"|reglement)|(?:plazo|condiciones|forma) de pago|(?:termin[ei]|condizioni) di pagamento"
    r"|betaal(?:termijn|condities?)|betalings(?:termijn|condities?|voorwaarden)"
    r"|(?:prazo|condicoes) de pagamento)"
)
_COUNT = rf"(?P<number>\d{{1,3}}|{SPELLED})(?: \(\d{{1,3}}\))?[ -](?P<unit>{UNIT})(?!\w)"
_WITHIN = (
    r"(?:within(?: a period of)?|innerhalb(?: von)?|binnen|dans(?: les| un delai de)?|sous|en"
    r"|en (?:un )?plazo de|dentro de(?: los)?|entro(?: i)?|nei|nos|no prazo de|em ate)"
)
_INVOICE = (
    r"(?:invoic\w{1,4}|receipt|bill(?:ing)?|issue|rechnung\w{0,12}|erhalt|zugang|facture|facturation"
    r"|emission|reception|factura|emision|recepcion|fattura|emissione|ricevimento|ricezione"
    r"|factuur\w{0,5}|ontvangst|fatura|emissao|rececao|recepcao)"
)
_FROM = (
    r"(?P<since>\s(?:of|after|from|following|ab|nach|seit|a compter d[eu]|apres|de|desde"
    r"|a partir de|despues de|dalla|dall'|dal|dopo|na|vanaf|apos|depois d[ae]|da)\s?"
    rf"(?:(?:the|your|der|dem|des|la|l'|del|il|el|de|date|data|fecha|datum|of|du)\s?){{0,4}}{_INVOICE}"
    r"(?: (?:date|of (?:the |an? )?invoice|der rechnung|de (?:la )?(?:facture|factura|fatura)"
    r"|della fattura|da fatura))?)?"
)
# What a criterion asks of the time to pay. Of "net 30" and "in 30 days" there are just so many.
_ASKED = expression(
    rf"(?<![\w-])(?:(?:(?P<most>{_WITHIN}|{words.AT_MOST})|(?P<least>{words.AT_LEAST})"
    rf"|(?P<above>{words.ABOVE})|(?P<below>{words.BELOW}))\s)?(?:(?:the|den|les|los|i)\s)?"
    rf"{_COUNT}(?:\snett?o?s?\b)?{_FROM}"
)
_NET = expression(r"\bnett?o?[ -](?P<number>\d{1,3})(?!\w|[.,]\d|[ -]?(?:[^\W\d]|[$€£%]))")
_PAYING = expression(rf"\b(?:{_PAY}|{_TERMS}|net)\b")
_OF_TERMS = expression(
    rf"\b(?:{_TERMS}|net|nett?o|nets|(?:due|payable|paid|zahlbar|fallig|paiement|payable|pago"
    r"|pagamento|betaling|betalen) (?:in|a|of|exactly))\b"
)
_TURNED = expression(
    r"\b(?:not|nicht|pas|niet|non|no|nao) (?:due |payable |fallig |zahlbar |exigible |pagader[oa] "
    r"|betaalbaar )?$"
)
# These are paid back, paid too late, or paid sooner for less.
_OTHER = expression(
    r"\b(?:refund\w*|reimburs\w*|\w*erstatt\w*|rembours\w*|reembols\w*|rimbors\w*|terugbetal\w*|late"
    r"|(?:(?:up)?on|in|of) default|overdue|interest|verzug|verzugszinsen|retard|mora|ritardo"
    r"|discount|skonto|escompte|descuento"
    r"|sconto|korting|desconto|dispute\w*|objections?|returns?|not (?:be )?paid|unpaid)\b"
)
_LINKS = r"(?:is|are|ist|est|net|netto|nets|a|in|of|von|de|di|van)"
_FROM_INVOICE = (
    r"(?:nett?o?s?\b|(?:after|from) (?:the )?(?:date of )?(?:the )?(?:invoice"
    r"|receipt of (?:the |this )?invoice)|ab rechnung\w*|nach (?:rechnung\w*|erhalt der rechnung)"
    r"|(?:a compter de la )?date de facture|fecha (?:de )?factura|data fattura|d\.?f\.?\b"
    r"|na factuurdatum|data da fatura)"
)
# What a page says of it.
_STATED = tuple(
    expression(pattern)
    for pattern in (
        rf"\b{_PAY}\b[^.;\n]{{0,60}}?\b{_WITHIN}[ \n](?:(?:the|den|les|los|i) )?{_COUNT}",
        rf"\b{_PAY}[ :]{{1,2}}(?:in|a|net|netto|en|de)[ \n]{_COUNT}",
        rf"(?<!\w)(?:{_TERMS}|(?<![^\n])terms?:)[\W_]{{0,6}}(?:{_LINKS}[ :]{{1,2}}){{0,2}}{_COUNT}",
        rf"(?<![\w.,]){_COUNT} {_FROM_INVOICE}",
    )
)
_STATED_NET = expression(
    r"(?<!\w)(?:nett?o?[ -]?|n/)(?:(?P<number>\d{1,3})[ -]?(?:days?|tagen?|dagen|jours|giorni|dias)"
    r"|(?P<usual>7|8|10|14|15|20|21|28|30|40|45|60|75|90|120))"
    rf"(?!\w|[.,/]\d| ?(?:{SIGN}|%|k?g\b|lbs?\b|m?l\b))"
)
_AT_ONCE = expression(
    r"\b(?:(?:due|payable) (?:(?:up)?on receipt|immediately)|sofort (?:fallig|zahlbar)"
    r"|(?:fallig|zahlbar) sofort|(?:paiement|payable) (?:comptant|a reception)|pago al contado"
    r"|pagamento immediato|per direct te betalen|pagamento a vista)\b"
)
# Beside these a bare "net 30" may as well be an amount or a weight.
_SUMS = expression(
    r"\b(?:gross|tax|vat|weight|sub-?total|total|sum|brutto|mwst|gewicht|summe|gesamt|brut|tva|poids"
    r"|bruto|iva|peso|totale|lordo|btw|totaal)\b"
)
_SPOKEN = expression(rf"\b(?:{_TERMS}|payable|zahlbar|exigible|pagadero|pagabile|betaalbaar)\b")
_MONTH_END = expression(r" ?,? ?(?:fin de mois|end of (?:the )?month|eom|fine mese|fin de mes)\b")
# How far before what is said the words for that are looked for, where no mark parts them.
_NEAR = 120
_SEGMENT = expression(r"[.,;\n](?!\d)")


def asked(clause: str) -> Iterator[tuple[int, int, Condition]]:
    """Yield what a folded clause asks of the time to pay, as bounds in days."""
    if not _PAYING.search(clause) or _OTHER.search(clause):
        return
    for found in _ASKED.finditer(clause):
        sense = next((each for each in ("most", "least", "above", "below") if found[each]), "")
        if sense or found["since"] or _OF_TERMS.search(clause):
            turned = _TURNED.search(clause, 0, found.start()) is not None
            yield *found.span(), replace(_bounds(sense, found), outside=turned)
    for found in _NET.finditer(clause):
        days = float(found["number"])
        yield *found.span(), Condition(Measure.TERM, days, days)


def _bounds(sense: str, found: re.Match[str]) -> Condition:
    fewest, most = _days(found)
    low, high = {
        "most": (0.0, most),
        "least": (fewest, math.inf),
        "above": (most + 1.0, math.inf),
        "below": (0.0, fewest - 1.0),
    }.get(sense, (fewest, most))
    return Condition(Measure.TERM, low, high)


def _days(found: re.Match[str]) -> tuple[float, float]:
    number = found["number"]
    return days_between(int(number) if number.isdigit() else NUMBERS[number], found["unit"])


def stated(sheet: Sheet) -> Iterator[Spot]:
    """Yield the times that a page gives to pay; the key is from how many days to how many.

    They are not sure where they run from the end of a month, nor where a bare number may be a sum.
    """
    text = sheet.folded
    for pattern in _STATED:
        for found in pattern.finditer(text):
            if not _is_of_another(text, found):
                sure = _MONTH_END.match(text, found.end()) is None
                yield _keyed(sheet.spot(found, sure=sure), *_days(found))
    for found in _STATED_NET.finditer(text):
        days = float(found["number"] or found["usual"])
        summed = found["usual"] and _SUMS.search(_around(text, found))
        sure = not summed and _MONTH_END.match(text, found.end()) is None
        yield _keyed(sheet.spot(found, sure=sure), days, days)
    for found in _AT_ONCE.finditer(text):
        if not _is_of_another(text, found):
            yield _keyed(sheet.spot(found), 0.0, 0.0)


def spoken_of(sheet: Sheet) -> bool:
    """Tell whether a page speaks of terms of payment, be they read or not."""
    return _SPOKEN.search(sheet.folded) is not None


def lasting(spot: Spot) -> tuple[float, float]:
    """Return the fewest and the most days of a time that was `stated`."""
    low, high = spot.key.split(":")
    return float(low), float(high)


def _keyed(spot: Spot, low: float, high: float) -> Spot:
    return replace(spot, key=f"{low}:{high}")


def _is_of_another(text: str, found: re.Match[str]) -> bool:
    """Tell whether what is said is denied, or is of a discount or of what is late."""
    if _TURNED.search(text, max(0, found.start() - _NEAR), found.start()):
        return True
    segment = _around(text, found)
    return "%" in segment or _OTHER.search(segment) is not None


def _around(text: str, found: re.Match[str]) -> str:
    """Return what is said, with what stands around it up to the next mark or line."""
    near = max(0, found.start() - _NEAR)
    start = max((each.end() for each in _SEGMENT.finditer(text, near, found.start())), default=near)
    following = _SEGMENT.search(text, found.end(), found.end() + _NEAR)
    return text[start : following.start() if following else found.end() + _NEAR]
