"""Reading pictures with RapidOCR: PP-OCR models on ONNX, which come with the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rapidocr import RapidOCR

from docsort_server.documents.ocr.lines import Line, rows
from docsort_server.documents.ocr.model import Recognised
from docsort_server.documents.ocr.turning import turn

if TYPE_CHECKING:
    from docsort_server.documents.ocr.lines import Box
    from docsort_server.documents.parsed import Picture

# Reading a line costs as much as it is wide; letters this much narrower are read as well.
_SQUEEZE = 0.75
# Lines that tell by their letters which way up a page is: the longest say most.
_LINES = 9
# A line at least this much higher than wide runs up or down.
_TALL = 1.5
_PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    # One process reads one page; pages are read side by side by several.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    # Lines of different lengths in one batch would all cost as much as the longest.
    "Rec.rec_batch_num": 1,
}


class RapidRecogniser:
    """A `Recogniser`; making it loads the models, reading the first picture loads the rest."""

    def __init__(self) -> None:
        self._ocr = RapidOCR(params=_PARAMETERS)

    def read(self, picture: Picture) -> Recognised:
        """Return the lines of a picture, those side by side on one."""
        found: Any = self._ocr(_array(picture), use_det=True, use_cls=False, use_rec=True)
        if not getattr(found, "txts", None):
            return Recognised("", 0.0)
        lines = [
            Line(_bounds(box), text, float(score))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        letters = sum(len(line.text) for line in lines)
        confidence = sum(line.score * len(line.text) for line in lines) / max(1, letters)
        return Recognised(rows(lines), confidence, _are_sideways([line.box for line in lines]))

    def angle(self, picture: Picture) -> int:
        """Return by how many degrees to turn the picture, told by its lines' shapes and letters."""
        boxes = self._boxes(picture)
        quarter = 90 if _are_sideways(boxes) else 0
        if quarter:
            picture = turn(picture, quarter)
            boxes = self._boxes(picture)
        longest = sorted(boxes, key=lambda box: box[0] - box[2])[:_LINES]
        return (quarter + 180) % 360 if self._upside_down(picture, longest) else quarter

    def _boxes(self, picture: Picture) -> list[Box]:
        found = self._ocr(_array(picture), use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return [] if boxes is None else [_bounds(box) for box in boxes]

    def _upside_down(self, picture: Picture, boxes: list[Box]) -> bool:
        array, votes = _array(picture), 0.0
        for left, top, right, bottom in boxes:
            line = array[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
            found = self._ocr(line, use_det=False, use_cls=True, use_rec=False)
            for label, score in getattr(found, "cls_res", None) or ():
                votes += float(score) if label == "180" else -float(score)
        return votes > 0


def _array(picture: Picture) -> Any:  # noqa: ANN401 - a numpy array, as OpenCV has its colours
    narrow = picture.convert("RGB").resize((max(1, int(picture.width * _SQUEEZE)), picture.height))
    return np.ascontiguousarray(np.asarray(narrow)[:, :, ::-1])


def _bounds(corners: Any) -> Box:  # noqa: ANN401 - four points of a numpy array
    xs, ys = corners[:, 0], corners[:, 1]
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


def _are_sideways(boxes: list[Box]) -> bool:
    tall = sum(bottom - top > _TALL * (right - left) for left, top, right, bottom in boxes)
    return 2 * tall > len(boxes)
