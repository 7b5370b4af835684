"""Criteria in English on pages in the languages around the seven: their words name values too."""

from __future__ import annotations

import pytest
from criterion_marks import mark

DANISH_INVOICE = """Nordhavn Tømrer ApS
Strandgade 12, 8000 Aarhus C
CVR-nr. 29 18 73 64
Faktura
Fakturanummer: 20417
Fakturadato: 3. maj 2024
Kundenummer: 5518
Ordrenummer: 77301
Forfaldsdato: 17. maj 2024
Leveringsadresse: Bakkevej 4, 8260 Viby
Beskrivelse Antal Pris Beløb
Gulvbrædder, eg 10 90,00 900,00
Subtotal uden moms DKK 900,00
Moms 25 % DKK 225,00
I alt DKK 1.125,00
Kontonummer: 1234 0005678901"""
CZECH_INVOICE = """Truhlářství Novotný s.r.o.
Lipová 8, 602 00 Brno
Faktura - daňový doklad
Číslo faktury: 2024-0117
Datum vystavení: 3. 5. 2024
Datum splatnosti: 17. 5. 2024
Číslo objednávky: 88123
Číslo zákazníka: 4410
DIČ: CZ27082440
Základ daně 10 000,00 Kč
DPH 21 % 2 100,00 Kč
Celkem k úhradě 12 100,00 Kč
Číslo účtu: 2000145399/0800
Dodací adresa: Polní 3, 616 00 Brno"""
DANISH_MINUTES = """Referat af bestyrelsesmøde
Til stede: Ada Holm, Bo Lund, Ida Krag
Afbud: Per Dahl
1. Budget
Det blev besluttet at godkende budgettet enstemmigt.
Næste møde: 12. juni 2024
Underskrift: ____________________"""
CZECH_MINUTES = """Zápis z jednání výboru
Přítomni: Jana Malá, Petr Dub
Omluveni: Eva Horská
1. Rozpočet
Usnesení: výbor rozpočet jednomyslně schválil.
Příští schůze: 12. června 2024
Podpis: ____________________"""
INVOICE_MET = (
    "Mentions VAT",
    "States the VAT amount",
    "States the total amount payable",
    "Shows the amount due",
    "Shows a subtotal",
    "Gives an invoice number",
    "Gives an order number",
    "Gives a customer number",
    "States a due date",
    "States the invoice date",
    "Shows a VAT number",
    "Gives a bank account number",
    "Shows a delivery address",
)
INVOICE_DENIED = (
    "Does not mention VAT",
    "Does not state a due date",
    "Has no invoice number",
    "Lists attendees",
    "States a date of birth",
    "Names a patient",
    "Gives a policy number",
    "Names an employer",
)
MINUTES_MET = (
    "Lists attendees",
    "Records decisions",
    "States the date of the next meeting",
    "Mentions the next meeting",
    "The signature line is empty",
)
MINUTES_DENIED = (
    "Does not list attendees",
    "Mentions VAT",
    "Gives an invoice number",
    "Is signed",
)


_PAGES = (
    ("invoice", (DANISH_INVOICE, CZECH_INVOICE), INVOICE_MET, INVOICE_DENIED),
    ("minutes", (DANISH_MINUTES, CZECH_MINUTES), MINUTES_MET, MINUTES_DENIED),
)
_CASES = [
    pytest.param(text, criterion, met, id=f"{kind}-{language}-{criterion}")
    for kind, texts, *asked in _PAGES
    for language, text in zip(("da", "cs"), texts, strict=True)
    for met, criteria in zip((True, False), asked, strict=True)
    for criterion in criteria
]


@pytest.mark.parametrize(("text", "criterion", "met"), _CASES)
def test_a_page_gives_what_its_own_words_name(text: str, criterion: str, *, met: bool) -> None:
    """And lacks the rest: denials of what is there, and what is not there."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        ("Faktura\nMVA 25 % kr 250,00\nÅ betale kr 1 250,00", "Does not mention VAT", False),
        ("Faktura\nMVA 25 % kr 250,00\nÅ betale kr 1 250,00", "States the amount due", True),
        ("Faktura\nMoms 25 % 250,00 kr\nAtt betala 1 250,00 kr", "States the amount due", True),
        ("Faktura\nFörfallodatum: 3 augusti 2024", "States a due date", True),
        ("Faktura\nTermin płatności: 3 maja 2024", "States a due date", True),
        (
            "Faktura VAT\nNr faktury: 12/2024\nDo zapłaty: 123,00 zł",
            "Gives an invoice number",
            True,
        ),
        ("Polisa\nNumer polisy: 8812345", "Gives a policy number", True),
        ("Karta pacjenta\nData urodzenia: 03.05.1980", "States a date of birth", True),
        ("Journal\nPasient: Kari Moe\nFødselsdato: 03.05.1980", "States a date of birth", True),
        ("Journal\nPasient: Kari Moe\nFødselsdato: 03.05.1980", "Names a patient", True),
        ("Pracodawca: Zielony Dom\nWynagrodzenie brutto 5 000,00 zł", "Names the employer", True),
        ("Pracodawca: Zielony Dom\nWynagrodzenie brutto 5 000,00 zł", "States the gross pay", True),
        ("Hyreskontrakt\nHyresgäst: Eva Lind\nHyra 9 000,00 kr", "Names the tenant", True),
        ("Umowa najmu\nNajemca: Jan Kos\nCzynsz: 2 500,00 zł", "The rent is above 2000 PLN", True),
        (
            "Lejekontrakt\nLejer: Bo Lund\nHusleje: kr. 7.500,00",
            "The rent is above 8000 DKK",
            False,
        ),
        ("Lasku\nLaskun numero: 4711\nEräpäivä: 3.5.2024", "States a due date", True),
        ("Számla\nÁFA 27 % 2700,00\nFizetendő: 12 700,00 HUF", "Does not mention VAT", False),
    ],
)
def test_words_of_more_languages(text: str, criterion: str, *, met: bool) -> None:
    """Norwegian, Swedish and Polish, and the surest words of Finnish and Hungarian."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Wir haben dan auch 12,00 EUR gezahlt", "States the VAT amount"),
        ("La firma, dato che il 3.5.2024 era chiusa", "States a due date"),
        ("Obecní úřad Lhota", "Lists attendees"),
        ("Graduated summa cum laude in 2019", "States the total amount payable"),
        ("Abierto hasta el 3.5.2024", "Names a patient"),
        ("Van der Maas Transport 1.200,00 EUR", "States the salary"),
        ("La società ha dato avviso il 3.5.2024", "States the invoice date"),
    ],
)
def test_short_words_stay_those_of_their_own_language(text: str, criterion: str) -> None:
    """What names a value in one language is another word elsewhere."""
    assert not mark(text, criterion).met
