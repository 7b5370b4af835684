"""The names by which worker processes find what reads pages: a server loads nothing of that."""

from __future__ import annotations

from docsort_server.documents.ocr import choice

READER = "docsort_server.engine.packet.handler:reader"
# By the names of the setting `ocr`.
RECOGNISERS = {
    name: f"docsort_server.engine.packet.recognisers:{name}"
    for name in (choice.RAPIDOCR, choice.TESSERACT)
}
