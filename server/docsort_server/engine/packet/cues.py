"""Words and forms that stand at the top and at the bottom of documents' pages, folded."""

from __future__ import annotations

import re

from docsort_server.engine.expression import expression

_TYPES = (
    r"(?:invoice|receipt|agreement|contract|statement|resume|curriculum vitae|purchase order"
    r"|work order|order form|memorandum|memo|minutes|agenda|certificate|application|quotation|quote"
    r"|estimate|proposal|policy|declarations?|notice|affidavit|complaint|petition|motion|opinion"
    r"|judgment|brief|abstract|report|newsletter|press release|manual|guide|questionnaire"
    r"|prescription|referral|discharge summary|payslip|pay stub|earnings statement|credit note"
    r"|delivery note|packing list|bill|bill of lading|power of attorney|explanation of benefits"
    r"|rechnung|gutschrift|lieferschein|vertrag|angebot|quittung|bescheid|antrag|zeugnis|protokoll"
    r"|lebenslauf|vollmacht|mahnung|kontoauszug|bestellung|facture|recu|contrat|devis|releve"
    r"|attestation|bon de commande|avoir|factura|recibo|contrato|presupuesto|certificado|solicitud"
    r"|fattura|ricevuta|contratto|preventivo|factuur|offerte|overeenkomst|fatura)"
)
# A kind of document leads its line, alone or with its number, or ends it.
TITLE = expression(
    rf"^\W*(?:the |tax |sales |commercial |proforma |pro forma )?{_TYPES}\b(?:\W*$|\W*(?:n[or]|#|:)"
    rf"|\W+(?:for|of|und|et|e|y)\b)|^\W*(?:[\w&]+[^\w&]+){{0,5}}{_TYPES}\W*$"
)
# The number of a printed form.
FORM = re.compile(
    r"^\W*(?:form|formular|vordruck|formulaire|formulario|modulo|cerfa)\b\s*(?:n[or]?\b\.?)?\s*"
    r"([a-z]{0,4}[- ]?\d{1,5}(?:[-/.]?[a-z0-9]{1,6})?)\b"
)
SALUTATION = re.compile(
    r"^\W*(?:dear|to whom it may concern|sehr geehrte|lieber?\b|guten tag|madame|monsieur"
    r"|chere?s?\b|estimad|muy senor|apreciad|gentile|egregi|spett|geachte|beste\b|prezad|caro\b"
    r"|cara\b|hello\b|hi\b)"
)
_MONTHS = (
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|mai|maggio|mayo|jun\w*|jul\w*|giu\w*|lug\w*|aug\w*|ago\w*"
    r"|aou\w*|sep\w*|set\w*|oct\w*|okt\w*|ott\w*|out\w*|nov\w*|dec\w*|dez\w*|dic\w*|ene\w*"
    r"|gen\w*|fev\w*|maerz|avr\w*|abr\w*"
)
DATE = expression(
    rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d\d){{1,2}}\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    rf"|\b\d{{1,2}}\W{{0,3}}(?:de )?(?:{_MONTHS})\W{{0,3}}(?:de )?(?:19|20)\d\d\b"
    rf"|\b(?:{_MONTHS})\W{{0,3}}\d{{1,2}}(?:st|nd|rd|th)?\W{{1,3}}(?:19|20)\d\d\b"
)
CONTACT = re.compile(
    r"[\w.]{2}@[\w-]{2,40}\.\w|\bwww\.|\b(?:tel|phone|telefon|telephone|telefono|fax|mobile)\b"
)
# What follows is the number that a document goes by.
REFERENCE = expression(
    r"\b(?:(?:invoice|receipt|order|po|p\.o\.|purchase order|contract|agreement|policy|claim|case"
    r"|account|customer|statement|quote|quotation|reference|file|document|report|application"
    r"|rechnung\w*|kunden\w*|auftrag\w*|beleg|bestell\w*|angebot\w*|vertrag\w*|facture|commande"
    r"|factura|fattura|factuur|fatura|pedido|ordine|our|your|unser|ihr|notre|votre)\s*[-.:]?\s*"
    r"(?:number|num|no|nr|nummer|numero|ref|reference|referenz|zeichen|id|#|n)"
    r"|rechnungsnr|rechnungsnummer|kundennummer|reference|ref|aktenzeichen|case|docket)"
    r"\b\s*[.:#]*\s*([a-z]{0,6}[-/ .]?\d[\w/.-]{2,})"
)
_DIVIDERS = (
    r"(?:appendix|appendices|annex(?:es|ure)?|exhibits?|attachments?|enclosures?|schedule|part"
    r"|section|chapter|tab|volume|anlagen?|anhang|beilagen?|teil|abschnitt|kapitel|annexes?|pieces?"
    r"|partie|chapitre|anexos?|apendice|adjuntos?|parte|seccion|capitulo|secao|allegat[oi]"
    r"|appendice|sezione|capitolo|bijlagen?|deel|hoofdstuk|bilag[ao]r?|liite|zalacznik)"
)
# All that is on a page: the kind of part, its number or letter, and perhaps the page's number.
DIVIDER = expression(
    rf"\W*{_DIVIDERS}(?:\W+n(?:o|r|um)?\b)?"
    r"(?:\W+(?:[a-z]|[ivxlc]{1,6}|[a-z]?\W?\d{1,3}(?:[.-]?\w{1,2})?))?(?:\W+\d{1,4})?\W*"
)
CONTINUED = re.compile(
    r"\b(?:continued|cont'd|contd|continuation|brought forward|fortsetzung|ubertrag|suite de"
    r"|\(suite\)|continuacion|viene de|segue da|vervolg|continuacao)\b"
)
GOES_ON = re.compile(
    r"\b(?:continued? (?:on|overleaf|next)|see (?:reverse|over|next page)|please turn over"
    r"|p\.?t\.?o\b|carried forward|next page|fortsetzung (?:auf|folgt|nachste)|ubertrag"
    r"|bitte wenden|suite (?:page|au verso|\.\.\.)|tournez|continua (?:en|na|a pagina|nella)|sigue"
    r"|segue|vervolg op)\b"
)
CLOSING = re.compile(
    r"\b(?:sincerely|faithfully|regards|best wishes|respectfully|cordially|yours truly|truly yours"
    r"|authori[sz]ed sign\w*|in witness whereof|enclosures?|encl|cc:"
    r"|(?:freundliche|beste|liebe|viele|herzliche)n? grusse?n?|hochachtungsvoll"
    r"|veuillez agreer|cordialement|salutations|atentamente|saludos?\b|(?:distinti|cordiali) saluti"
    r"|hoogachtend|vriendelijke groet|atenciosamente|(?:melhores|cordiais) cumprimentos"
    r"|thank you for your business|end of (?:document|report))"
)
TOTAL = re.compile(
    r"\b(?:total|grand total|balance due|amount due|amount paid|gesamt\w*|endbetrag|rechnungsbetrag"
    r"|summe|zahlbetrag|montant|net a payer|importe|totale|totaal|valor)\b"
)
