"""Figures with what they are held against, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its measure: a limit, or a peer from the same run.

    `bound` is the largest ratio that is still good; None only informs.
    """

    name: str
    value: float
    unit: str
    against: str
    measure: float
    bound: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """The value in units of what it is held against."""
        return self.value / self.measure if self.measure else float("inf")

    @property
    def verdict(self) -> str:
        """`ok`, `MISSED`, or nothing where there is no bound."""
        if self.bound is None:
            return ""
        return "ok" if self.ratio <= self.bound else "MISSED"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned text, one a line."""
    rows = [("figure", "value", "against", "ratio", "bound", "", "")]
    rows += [
        (
            each.name,
            f"{each.value:.4g} {each.unit}",
            f"{each.against} {each.measure:.4g}",
            f"{each.ratio:.3f}",
            "" if each.bound is None else f"{each.bound:.2f}",
            each.verdict,
            each.note,
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def save(figures: Sequence[Figure], path: Path, seconds: float) -> None:
    """Write the figures with the facts of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "seconds": round(seconds, 1),
        "figures": [
            {**asdict(each), "ratio": each.ratio, "verdict": each.verdict} for each in figures
        ],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def spread(values: Sequence[float], unit: str = "") -> str:
    """Return smallest, median and largest, and how many there are."""
    low, middle, high = min(values), median(values), max(values)
    return f"{low:.4g} / {middle:.4g} / {high:.4g}{unit and ' ' + unit}, n={len(values)}"
