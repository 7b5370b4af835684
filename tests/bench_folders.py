"""Folders of documents with their truth, as benchmarks take them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
INVOICE = """Invoice no. 00417
Invoice date: 3 March 2024
Bill to: Harrow and Finch
Description Quantity Unit price Amount
Desk lamp 2 40.00 80.00
Subtotal 80.00
VAT 16.00
Total due: 96.00 EUR
Please pay within 30 days.""".splitlines()
LETTER = """Dear Ms Harrow,
thank you for your letter of last week.
We look forward to your visit.
Yours sincerely,
J. Finch""".splitlines()
CATEGORIES = {
    "categories": [
        {"id": "bill", "name": "Invoice", "description": "Bill for goods", "criteria": []},
        {"id": "mail", "name": "Letter", "description": "Letter to a person"},
    ]
}


def pdf(path: Path, *pages: Sequence[str]) -> None:
    """Draw a document with these lines on its pages."""
    canvas = Canvas(str(path), invariant=1)
    for lines in pages:
        text = canvas.beginText(56, 760)
        for line in lines:
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()


def index(folder: Path, *rows: dict[str, object]) -> None:
    """Write the folder's index."""
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
