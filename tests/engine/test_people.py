"""Counts of people under their headings, and of the entries of lists."""

from __future__ import annotations

import pytest
from criterion_marks import mark
from engine_pages import INVOICE

from docsort_server.engine.local.criteria.people import under

MINUTES = """Harbour Housing Association
Minutes of the Annual General Meeting
Present: Ada Finch, Ben Holt, Cleo Marsh and Dan Reed
Absent: Eve Stone, Finn Wood, Gus Young
The Treasurer Mr Holt read the Annual Report to the General Meeting.
Next meeting at Harbour House, Station Road, on Monday"""
PROTOKOLL = """Protokoll der Sitzung
Teilnehmer
Anna Berg (Vorsitz)
Bernd Holz
Carla Stein
Der Vorstand berichtet über das Jahr."""
WILL = """Last Will
Witnesses:
1. Ada Finch, Bristol
2. Ben Holt, Bristol
Made at Harbour House by Cleo Marsh"""
TASKS = """Packing list
• two pairs of boots
• a warm coat
• a torch
• matches
• a map
• a rope"""
STEPS = """How to change the filter
1. Switch the pump off
2. Open the lid
3. Take the filter out
4. Rinse it under water"""


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (MINUTES, "names at least three attendees", True),
        (MINUTES, "names exactly four attendees", True),
        (MINUTES, "names at least five attendees", False),
        (MINUTES, "Nomme plus de trois participants", True),
        (MINUTES, "Nennt mindestens fünf Teilnehmer", False),
        (PROTOKOLL, "Nennt genau drei Teilnehmer", True),
        (PROTOKOLL, "names more than three participants", False),
        (WILL, "names two witnesses", True),
        (WILL, "names at least three witnesses", False),
        (WILL, "Nombra al menos dos testigos", True),
        (MINUTES.replace("Present: ", "Nothing of "), "names at least three attendees", True),
        ("Sales report\nTotal Amount, Due Date, Order Number", "names at least two people", False),
        ("Team\nAda Finch\nBen Holt", "names at least two people", True),
    ],
)
def test_people_are_counted_under_their_heading(text: str, criterion: str, *, met: bool) -> None:
    """Without the absent, headings, streets and offices; on the whole page where there is none."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (("Present: Ada, Ben and Cleo",), 3),
        (("Present:", "Finch, Ada", "Holt, Ben", "The meeting began."), 2),
        (("Attendees", "- Ada Finch - chair", "- Ben Holt: notes", "", "- Cleo Marsh"), 2),
        (("Present: Ada Finch, Ada Finch",), 1),
        (("Present: the whole board",), 0),
        (("All of those who were present agreed with Ada Finch, Ben Holt",), 0),
        (("Anwesend: Anna Berg, Prof. Bernd Holz; Carla von Stein",), 3),
    ],
)
def test_lists_of_names_are_read_to_their_end(lines: tuple[str, ...], count: int) -> None:
    """By commas, by lines, turned, and with what the people are behind their names."""
    assert len({spot.key for spot in under(lines, [0])}) == count


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (TASKS, "lists more than five items", True),
        (TASKS, "lists more than six items", False),
        (TASKS, "Listet mehr als fünf Punkte auf", True),
        (TASKS, "Enumera al menos seis puntos", True),
        (TASKS, "lists at least three line items", False),
        (TASKS, "has at least six bullet points", True),
        (STEPS, "lists four steps", True),
        (STEPS, "Décrit au moins cinq étapes", False),
        (STEPS, "has at least two bullet points", False),
        (INVOICE, "lists two items", True),
        (INVOICE, "lists more than two items", False),
    ],
)
def test_entries_of_lists_are_items_where_none_has_a_price(
    text: str, criterion: str, *, met: bool
) -> None:
    """Bullets and numbers begin them; line items are those with prices."""
    assert mark(text, criterion).met is met
