"""A purchase order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.packet.goods import grid, item, money, net
from examples.packet.sheet import BODY, BOLD, SMALL, Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = "#5b4a2f"
# Millimetres to the right of the margin and below the conditions.
SIGNATURE = ((5, 16), (9, 6), (12, 19), (17, 9), (18, 17), (24, 12), (27, 16), (44, 13))
WIDTHS = (24, 82, 18, 24, 26)
HEAD = ("Part no.", "Description", "Qty ordered", "Unit price", "Line total")
ITEMS = (
    item("TB-1184", "Balsa sheet 1.5 mm, 100 x 1000 mm", 60, "2.35"),
    item("TB-1190", "Limewood strip 5 x 5 mm, 1 m", 120, "1.10"),
    item("AC-0204", "Acrylic sheet clear 3 mm, A2", 25, "14.75"),
    item("FB-0310", "Foam board white 5 mm, A1, pack of 10", 8, "36.40"),
    item("CT-0077", "Cutting mat A1, self-healing", 4, "31.00"),
    item("AD-0512", "Contact adhesive, 650 ml", 6, "12.20"),
    item("BL-0009", "Scalpel blades no. 11, box of 100", 3, "10.90"),
)


def draw(canvas: Canvas) -> None:
    """Draw the one page."""
    sheet = Sheet(canvas)
    heading(sheet)
    addresses(sheet)
    bottom = sheet.table(18, 108, WIDTHS, [HEAD, *(each.row() for each in ITEMS)], *grid(INK))
    look = Type("Helvetica-Bold", 11)
    sheet.text(130, bottom + 9, "Order total (GBP)", look)
    sheet.text(192, bottom + 9, money(net(ITEMS)), look, "right")
    conditions(sheet, bottom + 22)
    sheet.finish()


def heading(sheet: Sheet) -> None:
    """Write the buyer's name, the title and the facts of the order."""
    sheet.text(18, 22, "Harrow & Finch Architects", Type("Times-Bold", 18, colour=INK))
    sheet.lines(18, 28, ("The Old Rope Works, Unit 7, 22 Quayside, Port Ellery PE1 9GH",), SMALL)
    sheet.text(18, 44, "PURCHASE ORDER", Type("Helvetica-Bold", 20, colour=INK))
    facts = (
        ("Purchase order no.", "PO 7764"),
        ("Order date", "19 March 2026"),
        ("Requested by", "Imogen Vale, Model Workshop"),
        ("Delivery required by", "2 April 2026"),
    )
    for row, (name, value) in enumerate(facts):
        sheet.text(118, 40 + 5.5 * row, name, BOLD)
        sheet.text(192, 40 + 5.5 * row, value, BODY, "right")


def addresses(sheet: Sheet) -> None:
    """Write the supplier and the place of delivery."""
    sheet.rule(18, 64, 174, INK)
    sheet.text(18, 71, "Supplier", BOLD)
    sheet.lines(
        18, 76.5, ("Tamarind Model Makers' Supplies", "Vendor no. V-2093", "8 Foundry Court")
    )
    sheet.lines(18, 90, ("Dunmarsh DM2 6LR",))
    sheet.text(118, 71, "Ship to", BOLD)
    sheet.lines(118, 76.5, ("Harrow & Finch Architects", "Goods in, Unit 7, rear entrance"))
    sheet.lines(118, 85.5, ("22 Quayside, Port Ellery PE1 9GH", "Weekdays 08:00 to 16:00"))
    sheet.text(18, 102, "Please supply the following goods at the prices stated:")


def conditions(sheet: Sheet, top: float) -> None:
    """Write the buyer's conditions and the approval."""
    lines = (
        "1. Quote our purchase order number on the delivery note, all parcels and your invoice.",
        "2. Confirm this order and the delivery date in writing within two working days.",
        "3. Prices are firm. Goods not ordered, or delivered late, may be returned.",
        "4. Send invoices to accounts@harrowfinch.example.com; payment 30 days after receipt.",
    )
    bottom = sheet.lines(18, top, lines)
    sheet.curve([(18 + right, bottom + down) for right, down in SIGNATURE], "#23408e")
    sheet.rule(18, bottom + 18, 70)
    sheet.text(18, bottom + 23, "Authorised by: Tobias Finch, Purchasing", SMALL)
