"""Amounts of money counted, with the sign of a currency and without one."""

from __future__ import annotations

import pytest
from criterion_marks import mark
from engine_pages import INVOICE

from docsort_server.engine.denial import folded
from docsort_server.engine.local.criteria import currencies

COLUMN = "Rechnung\nArtikel Betrag\nTee 12\nBrot 8\nKuchen 30\nVielen Dank 7 Uhr"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (INVOICE, 7),
        (COLUMN, 3),
        (COLUMN.replace("Artikel Betrag", "Article Montant (EUR)"), 3),
        ("Prijs 49,99\nBTW 10,50\nTe betalen € 60,49", 3),
        ("Precio 12,00 18,00\nIVA 21 %\nPeso 3,50 kg", 2),
        ("Subtotal 1.200,00\nDate 04.09\nSee (13,24,25)", 1),
    ],
)
def test_amounts_without_a_sign_are_counted(text: str, count: int) -> None:
    """By two decimals, or by the column that they stand in; no days, weights or references."""
    assert mark(text, f"contains exactly {count} amounts").met
    assert mark(text, f"enthält mindestens {count} Beträge").met
    assert not mark(text, f"contient au moins {count + 1} montants").met


@pytest.mark.parametrize(
    "text",
    [
        "Versions\n1.20 fixes\n1.25 more\n1.30 rest",
        "Training cost\nByteNet 23.75\nDeepAtt 39.2\nOurs 2.3 and 4.1",
        "State Totals\nAlabama 710\nAlaska 512\nArizona 380",
        "Of all that the price of a thing may tell us the least is what 12.50 and 13.50 are worth",
    ],
)
def test_other_numbers_are_not_counted_as_amounts(text: str) -> None:
    """Where no label speaks of money, two decimals are none."""
    assert not mark(text, "contains at least two amounts").met
    assert mark(
        f"{text}\nPrice 12.00\nPrice 15.00\nPrice 18.00", "contains at least two amounts"
    ).met


def test_the_german_article_is_no_currency() -> None:
    """It was written like the mark once; beside a number, and in capitals, it still is."""
    assert currencies.named(folded("nennt den Betrag auf dem Beleg")) is None
    assert currencies.beside("miete 500 dem", 6, 9) == {"DEM"}
    assert not mark("Brief\nmit dem Zug nach Hause", "Names a currency").met
    assert mark("Rechnung\nWährung DEM", "Names a currency").met


def test_dollars_of_all_countries_are_dollars() -> None:
    """Signs and codes are looked up in one table."""
    for amount in ("$ 12.00", "CAD 12.00", "12.00 AUD", "US$ 12"):
        assert mark(f"Bill\nPrice {amount}", "states prices in dollars").met
    assert not mark("Bill\nPrice 12.00 GBP", "states prices in dollars").met
