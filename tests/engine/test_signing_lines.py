"""Lines to sign that only say who signs on them, and blanks of forms."""

from __future__ import annotations

import pytest
from criterion_marks import mark

TEXT = "The parties agree to all that is written above.\n"
FORMS = (
    "Name: ______________\nDate: ______________",
    "Customer: ______________\nAddress: ______________",
    "Landlord: ________\nTenant: ________\nPremises: ________",
    "Landlord: ________\nTenant: ________\n" + "The landlord lets to the tenant these rooms. " * 3,
)


@pytest.mark.parametrize(
    "lines",
    [
        "Landlord: ______________\nTenant: ______________",
        "Vermieter: ______ Mieterin: ______",
        "Verkäufer: ................  Käufer: ................",
        "Le bailleur : ________  Le locataire : ________",
        "Place, date: ____________\nLender: ________  Borrower: ________\nPage 2 of 2",
    ],
)
def test_blanks_at_the_names_of_two_parties_are_lines_to_sign(lines: str) -> None:
    """Nobody has signed there yet."""
    for criterion in ("Has signature lines", "Hat Unterschriftszeilen", "Has two signature lines"):
        told = mark(TEXT + lines, criterion)
        assert told.met
        assert told.evidence in lines.splitlines()
    told = mark(TEXT + lines, "Is signed")
    assert not told.met
    assert told.evidence in lines.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_blanks_of_forms_are_none(form: str) -> None:
    """Other blanks or text follow, or no two parties are named."""
    assert not mark(form, "Has signature lines").met
    assert mark(f"{TEXT}Seller: ________\nBuyer: ________", "Has signature lines").met
