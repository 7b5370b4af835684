"""PDF forms that were filled in, made where they are needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

# A label and where it begins; a field's value, and where it begins. Heights are from below.
Label = tuple[str, float, float]
Value = tuple[str, float, float]

HEIGHT, WIDTH = 14.0, 120.0


def form_pdf(
    labels: Sequence[Label],
    values: Sequence[Value],
    *,
    picture: Image.Image | None = None,
    size: float = 10,
    **field: Any,  # noqa: ANN401 - whatever reportlab knows of a field
) -> bytes:
    """Draw an A4 page with labels in 10 points, or `size`, and a text field for each value."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595.0, 842.0), invariant=True)
    if picture is not None:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.setFont("Helvetica", size)
    for text, left, bottom in labels:
        canvas.drawString(left, bottom + 3, text)
    for number, (value, left, bottom) in enumerate(values):
        measures = {"x": left, "y": bottom, "width": WIDTH, "height": HEIGHT, "borderWidth": 0}
        canvas.acroForm.textfield(
            value=value, name=f"field{number}", relative=True, **measures, **field
        )
    canvas.showPage()
    canvas.save()
    return file.getvalue()
