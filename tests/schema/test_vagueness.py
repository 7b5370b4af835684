"""Which criteria hold for almost every document, and which only sound like it."""

from __future__ import annotations

from docsort_server.engine.model import Category
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import Kind

TESTABLE = """
Lists who was present
Names the parties
Says when the work was done
Names the people present
Lists names
States where it was signed
Says who it is from
Says to whom it is addressed
Tells how much is owed
Lists what was found
States which day it covers
Shows the month
The month
Months
Two pages
Sette pagine
Contains figures
Has a list of names
Names the owner
Says why it was given
Records who was absent
Gives the day and the month
Lists the entries of a day
Reports what was seen
Indicates who is responsible
Shows where to sign
Gives the reason
Is written by hand
Has two columns
Describes how to get there
Nennt, wer anwesend war
Gibt an, wann geliefert wurde
Indique qui était présent
Indica quién estuvo presente
Lists who took part
Names who chaired the meeting
Says when it starts
Says where the goods go
Describes what happened
Shows how many were sold
Names the company
Names the customer
Is a certified copy
Has a summary
Has a schedule
Is an official statement
Shows the names of the children
Lists the figures for each month
Tells who may use it
States what is not covered
Gives the full name
Is complete
Covers one day
Has four pages
Mentions whose car it was
Explains why it was refused
Lists which rooms were used
Notes who is present and who is not
Führt auf, wer bezahlt hat
Nennt den Monat
Dit combien il faut payer
Dice dónde se encuentra
Indica chi era presente
Vermeldt wie aanwezig was
Indica quem participou
"""
VAGUE = """
Contains information
Contains details
Is a document
Shows something
Has text
Mentions several things
Contains data
Gives some information
Says something
Contains specific details
Has a page
Includes all the information
Describes things
Provides details about something
States what it contains
Shows what it is
Is about something
Is a page of a document
Contains words
Presents values
Tells about things
Has one or more pages of text
Lists different kinds of things
Enthält Angaben
Zeigt Informationen
Contient des informations
Contiene información
Has some text
Contains various information
Includes details of any kind
Has parts
Shows data
Is a file
Is a paper
Mentions something or other
The document contains information
It has details
Must contain data
Gives details about things
Explains something
Holds information
Displays text
States which information it contains
Says what it says
Lists what is listed
Provides general information
Indicates what is shown
Contains certain things
Enthält Text
Nennt etwas
Das Dokument enthält verschiedene Angaben
Indique quelque chose
Muestra datos
Bevat informatie
"""


def vague(texts: str) -> list[str]:
    """Return the criteria, one a line, that are found vague."""
    return [
        text
        for text in texts.strip().splitlines()
        if Kind.VAGUE_CRITERION
        in [
            finding.kind
            for finding in check([Category("Invoice", criteria=(text,)), Category("Letter")])
        ]
    ]


def test_what_a_page_may_lack_is_not_vague() -> None:
    """Who, when, why and how many can be told by a page, and so can names, months and figures."""
    assert vague(TESTABLE) == []


def test_what_holds_for_almost_every_document_is_vague() -> None:
    """Whatever the verb, and in other languages."""
    assert vague(VAGUE) == VAGUE.strip().splitlines()
