"""Which library reads scans: the one that is wished for, or what is installed."""

from __future__ import annotations

import importlib
import importlib.util

OFF, AUTO = "off", "auto"
RAPIDOCR, TESSERACT = "rapidocr", "tesseract"
NAMES = (AUTO, RAPIDOCR, TESSERACT, OFF)
_NEEDED = {RAPIDOCR: ("rapidocr", "onnxruntime"), TESSERACT: ("tesserocr", "PIL")}


def chosen(wish: str) -> str | None:
    """Return the library for a setting's value, None for none.

    `auto` takes RapidOCR, which reads photographs and more scripts better, before Tesseract, which
    takes a fifth of its time on clean pages in a language that is installed; and none where
    neither is there. Raises `LookupError` for a library that is asked for by name and is missing.
    """
    if wish == OFF:
        return None
    if wish == AUTO:
        return next((name for name in (RAPIDOCR, TESSERACT) if installed(name)), None)
    if not installed(wish):
        raise LookupError(missing(wish))
    return wish


def installed(name: str) -> bool:
    """Tell whether a library is there, with the data that it needs."""
    if any(importlib.util.find_spec(module) is None for module in _NEEDED[name]):
        return False
    if name == RAPIDOCR:
        return True
    module = importlib.import_module("docsort_server.documents.ocr.tesseract")
    return module.data_folder() is not None


def missing(name: str) -> str:
    """Return what to install for a library that is not there."""
    if name == RAPIDOCR:
        return "it needs the extra docsort[ocr]"
    return "it needs the package tesserocr and the language data of Tesseract"
