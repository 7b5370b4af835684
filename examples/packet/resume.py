"""A résumé of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.packet.sheet import SMALL, Sheet, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = "#0f5257"
TEXT = Type(size=9.5, leading=13)
JOBS = (
    (
        "Architectural Technologist, Lowland Studio, Dunmarsh",
        "September 2022 - present",
        "Prepared construction drawings and specifications for eleven school extensions.",
        "Introduced a shared component library that halved the time for door schedules.",
        "Coordinated structural and services models with four consultants.",
    ),
    (
        "Assistant Technologist, Crane & Heath, Port Ellery",
        "July 2019 - August 2022",
        "Surveyed listed warehouses and drew up details for their repair.",
        "Managed the submission of thirty planning applications.",
    ),
    (
        "Intern, City Planning Office, Ashcombe",
        "June 2018 - September 2018",
        "Digitised the register of street names and supported public consultations.",
    ),
)
EDUCATION = (
    ("BSc Architectural Technology, first class", "University of Ashcombe, 2016 - 2019"),
    ("A-levels: Mathematics, Physics, Art", "Dunmarsh Sixth Form College, 2014 - 2016"),
)
SKILLS = (
    "Building information modelling, detailed design, building regulations, site inspection",
    "Software: three-dimensional CAD, energy modelling, Python scripting",
    "Languages: English (native), Dutch (fluent), Portuguese (conversational)",
)


def draw(canvas: Canvas) -> None:
    """Draw the one page."""
    sheet = Sheet(canvas)
    sheet.block(0, 0, 6, 297, INK)
    sheet.text(20, 28, "Nadia Okonkwo-Reyes", Type("Helvetica-Bold", 24, colour=INK))
    sheet.text(20, 36, "Architectural Technologist", Type(size=13, colour="#555555"))
    contact = "9 Weir Cottages, Dunmarsh · nadia.okonkwo@example.com · 01632 960 345"
    sheet.text(20, 43, contact, SMALL)
    profile = (
        "Technologist with six years' experience in the repair and reuse of industrial buildings. "
        "Careful with old fabric, at home in digital models, and used to leading small teams."
    )
    y = sheet.paragraph(20, heading(sheet, 56, "Profile"), 170, profile, TEXT)
    y = experience(sheet, heading(sheet, y + 10, "Work experience"))
    y = education(sheet, heading(sheet, y + 4, "Education") + 4)
    y = sheet.lines(20, heading(sheet, y + 5, "Skills") + 4, SKILLS, TEXT)
    heading(sheet, y + 5, "References")
    sheet.text(20, y + 13, "Available on request.", TEXT)
    sheet.finish()


def heading(sheet: Sheet, y: float, title: str) -> float:
    """Write the heading of a section; return where its text starts."""
    sheet.text(20, y, title.upper(), Type("Helvetica-Bold", 11, colour=INK))
    sheet.rule(20, y + 1.8, 170, INK)
    return y + 4


def experience(sheet: Sheet, y: float) -> float:
    """Write the jobs, newest first."""
    for title, period, *duties in JOBS:
        sheet.text(20, y + 4, title, Type("Helvetica-Bold", 10))
        sheet.text(190, y + 4, period, SMALL, "right")
        y = sheet.lines(24, y + 9.5, [f"• {duty}" for duty in duties], TEXT)
    return y


def education(sheet: Sheet, y: float) -> float:
    """Write the degrees."""
    for degree, place in EDUCATION:
        sheet.text(20, y, degree, Type("Helvetica-Bold", 9.5))
        sheet.text(20, y + 5, place, TEXT)
        y += 12
    return y
