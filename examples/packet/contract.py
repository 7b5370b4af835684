"""A services agreement of two pages with clauses and signature lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.packet.sheet import Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TEXT = Type("Times-Roman", 11, 15.5, justified=True)
HEADING = Type("Times-Bold", 11)
NOTE = Type("Times-Italic", 8.5, colour="#555555")
LEFT, WIDTH = 26, 158
# Signatures: millimetres to the right of, and above, the start of the line.
HARROW = ((3, 3), (8, 14), (10, -2), (14, 9), (15, 1), (20, 6), (21, 1), (27, 5), (46, 2))
WREN = ((4, 9), (7, -3), (11, 10), (14, -2), (19, 11), (22, 2), (27, 5), (29, 1), (38, 4))
RECITALS = (
    (
        "This Agreement is made on 2 February 2026 between <b>Harrow &amp; Finch Architects "
        'LLP</b>, of 22 Quayside, Port Ellery (the "Client"), and <b>Brightwater Survey Ltd</b>, '
        'of 5 Canal Row, Dunmarsh (the "Contractor"), together the "Parties".'
    ),
    (
        "WHEREAS the Client requires a measured survey of the former rope works at Port Ellery, "
        "and the Contractor has the skills and equipment to carry it out; NOW, THEREFORE, in "
        "consideration of the mutual covenants set out below, the Parties agree as follows."
    ),
)
FIRST = (
    (
        "1. Services",
        (
            "1.1 The Contractor shall provide the measured building survey described in Schedule "
            'A (the "Services") with reasonable skill and care. 1.2 The Contractor shall deliver '
            "the drawings named in Schedule A no later than 30 April 2026. 1.3 Any change to the "
            "Services shall be agreed in writing and signed by both Parties."
        ),
    ),
    (
        "2. Fees and payment",
        (
            "2.1 The Client shall pay the Contractor a fixed fee of GBP 8,400, excluding VAT, in "
            "two equal instalments: on signature of this Agreement and on acceptance of the "
            "drawings. 2.2 Reasonable travel expenses approved beforehand shall be reimbursed at "
            "cost."
        ),
    ),
    (
        "3. Term and termination",
        (
            "3.1 This Agreement takes effect on the date first written above and continues until "
            "the Services are complete. 3.2 Either Party may terminate this Agreement on thirty "
            "days' written notice. 3.3 Either Party may terminate with immediate effect if the "
            "other commits a material breach and fails to remedy it within fourteen days of "
            "notice."
        ),
    ),
    (
        "4. Intellectual property",
        (
            "4.1 Upon payment in full, all rights in the drawings and models produced under this "
            "Agreement shall vest in the Client. 4.2 The Contractor retains ownership of its "
            "methods, tools and templates, and grants the Client a perpetual licence to use them "
            "so far as needed to use the drawings."
        ),
    ),
    (
        "5. Confidentiality",
        (
            "Each Party shall keep confidential all information received from the other which is "
            "marked confidential or is by its nature confidential, and shall use it for the "
            "purposes of this Agreement only. This clause survives termination for three years."
        ),
    ),
)
SECOND = (
    (
        "6. Warranties and indemnity",
        (
            "6.1 The Contractor warrants that it holds the licences required to operate survey "
            "aircraft and scanners. 6.2 The Contractor shall indemnify the Client against claims "
            "by third parties arising from the Contractor's negligence in performing the "
            "Services."
        ),
    ),
    (
        "7. Limitation of liability",
        (
            "Save for death or personal injury caused by negligence, the total liability of "
            "either Party under this Agreement shall not exceed twice the fee stated in clause "
            "2. Neither Party shall be liable for loss of profit or for indirect loss."
        ),
    ),
    (
        "8. Force majeure",
        (
            "Neither Party is in breach for a delay caused by events beyond its reasonable "
            "control, provided that it notifies the other without delay and resumes performance "
            "as soon as reasonably possible."
        ),
    ),
    (
        "9. Governing law and disputes",
        (
            "This Agreement is governed by the laws of England and Wales. The Parties shall "
            "first attempt to settle any dispute by mediation; failing that, the courts of Port "
            "Ellery have exclusive jurisdiction."
        ),
    ),
    (
        "10. General",
        (
            "10.1 This Agreement, with its Schedule, is the entire agreement between the Parties "
            "and supersedes all prior understandings. 10.2 If a provision is held to be invalid, "
            "the remaining provisions continue in force. 10.3 Neither Party may assign this "
            "Agreement without the written consent of the other."
        ),
    ),
)


def draw(canvas: Canvas) -> None:
    """Draw both pages."""
    first = Sheet(canvas)
    first.text(105, 30, "SERVICES AGREEMENT", Type("Times-Bold", 18), "centre")
    y = 42.0
    for recital in RECITALS:
        y = first.paragraph(LEFT, y, WIDTH, recital, TEXT) + 4
    clauses(first, y + 3, FIRST)
    footer(first, 1)
    second = Sheet(canvas)
    signatures(second, clauses(second, 30, SECOND) + 4)
    footer(second, 2)


def clauses(sheet: Sheet, y: float, texts: tuple[tuple[str, str], ...]) -> float:
    """Set headed clauses; return the bottom of the last."""
    for heading, text in texts:
        sheet.text(LEFT, y + 3, heading, HEADING)
        y = sheet.paragraph(LEFT, y + 5.5, WIDTH, text, TEXT) + 5.5
    return y


def signatures(sheet: Sheet, y: float) -> None:
    """Draw where both sides sign."""
    witness = "IN WITNESS WHEREOF the Parties have executed this Agreement on the date first above."
    y = sheet.paragraph(LEFT, y, WIDTH, witness, TEXT) + 24
    sides = (
        (LEFT, "Harrow & Finch Architects LLP", "Eleanor Harrow", "Partner", HARROW),
        (LEFT + 86, "Brightwater Survey Ltd", "Jonas Wren", "Managing Director", WREN),
    )
    for x, company, name, title, stroke in sides:
        sheet.text(x, y - 16, f"For and on behalf of {company}", Type("Times-Bold", 9.5))
        sheet.curve([(x + right, y - up) for right, up in stroke], "#23408e")
        sheet.rule(x, y, 70)
        facts = ("Signature", f"Name: {name}", f"Title: {title}", "Date: 2 February 2026")
        sheet.lines(x, y + 4.5, facts, Type("Times-Roman", 9.5))


def footer(sheet: Sheet, page: int) -> None:
    """Close the page with its number."""
    sheet.text(105, 284, f"Services Agreement · Page {page} of 2", NOTE, "centre")
    sheet.finish()
