"""A scientific article of two pages in two columns, with a figure and references."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from examples.packet.sheet import Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

TEXT = Type("Times-Roman", 11, 14.5, justified=True)
HEADING = Type("Times-Bold", 12)
CAPTION = Type("Times-Italic", 9.5, 12)
REFERENCE = Type("Times-Roman", 9.5, 12.5)
COLUMNS, WIDTH = (20, 109), 81
ABSTRACT = (
    "<b>Abstract.</b> Timber roofs of nineteenth-century industrial buildings are often replaced "
    "because their remaining strength is unknown. We measured the moisture content and the "
    "stiffness of 214 roof members in six coastal rope works over 26 months. Stiffness fell with "
    "exposure to salt-laden air, but the loss levelled off at 11.8 % (95 % confidence interval "
    "9.9-13.6 %) and was unrelated to age. A model with two parameters predicts the stiffness of "
    "unseen members within 6.4 % (root mean square error). The results suggest that many roofs "
    "now condemned by visual grading could be kept."
)
INTRODUCTION = (
    (
        "Old-growth softwood was the common structural material of rope works built between 1820 "
        "and 1890. Visual grading assigns such members to low strength classes [1, 2], although "
        "tests on salvaged timber report values comparable to new wood [3]. Whether this holds "
        "near the sea, where chlorides alter the moisture regime, has received little attention."
    ),
    (
        "Previous studies examined single buildings [4] or specimens conditioned in the "
        "laboratory [5]. Here we report, to our knowledge, the first longitudinal measurements "
        "in occupied buildings, and ask whether the loss of stiffness continues or approaches a "
        "limit."
    ),
)
METHODS = (
    (
        "Six buildings at distances of 12 m to 3.1 km from the shoreline were selected. In each, "
        "30 to 42 members were chosen by stratified random sampling. The dynamic modulus of "
        "elasticity was determined from the first longitudinal resonance frequency; moisture "
        "content was logged hourly by resistance probes."
    ),
    (
        "We fitted the relative stiffness <i>s</i> as a function of cumulative exposure "
        "<i>x</i>, <i>s</i>(<i>x</i>) = 1 - <i>a</i>(1 - exp(-<i>x</i>/<i>b</i>)), by nonlinear "
        "least squares with random effects for buildings. Uncertainty was estimated with 2,000 "
        "bootstrap samples. The analysis was preregistered, and the data set is available from "
        "the authors."
    ),
)
RESULTS = (
    (
        "Figure 1 shows the fitted curve. The loss of stiffness approached <i>a</i> = 0.118 with "
        "a characteristic exposure of <i>b</i> = 7.2 kg/m². Adding the age of the building did "
        "not improve the fit (likelihood ratio test, p = 0.41). Residuals showed no trend with "
        "the distance from the shore (p = 0.27)."
    ),
    (
        "Leave-one-building-out validation gave a root mean square error of 6.4 %, compared with "
        "17.9 % for visual grading."
    ),
)
DISCUSSION = (
    (
        "The plateau is consistent with chloride saturation of the outer 8 to 10 mm of the cross "
        "section, as found in accelerated tests [5, 6]. Our study has limitations: all buildings "
        "lie on one coast, and resonance measurements do not detect local decay. Nevertheless, "
        "the findings imply that exposure, rather than age, should inform decisions about reuse."
    ),
    (
        "<b>Conclusion.</b> Stiffness lost to salt-laden air is bounded and predictable. "
        "Measuring it takes minutes per member and may save roofs from unnecessary replacement."
    ),
)
REFERENCES = (
    (
        "[1] Abernathy, P. and Lindqvist, S. (2011). Visual grading of aged softwood. Journal of "
        "Invented Timber Science 14(2), 101-119."
    ),
    (
        "[2] Castellane, R. et al. (2014). Strength classes for reuse. Proceedings of the "
        "Fictional Conference on Old Structures, 55-63."
    ),
    (
        "[3] Dubrovnik-Hale, M. (2016). Tests on salvaged beams. Annals of Imaginary Engineering "
        "9, 210-228. doi:10.0000/example.9.210"
    ),
    "[4] Eze, C. and Farrow, T. (2018). Monitoring a mill roof. Fabric Letters 3(1), 7-15.",
    (
        "[5] Gunnarsdottir, H. (2020). Chlorides in pine: a laboratory study. Journal of "
        "Invented Timber Science 23(4), 377-392."
    ),
    (
        "[6] Ishikawa-Brown, K. et al. (2023). Accelerated salt exposure. Materials That Never "
        "Were 41, 1001-1013."
    ),
)


def draw(canvas: Canvas) -> None:
    """Draw both pages."""
    first = Sheet(canvas)
    title(first)
    y = first.paragraph(34, 58, 142, ABSTRACT, TEXT) + 4
    keywords = "<b>Keywords:</b> timber, salt exposure, reuse, non-destructive testing"
    y = first.paragraph(34, y, 142, keywords, TEXT) + 9
    section(first, COLUMNS[0], y, "1  Introduction", INTRODUCTION)
    section(first, COLUMNS[1], y, "2  Methods", METHODS)
    footer(first, 1)
    second = Sheet(canvas)
    y = section(second, COLUMNS[0], 26, "3  Results", RESULTS)
    figure(second, COLUMNS[0], y + 4)
    y = section(second, COLUMNS[1], 26, "4  Discussion", DISCUSSION)
    section(second, COLUMNS[1], y + 4, "References", REFERENCES, REFERENCE)
    footer(second, 2)


def title(sheet: Sheet) -> None:
    """Write the title, the authors and their affiliations."""
    head = "Journal of Invented Timber Science 29 (2026) 14-15"
    sheet.text(105, 16, head, Type("Times-Italic", 8.5), "centre")
    big = Type("Times-Bold", 16)
    sheet.text(105, 28, "Bounded loss of stiffness in coastal", big, "centre")
    sheet.text(105, 35, "nineteenth-century timber roofs", big, "centre")
    authors = "Amara Thistlewood¹, Bram van Oosterzee², Lucía Penhallow¹"
    sheet.text(105, 44, authors, Type("Times-Roman", 11), "centre")
    places = (
        "¹ Department of Civil Engineering, University of Ashcombe   ² Delta Institute, Zandhoek"
    )
    sheet.text(105, 50, places, Type("Times-Italic", 9), "centre")


def section(
    sheet: Sheet, x: float, y: float, heading: str, texts: tuple[str, ...], look: Type = TEXT
) -> float:
    """Set one section in a column; return its bottom."""
    sheet.text(x, y + 3, heading, HEADING)
    y += 6
    for text in texts:
        y = sheet.paragraph(x, y, WIDTH, text, look) + 2
    return y


def figure(sheet: Sheet, x: float, y: float) -> None:
    """Draw measured points and the fitted curve."""
    sheet.rule(x + 8, y + 48, 68)
    sheet.curve([(x + 8, y + 2), (x + 8, y + 48)], "#1c1c1c")
    curve = [(step, 1 - 0.118 * (1 - exp(-step / 2 / 7.2))) for step in range(61)]
    place = [(x + 8 + 1.1 * step, y + 6 + (1 - value) * 300) for step, value in curve]
    sheet.curve(place, "#a03030")
    for index, (left, top) in enumerate(place[::4]):
        wobble = ((index * 7) % 5 - 2) * 1.3
        sheet.block(left - 0.6, top + wobble, 1.2, 1.2, "#27496d")
    sheet.text(x + 42, y + 53, "cumulative exposure (kg/m²)", CAPTION, "centre")
    caption = (
        "<b>Figure 1.</b> Relative stiffness against cumulative exposure: means of 15 groups of "
        "members (squares) and the fitted model (line)."
    )
    sheet.paragraph(x, y + 56, WIDTH, caption, CAPTION)


def footer(sheet: Sheet, page: int) -> None:
    """Close the page with its number."""
    sheet.text(105, 286, str(13 + page), Type("Times-Roman", 9), "centre")
    sheet.finish()
