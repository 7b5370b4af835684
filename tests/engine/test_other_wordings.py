"""What offers, leases and agendas say in other words, or another language, than a criterion."""

from __future__ import annotations

import pytest
from criterion_marks import mark


@pytest.mark.parametrize(
    "page",
    [
        "Council\nAgenda\n1. Apologies for absence\n2. Playground repairs\n3. Budget 2027",
        "Weekly - agenda\nAttendees: Ann, Bob\n- Release plan\n- Hiring\n- AOB",
        "Tagesordnung\n1. Begrüßung\n2. Wahl des Vorstands\n3. Verschiedenes",
        "Ordre du jour\n1. Comptes 2026\n2. Budget\n3. Questions diverses",
    ],
)
def test_a_list_under_an_agenda_is_of_what_is_discussed(page: str) -> None:
    """Other lists are not."""
    for criterion in ("Lists the items to be discussed", "Nennt die Tagesordnungspunkte"):
        assert mark(page, criterion).met
        assert not mark("Recipe\n1. Boil the water\n2. Add the rice", criterion).met
    assert mark(page, "Lists at least three items to be discussed").met


@pytest.mark.parametrize(
    ("line", "criterion"),
    [
        ("Die Miete beträgt 890,00 EUR monatlich.", "The rent is below 1000 EUR"),
        ("Die Kaltmiete beträgt 890,00 EUR.", "The monthly rent is below 1000 EUR"),
        ("The rent is EUR 890.00 per month.", "Die Miete liegt unter 1000 EUR"),
        ("Kaution: 890,00 EUR", "The security deposit is below 1000 EUR"),
        ("Der Kaufpreis beträgt 890,00 EUR.", "The purchase price is below 1000 EUR"),
        ("Das Darlehen beträgt 890,00 EUR.", "The loan is below 1000 EUR"),
    ],
)
def test_what_is_compared_is_found_in_another_language(line: str, criterion: str) -> None:
    """By its names, beside other amounts."""
    page = f"Vertrag\nGebühr: 2.400,00 EUR\n{line}"
    told = mark(page, criterion)
    assert (told.met, told.evidence) == (True, line)
    assert told.confidence is not None
    assert told.confidence > 0.9
    told = mark(page.replace("890", "1.890"), criterion)
    assert (told.met, told.evidence) == (False, line.replace("890", "1.890"))


def test_other_words_beside_a_name_tell_of_something_else() -> None:
    """The interest on a loan is not the loan, and a total rent is a total."""
    page = "Loan 10,000.00 EUR\nInterest on the loan 400.00 EUR\nSecurity deposit 90.00 EUR"
    assert not mark(page, "The interest on the loan is above 500 EUR").met
    assert mark("Total rent 900.00 EUR", "The total is above 800 EUR").met
    assert mark(page, "Die Kaution liegt unter 100 EUR").met


@pytest.mark.parametrize(
    "line",
    [
        *("Dieses Angebot ist gültig bis 30.11.2026.", "This quotation is valid for 30 days."),
        *("Prices valid 14 days. This is not a bill.", "Gültigkeit: 60 Tage", "Gültig 4 Wochen."),
        *("Offre valable 30 jours", "Validez de la oferta: 30 días", "Validità offerta: 30 giorni"),
        *("Geldig tot 30-11-2026", "Validade da proposta: 30 dias"),
    ],
)
def test_how_long_an_offer_holds_is_a_date_or_a_time(line: str) -> None:
    """The time to pay is another."""
    page = "Offer\nTotal CHF 420.00\nPayable within 30 days"
    for criterion in ("Says how long the offer is valid", "Nennt die Gültigkeitsdauer"):
        told = mark(f"{page}\n{line}", criterion)
        assert (told.met, told.evidence) == (True, line)
        assert not mark(page, criterion).met


def test_how_long_an_offer_holds_is_compared() -> None:
    """Also across languages, and not with what is said of something else."""
    page = "Angebot\nGültigkeit: 30 Tage"
    assert mark(page, "The offer is valid for at least 30 days").met
    assert not mark(page, "The offer is valid for at least 60 days").met
    warranty = "This offer is valid for 30 days.\nThe warranty is valid for 24 months."
    assert mark(warranty, "The warranty is valid for at least 12 months").met
