"""Small documents of every kind, made where they are needed; so are the libraries loaded."""

from __future__ import annotations

import email
import io
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

ODT_CONTENT = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:text><text:p>{}</text:p></office:text></office:body>"
    "</office:document-content>"
)


def scan(*lines: str, size: tuple[int, int] = (1240, 1754), mode: str = "RGB") -> Image.Image:
    """Return a picture of a page with these lines in large letters."""
    image = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(40)
    for number, line in enumerate(lines):
        draw.text((100, 110 + 70 * number), line, fill="black", font=font)
    return image


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def heif(image: Image.Image) -> bytes:
    """Return a picture as phones take it."""
    import pillow_heif  # noqa: PLC0415

    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file)
    return file.getvalue()


def word(*pages: str) -> bytes:
    """Return a DOCX with a page for each text, and a table on the last."""
    import docx  # noqa: PLC0415

    document = docx.Document()
    for number, text in enumerate(pages):
        if number:
            document.add_page_break()  # type: ignore[no-untyped-call]
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left cell", "right cell"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def slides(*texts: str) -> bytes:
    """Return a PPTX with a slide for each text."""
    import pptx  # noqa: PLC0415

    show = pptx.Presentation()
    for text in texts:
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = text
    file = io.BytesIO()
    show.save(file)
    return file.getvalue()


def sheets(**rows: Sequence[Sequence[object]]) -> bytes:
    """Return an XLSX with these rows by the name of their sheet."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def odt(text: str) -> bytes:
    """Return an ODT with a paragraph."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", ODT_CONTENT.format(text))
    return file.getvalue()


def mail(text: str, *attachments: bytes, subject: str = "Papers", html: str = "") -> bytes:
    """Return a mail with attachments of no declared type."""
    message = EmailMessage()
    message["From"], message["To"] = "Ada <ada@example.com>", "desk@example.com"
    message["Date"], message["Subject"] = "Mon, 06 May 2024 10:00:00 +0000", subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for content in attachments:
        message.add_attachment(content, "application", "octet-stream", filename="a.bin")
    return bytes(message)


def forwarded(inner: bytes) -> bytes:
    """Return a mail that has another attached as a mail."""
    message = EmailMessage()
    message["From"], message["To"] = "a@example.com", "b@example.com"
    message["Subject"] = "Fwd"
    message.set_content("see below")
    message.add_attachment(email.message_from_bytes(inner))
    return bytes(message)
