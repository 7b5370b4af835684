"""Small PDFs, sound and broken, made where they are needed."""

import io

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas


def pdf(*pages: str) -> bytes:
    """Return a PDF with a page for each text."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for text in pages:
        for line, words in enumerate(text.splitlines()):
            canvas.drawString(72, 760 - 14 * line, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def without_pages() -> bytes:
    """Return a PDF that is sound and has no page."""
    file = io.BytesIO()
    PdfWriter().write(file)
    return file.getvalue()


def encrypted() -> bytes:
    """Return a PDF that wants a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("hidden"))))
    writer.encrypt("a password", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def corrupt() -> bytes:
    """Return a PDF of which only the first line is left."""
    return b"%PDF-1.7\n" + b"\x00garbage " * 40
