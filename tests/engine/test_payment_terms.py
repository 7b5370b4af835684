"""How long there is to pay: what pages say of it, and what criteria ask."""

from __future__ import annotations

import pytest
from criterion_marks import mark
from engine_pages import TALE, page

from docsort_server.engine.local.criteria import payment_terms
from docsort_server.engine.local.criteria.sheet import Sheet
from docsort_server.engine.local.reading import read

DATES = "Invoice date: 1 May 2024\nDue date: 31 May 2024"


def stated(text: str) -> list[float]:
    """Return the times to pay on a page, in days."""
    spots = payment_terms.stated(Sheet(read(page(text))))
    return [payment_terms.lasting(spot)[1] for spot in spots]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        *(("Net 30", 30), ("Terms: net 45 days", 45), ("Payable within 30 days", 30)),
        *(("Payment terms: 14 days", 14), ("30 days from invoice date", 30)),
        ("Payment is due within thirty (30) days of receipt.", 30),
        *(("Zahlbar innerhalb von 14 Tagen", 14), ("Zahlungsziel: 30 Tage", 30)),
        *(("30 Tage netto", 30), ("Sofort fällig", 0), ("Due on receipt", 0)),
        *(("Paiement à 30 jours", 30), ("Règlement sous 45 jours", 45)),
        *(("Pago a 60 días", 60), ("Pagamento a 30 giorni", 30)),
        *(("Pagamento entro 30 giorni", 30), ("Te betalen binnen 14 dagen", 14)),
        *(("Prazo de pagamento: 30 dias", 30), ("Pagamento no prazo de 15 dias", 15)),
        ("2% Skonto bei Zahlung innerhalb von 10 Tagen, 30 Tage netto", 30),
    ],
)
def test_the_time_to_pay_is_read(text: str, days: float) -> None:
    """As invoices and contracts write it; a discount for paying sooner is another time."""
    assert set(stated(text)) == {days}


@pytest.mark.parametrize(
    "text",
    [
        *("Net 130.80", "Netto 30 EUR", "Refunds are paid within 14 days", "Net 30 kg"),
        *("Interest is due on what is paid later than 30 days", "The lease ends within 30 days"),
        *("Late fees are due immediately", "Refunds are payable immediately"),
        *("Upon default the whole balance is due immediately", "It is not due on receipt"),
        "Invoices are not payable within 30 days",
    ],
)
def test_other_times_and_amounts_are_no_time_to_pay(text: str) -> None:
    """Net amounts, refunds, what is late, and what is denied."""
    assert stated(text) == []


@pytest.mark.parametrize("text", ["Net 30", "Zahlbar innerhalb von 30 Tagen", DATES])
@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("Payment is due within 14 days", False),
        ("Payment is due within 30 days", True),
        ("Payment is due within 14 days of the invoice date", False),
        ("Payment terms are net 30", True),
        ("Payment terms are net 60", False),
        ("The payment term is longer than 20 days", True),
        ("Payment is not due within 14 days", True),
        ("Zahlung innerhalb von 14 Tagen fällig", False),
        ("Zahlungsziel von höchstens 30 Tagen", True),
        ("Le paiement est dû dans les 14 jours", False),
        ("Paiement à 30 jours", True),
        ("El pago vence en un plazo de 14 días", False),
        ("Pagamento entro 30 giorni", True),
        ("Betaling binnen 14 dagen", False),
        ("Prazo de pagamento de 30 dias", True),
    ],
)
def test_the_time_to_pay_is_compared(text: str, criterion: str, *, met: bool) -> None:
    """With what is stated, or with what lies between the date of the invoice and the due date."""
    told = mark(f"{TALE}\n{text}", criterion)
    assert told.met is met
    assert told.confidence is not None
    assert told.confidence > 0.9
    assert told.evidence == text.splitlines()[-1]


@pytest.mark.parametrize(
    "text",
    [
        "Due date: 31 May 2024",
        "Net 30\nPayable within 10 days",
        "Terms of payment 14 days 3%, 30",
        "Paiement à 30 jours fin de mois",
        "Net 10 Tax 2 Gross 12",
        "Gewicht netto 10",
        "Net 10\nInvoice date: 1 May 2024\nDue date: 31 May 2024",
    ],
)
def test_a_time_to_pay_that_cannot_be_told_is_not_sure(text: str) -> None:
    """A due date alone, what disagrees, and a number that may be a sum."""
    told = mark(f"{TALE}\n{text}", "Payment is due within 14 days")
    assert told.confidence == pytest.approx(0.6)


def test_a_page_that_says_nothing_of_it_gives_no_time_to_pay() -> None:
    """The due date of another paper is not asked for."""
    assert mark(TALE, "Payment is due within 14 days").confidence == pytest.approx(0.97, abs=0.01)
    assert not mark(TALE, "Payment is due within 14 days").met
