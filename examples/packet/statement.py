"""A bank statement with its table of transactions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor

from examples.packet.goods import money
from examples.packet.sheet import BODY, BOLD, SMALL, Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = "#274472"
OPENING = Decimal("18204.77")
HEAD = ("Date", "Description", "Money out", "Money in", "Balance")
WIDTHS = (20, 82, 24, 24, 24)
# Amounts below zero left the account.
TRANSACTIONS = (
    ("01 Mar", "Standing order: Old Rope Works Estates, rent", "-3250.00"),
    ("02 Mar", "Direct debit: Ellery Water", "-118.42"),
    ("03 Mar", "Transfer in: Saltmarsh Housing Trust, fee stage 2", "12600.00"),
    ("04 Mar", "Card payment: Quayside Print & Plot", "-241.80"),
    ("05 Mar", "Direct debit: Lantern Energy", "-486.15"),
    ("06 Mar", "Transfer out: Brightwater Survey Ltd", "-5040.00"),
    ("09 Mar", "Card payment: Western Coast Rail", "-96.70"),
    ("10 Mar", "Cheque 000214", "-350.00"),
    ("11 Mar", "Transfer in: Penn & Daughters, inv. 2026-031", "4320.00"),
    ("13 Mar", "Cash withdrawal: Port Ellery, Quayside", "-200.00"),
    ("16 Mar", "Direct debit: Kestrel Insurance", "-312.00"),
    ("17 Mar", "Card payment: The Corner Kettle", "-33.90"),
    ("18 Mar", "Transfer out: payroll March, 9 payments", "-21870.35"),
    ("20 Mar", "Transfer in: Dunmarsh School Board, fee stage 1", "15750.00"),
    ("23 Mar", "Direct debit: Starling Telecoms", "-164.99"),
    ("25 Mar", "Card payment: Larch & Sons Joinery", "-780.00"),
    ("27 Mar", "Interest paid, gross", "6.14"),
    ("31 Mar", "Account fee", "-12.50"),
)
LOOK = (
    ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
    ("FONT", (0, 1), (-1, -1), "Helvetica", 8.5),
    ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 8.5),
    ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor(INK)),
    ("ROWBACKGROUNDS", (0, 1), (-1, -1), (HexColor("#ffffff"), HexColor("#eef2f8"))),
    ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
    ("TOPPADDING", (0, 0), (-1, -1), 2.6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
)


def draw(canvas: Canvas) -> None:
    """Draw the one page."""
    sheet = Sheet(canvas)
    heading(sheet)
    amounts = [Decimal(amount) for _, _, amount in TRANSACTIONS]
    summary(sheet, amounts)
    sheet.table(18, 108, WIDTHS, rows(amounts), *LOOK)
    small = (
        "Please check this statement and tell us within 60 days about any entry you do not know.",
        "Overdrafts are repayable on demand. Deposits are protected up to the legal limit.",
    )
    sheet.lines(18, 272, small, SMALL)
    sheet.text(105, 285, "Meridian Vale Bank plc · Sheet 1 of 1", SMALL, "centre")
    sheet.finish()


def heading(sheet: Sheet) -> None:
    """Write the bank, the holder and the account."""
    sheet.block(18, 14, 9, 9, INK)
    sheet.text(30, 21, "Meridian Vale Bank", Type("Times-Bold", 19, colour=INK))
    sheet.text(192, 21, "Statement of account", Type("Helvetica", 14, colour=INK), "right")
    holder = ("Harrow & Finch Architects LLP", "The Old Rope Works, Unit 7", "22 Quayside")
    sheet.lines(18, 38, (*holder, "Port Ellery PE1 9GH"))
    facts = (
        ("Account", "Business current account"),
        ("Account number", "00098765"),
        ("Sort code", "00-00-00"),
        ("Statement period", "1 March to 31 March 2026"),
        ("Statement number", "27"),
    )
    for row, (name, value) in enumerate(facts):
        sheet.text(118, 38 + 5.2 * row, name, BOLD)
        sheet.text(192, 38 + 5.2 * row, value, BODY, "right")


def summary(sheet: Sheet, amounts: list[Decimal]) -> None:
    """Write the four sums of the period in a band."""
    money_in = sum((amount for amount in amounts if amount > 0), Decimal(0))
    money_out = -sum((amount for amount in amounts if amount < 0), Decimal(0))
    sums = (
        ("Opening balance", OPENING),
        ("Total money in", money_in),
        ("Total money out", money_out),
        ("Closing balance", OPENING + money_in - money_out),
    )
    sheet.block(18, 74, 174, 19, "#eef2f8")
    for column, (name, amount) in enumerate(sums):
        sheet.text(23 + 43.5 * column, 81, name, SMALL)
        sheet.text(23 + 43.5 * column, 88, f"GBP {money(amount)}", Type("Helvetica-Bold", 10.5))
    sheet.text(18, 103, "Transactions", BOLD)


def rows(amounts: list[Decimal]) -> list[tuple[str, ...]]:
    """Return the table with the balance after each transaction."""
    balance = OPENING
    table: list[tuple[str, ...]] = [
        HEAD,
        ("01 Mar", "Balance brought forward", "", "", money(balance)),
    ]
    for (date, text, _), amount in zip(TRANSACTIONS, amounts, strict=True):
        balance += amount
        out, into = (money(-amount), "") if amount < 0 else ("", money(amount))
        table.append((date, text, out, into, money(balance)))
    return [*table, ("31 Mar", "Balance carried forward", "", "", money(balance))]
