"""Words that turn others by a syllable, and pairs that say the contrary."""

from __future__ import annotations

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Question


@pytest.mark.parametrize(
    ("line", "criterion", "met"),
    [
        ("Das Mietverhältnis läuft auf unbestimmte Zeit", "Der Mietvertrag ist befristet", False),
        ("Der Mietvertrag ist unbefristet", "Der Mietvertrag ist befristet", False),
        ("Der Mietvertrag ist befristet bis Mai", "Der Mietvertrag ist befristet", True),
        ("The licence is granted for an unlimited period", "The licence is limited", False),
        ("The licence is limited to one user", "The licence is unlimited", False),
        ("The file is incomplete", "The file is complete", False),
        ("The file is complete", "The file is complete", True),
        ("El contrato es de duración indefinida", "El contrato es de duración determinada", False),
        ("Decision: the permit is refused", "The permit is granted", False),
        ("Decision: the permit is refused", "The permit is refused", True),
        ("Your claim was approved", "The claim was rejected", False),
    ],
)
def test_what_says_the_contrary_does_not_meet_a_criterion(
    line: str, criterion: str, *, met: bool
) -> None:
    """A page with the other word alone denies what is asked for."""
    text = f"Mietvertrag, licence, contrato, file, permit and claim\n{line}"
    question = Question((Category("X", criteria=(criterion,)), Category("Recipe")))
    assert classify_page(page(text), question).criteria[0][0].met is met


def test_a_syllable_that_only_looks_like_one_turns_nothing() -> None:
    """An invoice is not the contrary of a voice."""
    question = Question((Category("X", criteria=("asks for a voice",)), Category("Recipe")))
    wanted = classify_page(page("Bake\nasks for voice and invoice"), question).criteria[0][0]
    assert wanted.met
