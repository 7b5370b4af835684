"""What a recogniser's native libraries print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kinds import encoded, scan

from docsort_server.documents.document import Document
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr.handler import HANDLERS
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.scans import ScanReader
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# A library that reads the same off every page, and remarks on it as native code does.
NOISY = """
import os, types

PSM = types.SimpleNamespace(AUTO=3, AUTO_OSD=1)
Orientation = types.SimpleNamespace(PAGE_RIGHT=1, PAGE_LEFT=3)

class PyTessBaseAPI:
    def __init__(self, **options):
        os.write(2, b"loading\\n")
    def SetImage(self, image):
        os.write(2, b"Detected 23 diacritics\\n")
    def GetUTF8Text(self):
        print("a word of Python", file=__import__("sys").stderr)
        return "what is written on the page in letters"
    def MeanTextConf(self):
        return 95
"""


async def test_remarks_of_native_code_are_not_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Tesseract's on specks of a page are not; those while it loads, and Python's own, are."""
    (tmp_path / "tesserocr.py").write_text(NOISY)
    (tmp_path / "eng.traineddata").write_bytes(b"")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    scans = ScanReader(
        lambda: WorkerPool(HANDLERS["tesseract"], size=1, limits=Limits(), name="recogniser"),
        DocumentLimits(),
    )
    with Document(encoded(scan("x", size=(300, 300)), "PNG")) as document:
        page = PageContent(1, "", 595.0, 842.0, 0, 1, 0, 1.0)
        found = await scans.recognise(document, page, Part.WHOLE)
    await scans.close()
    assert found.text == "what is written on the page in letters"
    assert "loading" in caplog.text
    assert "a word of Python" in caplog.text
    assert "diacritics" not in caplog.text
