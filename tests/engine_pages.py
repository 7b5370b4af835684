"""Pages of made-up documents for the engine's tests."""

from __future__ import annotations

from docsort_server.documents.model import PageContent

INVOICE = """Northwind Tools Ltd
12 Harbour Road, Bristol
INVOICE
Invoice number: 2024-0173
Invoice date: 3 May 2024
Due date: 2 June 2024
Bill to:
Marlow Bakery
Description Qty Unit price Amount
Oven thermometer 2 18.50 37.00
Steel tray 10 7.20 72.00
Subtotal 109.00
VAT 20 % 21.80
Total due 130.80
Payment terms: 30 days net"""

LEASE = """RESIDENTIAL LEASE AGREEMENT
This agreement is made on 1 March 2023 between the landlord, Ada Finch, and the tenant, Ben Holt.
The tenant shall pay a monthly rent of 900.00 and a security deposit of one month's rent.
The premises shall be used as a private dwelling only. This lease shall be governed by the law
of the state. Either party may end the lease by written notice of three months.
Signature of landlord            Signature of tenant"""

STATEMENT = """Harbour Bank
Account statement
Statement period 1 June to 30 June
Account number 0042 1188
Opening balance 1,204.18
03 Jun Card payment grocery 41.20 1,162.98
07 Jun Direct deposit salary 2,100.00 3,262.98
19 Jun Withdrawal ATM 80.00 3,182.98
Closing balance 3,182.98"""

GERMAN_INVOICE = """Werkzeug Nord GmbH
Rechnung
Rechnungsnummer: 4711
Rechnungsdatum: 03.05.2024
Kundennummer: 88
Bezeichnung Menge Einzelpreis Gesamtpreis
Schraubendreher 3 4,50 13,50
Zwischensumme 13,50
zzgl. MwSt 19 % 2,57
Gesamtbetrag 16,07
zahlbar innerhalb von 14 Tagen ohne Abzug"""

TALE = """Once upon a time there was an old miller who had three sons. When he died, he left
them his mill, his donkey and his cat. The eldest took the mill, and the second took the donkey.
The youngest sat by the road and thought of his father. He said to the cat that they would both
starve. Never, said the cat, and she smiled at him. Give me a pair of boots, and you shall see.
He looked at her, and he went to the town. Suddenly the king came by in his golden carriage."""

SLIDE = """Our roadmap
Faster search
Fewer clicks
Questions?"""

LETTER = """Ada Finch
12 Harbour Road, Bristol
3 May 2024
Dear Mr Holt,
thank you for your kind letter of last week. I was glad to hear that the garden is doing well,
and I look forward to seeing you in the summer.
Yours sincerely,
Ada Finch"""

ADDRESS = """Ada Finch
12 Harbour Road
Bristol BS1 5TY"""


def page(text: str, **facts: float) -> PageContent:
    """Make an A4 page of `text`; `facts` replace its measures."""
    measures = {"width": 595.0, "height": 842.0, "image_share": 0.0, **facts}
    return PageContent(
        number=1,
        text=text,
        width=measures["width"],
        height=measures["height"],
        words=len(text.split()),
        images=int(measures.get("images", 0)),
        paths=int(measures.get("paths", 0)),
        image_share=measures["image_share"],
        max_font_size=measures.get("max_font_size", 0.0),
        fields=int(measures.get("fields", 0)),
    )
