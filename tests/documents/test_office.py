"""Office files of less usual makes, and what of them is cut or cannot be."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
from kinds import odt, slides, word

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.office import sheets
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import Terms
from docsort_server.faults import Fault, Reason

MAIN = b"application/vnd.openxmlformats-officedocument."
INK = (
    b'<p:contentPart xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    b' r:id="rId99"/></p:spTree>'
)


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return an archive in whose files one text stands for another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return file.getvalue()


def read(content: bytes) -> str:
    """Return the text of all pages in one line."""
    document = open_document(Mapping.of(content), Terms())
    return " ".join(
        word for number in range(document.pages) for word in document.read(number + 1).text.split()
    )


def reason(content: bytes) -> Reason:
    """Return why a document is not read."""
    with pytest.raises(Fault) as caught:
        open_document(Mapping.of(content), Terms())
    return caught.value.reason


@pytest.mark.parametrize(
    "kind",
    [
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        MAIN + b"wordprocessingml.template.main+xml",
    ],
)
def test_texts_with_macros_and_templates_are_read(kind: bytes) -> None:
    """They are texts like any other; their macros are not looked at."""
    plain = MAIN + b"wordprocessingml.document.main+xml"
    assert read(changed(word("hello"), plain, kind)).startswith("hello")


@pytest.mark.parametrize(
    "kind",
    [MAIN + b"presentationml.slideshow.main+xml", MAIN + b"presentationml.template.main+xml"],
)
def test_slide_shows_are_read(kind: bytes) -> None:
    """They are presentations that begin to play when they are opened."""
    plain = MAIN + b"presentationml.presentation.main+xml"
    assert read(changed(slides("hello"), plain, kind)) == "hello"


def test_ink_on_a_slide_harms_no_text() -> None:
    """What python-pptx does not know is passed over."""
    assert read(changed(slides("hello"), b"</p:spTree>", INK)) == "hello"


def test_a_letterhead_is_read() -> None:
    """What stands at the top of the first page only is there, too."""
    document = docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Harrow and Finch"
    document.add_paragraph("Dear reader")
    file = io.BytesIO()
    document.save(file)
    assert read(file.getvalue()) == "Harrow and Finch Dear reader"


@pytest.mark.parametrize(
    ("row", "column", "cut"), [(3, 4, False), (4, 1, True), (1, 5, True)], ids=str
)
def test_cells_that_are_not_looked_at_are_told(
    monkeypatch: pytest.MonkeyPatch, row: int, column: int, cut: bool
) -> None:
    """A sheet with more rows or columns than are read has a cut text."""
    monkeypatch.setattr(sheets, "_ROWS", 3)
    monkeypatch.setattr(sheets, "_COLUMNS", 4)
    book = openpyxl.Workbook()
    book.worksheets[0].cell(row, column, "here")
    file = io.BytesIO()
    book.save(file)
    page = open_document(Mapping.of(file.getvalue()), Terms()).read(1)
    assert page.truncated is cut
    assert ("here" in page.text) is not cut


def test_locked_texts_are_told_as_that() -> None:
    """Their archive is readable, and lists how what is in it was encrypted."""
    file = io.BytesIO(odt("secret"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert reason(file.getvalue()) is Reason.ENCRYPTED_DOCUMENT


def test_a_presentation_without_slides_is_empty() -> None:
    """It has no page that could have a result."""
    assert reason(slides()) is Reason.EMPTY_DOCUMENT


def test_an_archive_of_very_many_files_is_too_large() -> None:
    """The message tells how many there are, and how many may be."""
    file = io.BytesIO(word("x"))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(20_001):
            archive.writestr(f"x/{number}", b"")
    with pytest.raises(Fault, match="at most 20000 are read") as caught:
        open_document(Mapping.of(file.getvalue()), Terms())
    assert caught.value.reason is Reason.DOCUMENT_TOO_LARGE
