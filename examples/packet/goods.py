"""What trade documents list: goods, amounts and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor

if TYPE_CHECKING:
    from collections.abc import Iterable

VAT = Decimal("0.20")


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `price` is per unit, net."""

    code: str
    name: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Return the net amount of the line."""
        return self.quantity * self.price

    def row(self) -> tuple[str, str, str, str, str]:
        """Return the cells of the line."""
        return self.code, self.name, str(self.quantity), money(self.price), money(self.amount)


def item(code: str, name: str, quantity: int, price: str) -> Item:
    """Build an item from a price as written."""
    return Item(code, name, quantity, Decimal(price))


def money(amount: Decimal) -> str:
    """Write an amount with two decimals and thousands separators."""
    return f"{amount:,.2f}"


def net(items: Iterable[Item]) -> Decimal:
    """Add up the lines."""
    return sum((each.amount for each in items), Decimal(0))


def grid(colour: str) -> list[tuple[object, ...]]:
    """Return the look of a table of goods: a coloured head, hairlines, amounts to the right."""
    return [
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8.5),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(colour)),
        ("TEXTCOLOR", (0, 0), (-1, 0), HexColor("#ffffff")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, HexColor("#bbbbbb")),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 3.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
    ]
