"""Documents to measure with: business pages of several kinds, no two pages alike."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from docsort import Category

if TYPE_CHECKING:
    from collections.abc import Callable

# Raise it when pages look different: files drawn by an older version are drawn again.
_VERSION = 2
# How many lines of 1,000 characters make a page slow.
_SLOW_LINES = 5_000
_CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
_WORDS = """
    agreement service party notice payment delivery period account balance interest charge
    product quality warranty storage method result sample measure figure value analysis model
    research survey region office manager project budget quarter revenue asset policy claim
    coverage premium patient treatment report history review section chapter table reference
    installation pressure valve filter cable switch temperature maintenance operation safety
    the a of and to in for with on by from at this that each any all its their which shall
""".split()  # noqa: SIM905 - a list of so many literals is a page long


def categories() -> list[Category]:
    """Return the categories that the pages are of, with three criteria each."""
    return [
        Category("Invoice", "Bill for goods or services", ("has a total due", *_COMMON)),
        Category("Bank statement", "Statement of an account", ("lists transactions", *_COMMON)),
        Category("Contract", "Agreement of two parties", ("names the parties", *_COMMON)),
        Category("Scientific paper", "Research article", ("has an abstract", *_COMMON)),
        Category("Letter", "Business or private letter", ("has a salutation", *_COMMON)),
        Category("Technical manual", "Instructions", ("gives safety notes", *_COMMON)),
    ]


_COMMON = ("contains a date", "has a signature line")


def drawn(pages: int, seed: int = 1) -> Path:
    """Return a PDF of so many pages, drawn before or now."""
    path = _CACHE / f"pages-{pages}-{seed}-v{_VERSION}.pdf"
    if not path.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        draw(fresh, pages, seed)
        fresh.rename(path)
    return path


def draw(path: Path, pages: int, seed: int = 1) -> None:
    """Write a PDF in which every few pages another kind of document begins."""
    chance = random.Random(seed)
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1, invariant=1)
    kinds = list(KINDS.values())
    for number in range(pages):
        kind = kinds[number // 3 % len(kinds)]
        write(canvas, kind(chance, number + 1))
    canvas.save()


def slow(pages: int, *numbers: int) -> Path:
    """Return a PDF in which these pages take a second or more of processor time to read."""
    path = _CACHE / f"slow-{pages}-{'-'.join(map(str, numbers))}-v{_VERSION}.pdf"
    if not path.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        chance = random.Random(1)
        canvas = Canvas(str(path), pagesize=A4, pageCompression=1, invariant=1)
        for number in range(1, pages + 1):
            if number in numbers:
                text = canvas.beginText(56, 700)
                for _ in range(_SLOW_LINES):
                    text.textLine("x" * 1_000)
                canvas.drawText(text)
            write(canvas, _letter(chance, number))
        canvas.save()
    return path


def write(canvas: Canvas, lines: list[str]) -> None:
    """Write a page: a heading and lines of text."""
    text = canvas.beginText(56, A4[1] - 60)
    text.setFont("Helvetica-Bold", 15)
    text.setLeading(20)
    text.textLine(lines[0])
    text.setFont("Helvetica", 9.5)
    text.setLeading(12.5)
    for line in lines[1:]:
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()


def _prose(chance: random.Random, lines: int) -> list[str]:
    return [" ".join(chance.choices(_WORDS, k=13)).capitalize() + "." for _ in range(lines)]


def _date(chance: random.Random) -> str:
    return f"{chance.randint(1, 28)} March {chance.randint(2018, 2026)}"


def _invoice(chance: random.Random, number: int) -> list[str]:
    rows = [
        f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}   {chance.randint(1, 40)}   "
        f"{chance.uniform(2, 900):.2f}   {chance.uniform(2, 9000):.2f}"
        for _ in range(24)
    ]
    return [
        f"Invoice no. {number:05d}",
        f"Invoice date: {_date(chance)}    Due date: {_date(chance)}",
        "Bill to: Harrow and Finch, 22 Quayside",
        "Description   Quantity   Unit price   Amount",
        *rows,
        f"Subtotal {chance.uniform(100, 9000):.2f}   VAT 20 %",
        f"Total due: {chance.uniform(100, 9000):.2f} EUR. Please pay within 30 days.",
        *_prose(chance, 10),
    ]


def _statement(chance: random.Random, number: int) -> list[str]:
    rows = [
        f"{_date(chance)}   {chance.choice(('card payment', 'deposit', 'transfer', 'withdrawal'))} "
        f"{chance.choice(_WORDS)}   {chance.uniform(-500, 900):.2f}   {chance.uniform(0, 9000):.2f}"
        for _ in range(36)
    ]
    return [
        "Account statement",
        f"Account number: {chance.randint(10**7, 10**8)}    Page {number}",
        f"Opening balance {chance.uniform(0, 9000):.2f}",
        "Date   Transaction   Amount   Balance",
        *rows,
        f"Closing balance {chance.uniform(0, 9000):.2f}",
    ]


def _contract(chance: random.Random, number: int) -> list[str]:
    clauses: list[str] = []
    for clause in range(1, 9):
        clauses += [f"{number}.{clause} The parties agree as follows.", *_prose(chance, 3)]
    return [
        "Service agreement",
        f"This agreement is made on {_date(chance)} by and between the parties.",
        *clauses,
        "In witness whereof the parties have signed. Signature: ____________",
    ]


def _paper(chance: random.Random, number: int) -> list[str]:
    references = [
        f"[{n}] {line[:70]} Journal, {2000 + n}." for n, line in enumerate(_prose(chance, 8), 1)
    ]
    return [
        f"A study of {' '.join(chance.choices(_WORDS, k=4))}",
        "Abstract",
        *_prose(chance, 8),
        f"{number} Introduction",
        *_prose(chance, 20),
        "References",
        *references,
    ]


def _letter(chance: random.Random, number: int) -> list[str]:
    return [
        "Meridian Vale Trading",
        f"{_date(chance)}    Our reference {number}",
        "Dear Ms Harrow,",
        *_prose(chance, 22),
        "Yours sincerely,",
        "J. Finch",
    ]


def _manual(chance: random.Random, number: int) -> list[str]:
    steps = [f"{step}. {line}" for step, line in enumerate(_prose(chance, 14), 1)]
    return [
        f"Chapter {number}: installation and maintenance",
        "WARNING: disconnect the power before opening the housing.",
        *steps,
        "Troubleshooting",
        *_prose(chance, 16),
    ]


KINDS: dict[str, Callable[[random.Random, int], list[str]]] = {
    "Invoice": _invoice,
    "Bank statement": _statement,
    "Contract": _contract,
    "Scientific paper": _paper,
    "Letter": _letter,
    "Technical manual": _manual,
}
