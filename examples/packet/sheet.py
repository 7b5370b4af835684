"""A page to draw on, measured in millimetres from its top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Table, TableStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfgen.canvas import Canvas

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Type:
    """How text looks; `size` and `leading` in points, `colour` as #rrggbb."""

    font: str = "Helvetica"
    size: float = 9.5
    leading: float = 0.0
    colour: str = "#1c1c1c"
    justified: bool = False

    @property
    def step(self) -> float:
        """Distance between two lines in millimetres."""
        return float((self.leading or self.size * 1.35) / mm)

    def style(self) -> ParagraphStyle:
        """Return the same as reportlab's own style."""
        return ParagraphStyle(
            name="text",
            fontName=self.font,
            fontSize=self.size,
            leading=self.leading or self.size * 1.35,
            textColor=HexColor(self.colour),
            alignment=TA_JUSTIFY if self.justified else TA_LEFT,
        )


BODY = Type()
BOLD = Type(font="Helvetica-Bold")
SMALL = Type(size=7.5, colour="#555555")


class Sheet:
    """One page; `width` and `height` in points, A4 unless told otherwise."""

    def __init__(self, canvas: Canvas, width: float = A4[0], height: float = A4[1]) -> None:
        self._canvas = canvas
        self._height = height
        self.width = width / mm
        canvas.setPageSize((width, height))

    def text(self, x: float, y: float, text: str, look: Type = BODY, align: Align = "left") -> None:
        """Write one line with its baseline at `y`."""
        self._canvas.setFont(look.font, look.size)
        self._canvas.setFillColor(HexColor(look.colour))
        at = (x * mm, self._height - y * mm, text)
        if align == "right":
            self._canvas.drawRightString(*at)
        elif align == "centre":
            self._canvas.drawCentredString(*at)
        else:
            self._canvas.drawString(*at)

    def lines(self, x: float, y: float, lines: Sequence[str], look: Type = BODY) -> float:
        """Write lines below one another; return where the next one would go."""
        for line in lines:
            self.text(x, y, line, look)
            y += look.step
        return y

    def paragraph(self, x: float, y: float, width: float, text: str, look: Type = BODY) -> float:
        """Set wrapped text with its top at `y`; return its bottom."""
        block = Paragraph(text, look.style())
        _, height = block.wrap(width * mm, self._height)
        block.drawOn(self._canvas, x * mm, self._height - y * mm - height)
        return float(y + height / mm)

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *looks: tuple[object, ...],
    ) -> float:
        """Draw a table with its top at `y`; `looks` are reportlab's style commands."""
        block = Table([list(row) for row in rows], colWidths=[width * mm for width in widths])
        block.setStyle(TableStyle(list(looks)))
        _, height = block.wrap(0, 0)
        block.drawOn(self._canvas, x * mm, self._height - y * mm - height)
        return float(y + height / mm)

    def rule(self, x: float, y: float, width: float, colour: str = "#1c1c1c") -> None:
        """Draw a thin horizontal line."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(0.6)
        self._canvas.line(x * mm, self._height - y * mm, (x + width) * mm, self._height - y * mm)

    def block(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle whose top left corner is at (x, y)."""
        self._canvas.setFillColor(HexColor(colour))
        bottom = self._height - (y + height) * mm
        self._canvas.rect(x * mm, bottom, width * mm, height * mm, stroke=0, fill=1)

    def curve(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Draw a smooth line near the points: a signature, a curve or an axis of a chart."""
        at = [(x * mm, self._height - y * mm) for x, y in points]
        path = self._canvas.beginPath()
        path.moveTo(*at[0])
        for (x, y), (next_x, next_y) in pairwise(at[1:]):
            middle = ((x + next_x) / 2, (y + next_y) / 2)
            path.curveTo(x, y, x, y, *middle)
        path.lineTo(*at[-1])
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(1.1)
        self._canvas.drawPath(path)

    def finish(self) -> None:
        """Close the page."""
        self._canvas.showPage()
