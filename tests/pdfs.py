"""Small PDFs for tests, drawn or written by hand."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import pypdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

A4 = (595.0, 842.0)


def text_pdf(pages: Sequence[str], *, size: tuple[float, float] = A4) -> bytes:
    """Draw one page per text; its first line in 20 points, the others in 10."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, invariant=True)
    for text in pages:
        for row, line in enumerate(text.split("\n")):
            canvas.setFont("Helvetica", 10 if row else 20)
            canvas.drawString(50, size[1] - 60 - 14 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def drawn_pdf() -> bytes:
    """Draw a page of 400 x 200 points: an image on its left half, in a form, and two lines."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 200), invariant=True)
    canvas.beginForm("stamp")
    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "red")), 0, 0, 100, 100)
    canvas.endForm()
    canvas.saveState()
    canvas.scale(2, 2)
    canvas.doForm("stamp")
    canvas.restoreState()
    canvas.line(0, 0, 50, 50)
    canvas.line(0, 9, 50, 59)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def rotated(content: bytes, degrees: int) -> bytes:
    """Turn every page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        page.rotate(degrees)
    return _written(writer)


def encrypted(content: bytes, *, user: str, owner: str) -> bytes:
    """Protect a PDF with AES; an empty user password leaves it readable by anyone."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user, owner, algorithm="AES-256")
    return _written(writer)


def handmade(
    kids: Sequence[str] = ("3 0 R",),
    count: int = 1,
    stream: bytes = b"BT /F 12 Tf 50 50 Td (hello) Tj ET",
    stream_keys: str = "",
    page_keys: str = "/MediaBox [0 0 200 100]",
) -> bytes:
    """Write a PDF of one page object, 3 0, with a right table of references, whatever the rest."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(kids)}] >>".encode(),
        f"<< /Type /Page /Parent 2 0 R {page_keys} /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>".encode(),
        f"<< /Length {len(stream)} {stream_keys} >>\nstream\n".encode() + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(bodies) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        len(content),
    )
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def bomb(size: int) -> bytes:
    """Write a page whose content inflates to `size` bytes."""
    packer = zlib.compressobj(1)
    block = b" " * (1 << 20)
    stream = b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()
    return handmade(stream=stream, stream_keys="/Filter /FlateDecode")


def _written(writer: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
