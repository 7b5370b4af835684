"""An invoice over two pages: the goods run over, totals and payment details follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.packet.goods import VAT, Item, grid, item, money, net
from examples.packet.sheet import BODY, BOLD, SMALL, Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = "#1f4e5f"
WIDTHS = (24, 82, 18, 24, 26)
HEAD = ("Item no.", "Description", "Qty", "Unit price", "Amount")
ON_FIRST_PAGE = 19
ITEMS = (
    item("DK-2210", "Sit-stand desk 160 x 80 cm, oak", 4, "489.00"),
    item("CH-0417", "Task chair, mesh back, adjustable arms", 6, "212.50"),
    item("CH-0420", "Visitor chair, stackable, grey", 8, "64.90"),
    item("CB-1108", "Mobile pedestal, 3 drawers, lockable", 6, "118.00"),
    item("CB-1330", "Plan chest A1, 10 drawers, steel", 1, "742.00"),
    item("LT-0093", "LED desk lamp with clamp", 6, "38.75"),
    item("LT-0102", "Pendant lamp 120 cm, 4000 K", 3, "129.00"),
    item("EL-5521", "Power rail with USB-C, 6 sockets", 6, "44.20"),
    item("EL-5530", "Cable tray for desk, 140 cm", 4, "19.95"),
    item("WB-0301", "Whiteboard 180 x 120 cm, enamel", 2, "154.00"),
    item("WB-0377", "Marker set, 8 colours", 5, "11.30"),
    item("PP-0801", "Copy paper A4 80 g, box of 2,500 sheets", 12, "21.40"),
    item("PP-0805", "Copy paper A3 80 g, box of 1,500 sheets", 4, "32.60"),
    item("PP-0850", "Plotter roll 914 mm x 50 m, 90 g", 10, "17.85"),
    item("PP-0871", "Tracing paper A1, 50 sheets", 3, "42.10"),
    item("IK-3310", "Ink cartridge, matte black, 130 ml", 4, "58.00"),
    item("IK-3311", "Ink cartridge, cyan, 130 ml", 2, "58.00"),
    item("IK-3312", "Ink cartridge, magenta, 130 ml", 2, "58.00"),
    item("IK-3313", "Ink cartridge, yellow, 130 ml", 2, "58.00"),
    item("FL-7004", "Lever arch file A4, 75 mm, pack of 10", 6, "23.90"),
    item("FL-7019", "Suspension files, box of 25", 4, "27.15"),
    item("FL-7032", "Document wallets, pack of 100", 2, "14.60"),
    item("KT-1203", "Coffee machine descaler, 1 l", 3, "9.80"),
    item("SV-0001", "Delivery and assembly on site", 1, "185.00"),
)


def draw(canvas: Canvas) -> None:
    """Draw both pages."""
    first = Sheet(canvas)
    letterhead(first, 1)
    parties(first)
    goods(first, 98, ITEMS[:ON_FIRST_PAGE])
    first.text(192, 256, "Carried forward on page 2", SMALL, "right")
    footer(first)
    second = Sheet(canvas)
    letterhead(second, 2)
    bottom = goods(second, 50, ITEMS[ON_FIRST_PAGE:])
    payment(second, totals(second, bottom + 8) + 12)
    footer(second)


def letterhead(sheet: Sheet, page: int) -> None:
    """Write the seller's name, the title and the page number."""
    sheet.block(0, 0, sheet.width, 26, INK)
    sheet.text(18, 16, "Northlight Office Supply Ltd", Type("Helvetica-Bold", 17, colour="#ffffff"))
    sheet.text(192, 16, "INVOICE", Type("Helvetica-Bold", 20, colour="#ffffff"), "right")
    sheet.text(18, 34, "14 Mill Lane, Ashcombe AC4 2QT", SMALL)
    sheet.text(192, 34, f"Invoice no. NL-2026-00418    Page {page} of 2", SMALL, "right")


def parties(sheet: Sheet) -> None:
    """Write who pays and the facts of the invoice."""
    sheet.text(18, 48, "Bill to", BOLD)
    sheet.lines(
        18, 53.5, ("Harrow & Finch Architects", "Accounts Payable", "The Old Rope Works, Unit 7")
    )
    sheet.lines(18, 67, ("22 Quayside", "Port Ellery PE1 9GH"))
    facts = (
        ("Invoice number", "NL-2026-00418"),
        ("Invoice date", "12 March 2026"),
        ("Your order", "PO 7731 of 24 February 2026"),
        ("Customer number", "10 4472"),
        ("Payment terms", "30 days net"),
        ("Due date", "11 April 2026"),
    )
    for row, (name, value) in enumerate(facts):
        sheet.text(118, 48 + 5.5 * row, name, BOLD)
        sheet.text(192, 48 + 5.5 * row, value, BODY, "right")
    note = "Delivered on 10 March 2026 to the address above. All prices in GBP, excluding VAT."
    sheet.text(18, 91, note)


def goods(sheet: Sheet, top: float, items: tuple[Item, ...]) -> float:
    """Draw the table of goods."""
    rows = [HEAD, *(each.row() for each in items)]
    return sheet.table(18, top, WIDTHS, rows, *grid(INK))


def totals(sheet: Sheet, top: float) -> float:
    """Write subtotal, VAT and the amount due."""
    subtotal = net(ITEMS)
    tax = (subtotal * VAT).quantize(subtotal)
    for row, (name, amount) in enumerate((("Subtotal", subtotal), ("VAT 20 %", tax))):
        sheet.text(130, top + 6 * row, name)
        sheet.text(192, top + 6 * row, money(amount), BODY, "right")
    sheet.rule(130, top + 9, 62)
    due = Type("Helvetica-Bold", 12)
    sheet.text(130, top + 15, "Total due (GBP)", due)
    sheet.text(192, top + 15, money(subtotal + tax), due, "right")
    return top + 15


def payment(sheet: Sheet, top: float) -> None:
    """Write how to pay."""
    sheet.text(18, top, "Payment details", BOLD)
    details = (
        "Please pay the total due by bank transfer within 30 days, quoting invoice NL-2026-00418.",
        "Account name: Northlight Office Supply Ltd    Bank: Meridian Vale Bank",
        "Sort code: 00-00-00    Account number: 00012345",
        "Late payment: statutory interest may be charged on overdue amounts.",
    )
    bottom = sheet.lines(18, top + 6, details)
    sheet.text(18, bottom + 6, "Questions about this invoice: billing@northlight.example.com")


def footer(sheet: Sheet) -> None:
    """Close the page with the small print."""
    sheet.rule(18, 280, 174, "#bbbbbb")
    small = "Registered in England no. 00000000 · VAT registration GB 000 0000 00"
    sheet.text(105, 285, small, SMALL, "centre")
    sheet.finish()
