"""Classify a document with plain blocking code.

Needs a server, `make serve`, and the sample packet, which `make run` draws.
"""

import os
import sys

import docsort

SERVER = os.environ.get("DOCSORT_SERVER") or "127.0.0.1:50051"
CATEGORIES = [
    docsort.Category("Invoice", criteria=["States an invoice number", "Gives a total due"]),
    docsort.Category("Contract", criteria=["Names the parties", "Has signature lines"]),
    docsort.Category("Letter"),
]

try:
    with docsort.Client(SERVER) as client:
        result = client.classify("build/sample-packet.pdf", CATEGORIES, pages="1-6")
except docsort.APIConnectionError as error:
    sys.exit(f"{error}\nStart a server with make serve, or name one in DOCSORT_SERVER.")

print(f"{result.classification}, {result.outcome}, confidence {result.confidence:.2f}")
for segment in result.segments:
    print(f"pages {segment.first_page} to {segment.last_page}: {segment.classification}")
