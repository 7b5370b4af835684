"""Names of people: capitalised words that are none of what documents capitalise otherwise."""

from __future__ import annotations

from docsort_server.engine.expression import expression
from docsort_server.engine.local import text as t

_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Hon|Herr|Frau|Mme|Mlle|Sra?|Sig|Don|M)\.? ){0,2}"
_MARK = "['\u2019]"
_PART = (
    rf"[A-ZÀ-Ý](?:[a-zà-ÿ]{{1,20}}(?:(?:-|{_MARK})[A-ZÀ-Ý]?[a-zà-ÿ]{{1,20}})?"
    rf"|{_MARK}[A-ZÀ-Ý][a-zà-ÿ]{{1,20}})"
)
_LAST = rf"(?:{_PART}|[A-ZÀ-Ý][A-ZÀ-Ý'-]{{1,20}})"
_SMALL = r"(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|du|zu|ten|ter|bin|al|y|e) ){0,2}"
NAME = rf"{_TITLE}(?:{_PART}|[A-Z]\.)(?: [A-Z]\.?){{0,2}}(?: {_PART})?(?: {_SMALL}{_LAST})"
_NAME = expression(NAME)
# A name, and what its bearer is.
_LINE = expression(
    rf"\W{{0,3}}(?:{NAME})(?:,? (?:Jr|Sr|II|III|MD|PhD|Esq)\.?)?(?:,.{{0,40}})?\W{{0,3}}"
)
_OTHER_TEXT = """
account accounts act address adresse agency agreement amount annual anschrift applicant april
arrendador arrendatario assinatura association august authority authorized avenue bailleur balance
bank bedrag betrag bill billing board borrower business buyer calle certificate chapter city client
cliente commission committee company condition conditions contact contract contractor corporation
council county court credit customer customs data date datum dear december delivery department
description direccion director disclosure district document drive due effective email employee
employer endereco exhibit facture fax february fecha federal final financial firma first form frau
friday fund general geschaftsfuhrer gesellschaft gmbh government grand group handtekening herr
hospital house huurder importe importo inc income indirizzo institute insurance interest
international invoice item items january july june kind klant kunde landlord lender letter license
limited line llc locataire ltd main manager march may meeting member mieter minutes monday montant
month naam name national net new no nom nombre nome north note notice november number objet october
office officer official order ort owner page pagina part partner party patient payment period person
phone plan please policy position president price print product program project property public
purchase quantity quarter rate receipt rechnung reference regards registered rent report
representative request resolution road rua rue sales saturday school secretary section security
seite seller september service services shareholder sheet shipping signature signed sincerely size
societe software south square state statement states status straat strasse street subject subtotal
summary sunday supplier supreme system table tax telephone tenant term terms the thursday title
total treasurer trust tuesday type union unit united university unterschrift vat vendor verhuurder
vermieter version vertrag via vorstand wednesday west witness work year yours
"""
_OTHERS = frozenset(_OTHER_TEXT.split())


def is_name(line: str) -> bool:
    """Tell whether a line is the name of a person and nothing else but what that person is."""
    found = _LINE.fullmatch(line.strip())
    return found is not None and starts_with_name(line)


def starts_with_name(text: str) -> bool:
    """Tell whether a text begins with the name of a person."""
    found = _NAME.match(text.strip())
    return found is not None and is_person(found[0])


def is_person(name: str) -> bool:
    """Tell a `NAME` from what documents capitalise otherwise: headings, streets, months."""
    return _OTHERS.isdisjoint(t.words(name))
