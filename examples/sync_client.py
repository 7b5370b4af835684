"""Classify a document with plain blocking code. Needs a server: make serve."""

import docsort

CATEGORIES = [
    docsort.Category("Invoice", criteria=["States an invoice number", "Gives a total due"]),
    docsort.Category("Contract", criteria=["Names the parties", "Has signature lines"]),
    docsort.Category("Letter"),
]

with docsort.Client("127.0.0.1:50051") as client:
    result = client.classify("build/sample-packet.pdf", CATEGORIES, pages="1-6")

print(f"{result.classification}, {result.outcome}, confidence {result.confidence:.2f}")
for segment in result.segments:
    print(f"pages {segment.first_page} to {segment.last_page}: {segment.classification}")
