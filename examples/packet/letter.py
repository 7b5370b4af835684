"""A business letter with salutation and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.packet.sheet import Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = "#6b2d3c"
TEXT = Type("Times-Roman", 11.5, 16.5)
# Millimetres to the right of the margin and below the close.
SIGNATURE = ((2, 15), (6, 3), (9, 17), (13, 7), (16, 15), (19, 10), (24, 15), (28, 9), (47, 13))
PARAGRAPHS = (
    (
        "Thank you for showing my colleague and me around the rope works last Thursday. We were "
        "struck by how much of the original roof is still sound, and by the care with which your "
        "team has recorded it."
    ),
    (
        "As you asked, I have looked through our collections for anything about the building. We "
        "hold two photographs of the long walk, taken from the harbour in about 1911, and the "
        "memoir of a foreman who worked there until it closed. You would be very welcome to see "
        "them; the reading room is open from Tuesday to Friday."
    ),
    (
        "The trustees have also asked me to say that they would be glad to lend both photographs "
        "to the exhibition you are planning for September, provided that they can be shown out "
        "of direct sunlight. I should be grateful if you could let me know by the end of April "
        "whether this would suit you, so that our conservator can prepare them."
    ),
    (
        "Please do not hesitate to write or telephone if there is anything else we can help "
        "with. I look forward to hearing from you, and to seeing the walk full of people again."
    ),
)


def draw(canvas: Canvas) -> None:
    """Draw the one page."""
    sheet = Sheet(canvas)
    letterhead(sheet)
    addressee = (
        "Ms Eleanor Harrow",
        "Harrow & Finch Architects",
        "22 Quayside",
        "Port Ellery PE1 9GH",
    )
    sheet.lines(25, 62, addressee, TEXT)
    sheet.text(25, 92, "23 March 2026", TEXT)
    sheet.text(25, 106, "Dear Ms Harrow,", TEXT)
    sheet.text(25, 116, "The rope works: photographs for your exhibition", Type("Times-Bold", 11))
    y = 121.0
    for text in PARAGRAPHS:
        y = sheet.paragraph(25, y, 160, text, TEXT) + 4
    close(sheet, y + 5)
    sheet.finish()


def letterhead(sheet: Sheet) -> None:
    """Write the sender."""
    sheet.text(105, 25, "PORT ELLERY MARITIME MUSEUM", Type("Times-Bold", 16, colour=INK), "centre")
    sheet.rule(60, 29, 90, INK)
    line = "The Custom House · 1 Harbour Steps · Port Ellery PE1 2AB"
    sheet.text(105, 35, line, Type("Times-Italic", 10, colour=INK), "centre")
    contact = "archive@ellerymuseum.example.com · 01632 960 201"
    sheet.text(105, 40, contact, Type("Times-Italic", 10, colour=INK), "centre")


def close(sheet: Sheet, y: float) -> None:
    """Write the close and sign."""
    sheet.text(25, y, "Yours sincerely,", TEXT)
    sheet.curve([(25 + right, y + down) for right, down in SIGNATURE], "#23408e")
    sheet.lines(25, y + 22, ("Dr Rosalind Achterberg", "Curator of Collections"), TEXT)
    sheet.text(25, y + 36, "Enclosed: two copy prints", Type("Times-Italic", 10))
