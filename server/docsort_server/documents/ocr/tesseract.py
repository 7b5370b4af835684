"""Reading pictures with Tesseract, where its language data are installed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import tesserocr

from docsort_server.documents.ocr.model import Recognised

if TYPE_CHECKING:
    from docsort_server.documents.parsed import Picture

# Where distributions put the data, newest first; TESSDATA_PREFIX goes before them.
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_SCRIPTS = "osd"  # tells scripts and orientation, and reads nothing
# Each language that is loaded costs time on every page.
_PREFERRED = ("eng", "deu", "fra", "spa", "ita", "por", "nld")
_MOST_LANGUAGES = 3
# It was made for scans at 300 dots an inch, and reads small letters badly.
_LEAST_PIXELS = 1_500
_HEAD_DOWN = 180
# How to turn a page whose top is at its right, or at its left.
_TURNS = {tesserocr.Orientation.PAGE_RIGHT: 270, tesserocr.Orientation.PAGE_LEFT: 90}


def data_folder() -> Path | None:
    """Return the folder of the language data; None where there is none with a language."""
    places = [os.environ.get("TESSDATA_PREFIX", ""), *_PLACES]
    return next((Path(place) for place in places if place and languages(Path(place))), None)


def languages(folder: Path) -> list[str]:
    """Return the languages that pages are read in, from those that are there."""
    there = {path.stem for path in folder.glob("*.traineddata")} - {_SCRIPTS}
    known = [language for language in _PREFERRED if language in there]
    return (known or sorted(there))[:_MOST_LANGUAGES]


class TesseractRecogniser:
    """A `Recogniser`; making it loads the languages. Raises OSError where there are no data."""

    def __init__(self) -> None:
        folder = data_folder()
        if folder is None:
            raise OSError("there are no Tesseract language data")
        self._api = tesserocr.PyTessBaseAPI(
            path=str(folder), lang="+".join(languages(folder)), psm=tesserocr.PSM.AUTO
        )
        self._turns = (folder / f"{_SCRIPTS}.traineddata").exists()

    def read(self, picture: Picture) -> Recognised:
        """Return the text in the order of its blocks."""
        self._api.SetImage(_prepared(picture))
        text = self._api.GetUTF8Text()
        return Recognised(text, max(0, self._api.MeanTextConf()) / 100)

    def angle(self, picture: Picture) -> int:
        """Return by how many degrees to turn the picture.

        Where its blocks tell nothing, lying on its head is what is left to try. Tesseract's own
        answer to that, by the shapes of letters, has ended processes on photographs.
        """
        if not self._turns:
            return _HEAD_DOWN
        self._api.SetPageSegMode(tesserocr.PSM.AUTO_OSD)
        try:
            self._api.SetImage(_prepared(picture))
            blocks = self._api.AnalyseLayout()
            return _TURNS.get(blocks.Orientation()[0], _HEAD_DOWN) if blocks else _HEAD_DOWN
        finally:
            self._api.SetPageSegMode(tesserocr.PSM.AUTO)


def _prepared(picture: Picture) -> Picture:
    grey = picture.convert("L")
    longest = max(grey.size)
    if longest >= _LEAST_PIXELS:
        return grey
    scale = _LEAST_PIXELS / longest
    return grey.resize((max(1, int(grey.width * scale)), max(1, int(grey.height * scale))))
