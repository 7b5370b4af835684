"""A till receipt on a narrow roll."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reportlab.lib.units import mm

from examples.packet.goods import money
from examples.packet.sheet import Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TILL = Type("Courier", 8)
LOUD = Type("Courier-Bold", 11)
BOUGHT = (
    (2, "Flat white", "3.40"),
    (1, "Earl Grey tea", "2.60"),
    (2, "Cheese scone", "2.95"),
    (1, "Soup of the day", "5.80"),
    (1, "Ham & leek quiche", "6.40"),
    (3, "Sparkling water", "1.90"),
    (1, "Lemon tart", "4.10"),
)
PAID = Decimal("40.00")


def draw(canvas: Canvas) -> None:
    """Draw the one slip."""
    sheet = Sheet(canvas, 80 * mm, 165 * mm)
    y = heading(sheet)
    total = Decimal(0)
    for quantity, name, price in BOUGHT:
        amount = quantity * Decimal(price)
        total += amount
        y = entry(sheet, y, f"{quantity} x {name}", money(amount))
    y = payment(sheet, y + 2, total)
    closing(sheet, y + 6)
    sheet.finish()


def heading(sheet: Sheet) -> float:
    """Write the shop's name and the facts of the sale."""
    sheet.text(40, 12, "THE CORNER KETTLE", LOUD, "centre")
    for row, line in enumerate(
        ("Cafe & Bakery", "3 Tide Street, Port Ellery", "Tel. 01632 960 114")
    ):
        sheet.text(40, 17.5 + 4 * row, line, TILL, "centre")
    sheet.text(6, 33, "17/03/2026 12:52", TILL)
    sheet.text(74, 33, "Till 02", TILL, "right")
    sheet.text(6, 37, "Receipt no. 004417", TILL)
    sheet.text(74, 37, "Served by Maya", TILL, "right")
    sheet.text(40, 42, "-" * 40, TILL, "centre")
    return 47


def entry(sheet: Sheet, y: float, name: str, amount: str, look: Type = TILL) -> float:
    """Write a line of the sale; return where the next one goes."""
    sheet.text(6, y, name, look)
    sheet.text(74, y, amount, look, "right")
    return y + look.step + 0.6


def payment(sheet: Sheet, y: float, total: Decimal) -> float:
    """Write the total, the tax within and how it was paid."""
    sheet.text(40, y, "-" * 40, TILL, "centre")
    tax = (total / 6).quantize(total)
    y = entry(sheet, y + 6, "TOTAL GBP", money(total), LOUD)
    y = entry(sheet, y + 1, "incl. VAT 20%", money(tax))
    y = entry(sheet, y + 2, "CASH", money(PAID))
    y = entry(sheet, y, "CHANGE DUE", money(PAID - total))
    sheet.text(40, y + 1, "-" * 40, TILL, "centre")
    return y


def closing(sheet: Sheet, y: float) -> None:
    """Thank the customer."""
    lines = (
        "Items sold: 11",
        "VAT no. GB 000 0000 00",
        "",
        "Thank you for your visit!",
        "Please keep this receipt: refunds",
        "and exchanges within 14 days.",
        "",
        "*** CUSTOMER COPY ***",
    )
    for row, line in enumerate(lines):
        sheet.text(40, y + 4.2 * row, line, TILL, "centre")
