"""Tell of which occasion the date at the head of a page is: of a sale, of a meeting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SALES_TEXT = """
sale sold purchase purchased bought transaction verkauf kauf einkauf vente achat transaction venta
compra vendita acquisto transazione verkoop aankoop transactie venda transacao
"""
_SALES = frozenset(stem for word in _SALES_TEXT.split() for stem in t.content_stems(word))
# What slips of sales, receipts and invoices, say beside their prices.
_SLIP = re.compile(
    r"(?<!\w)(?:receipt|till|cash(?:ier)?|card|change|total|vat|tax|invoice|bill to|visa|mastercard"
    r"|qty|quittung|kasse|kassenbon|kassierer|bar|karte|summe|gesamt|mwst|rechnung|beleg"
    r"|recu|caisse|ticket|especes|carte|tva|facture|recibo|caja|efectivo|tarjeta|iva|factura"
    r"|scontrino|ricevuta|cassa|contanti|carta|totale|fattura|kassa|pinnen|contant|btw|totaal"
    r"|factuur|caixa|dinheiro|cartao|fatura)(?!\w)"
)
_FEWEST = 2
_PRICE = re.compile(r"\d[.,]\d\d(?!\d)")
# A heading has at most so many words, and stands on one of so many lines.
_WORDS, _LINES = 6, 12


def is_told(stems: Iterable[str], lines: Sequence[str]) -> bool:
    """Tell whether folded lines are of the occasion that stems name.

    A slip of a sale is; other pages are where a heading says so.
    """
    named = frozenset(stems)
    if named & _SALES:
        text = "\n".join(lines)
        return len(set(_SLIP.findall(text))) >= _FEWEST and _PRICE.search(text) is not None
    heads = (line for line in lines[:_LINES] if len(line.split()) <= _WORDS)
    return any(named.issubset(t.content_stems(line)) for line in heads)
