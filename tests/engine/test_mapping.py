"""From the caller's category names to types of the lexicon."""

from __future__ import annotations

import pytest

from bench.engine_missing import lacking
from docsort_server.engine.local import lexicon, mapping
from docsort_server.engine.model import Category


def _best(*categories: Category) -> list[str | None]:
    known = lexicon.load()
    links = mapping.link(categories, known)
    return [known.types[max(each, key=each.__getitem__)].id if each else None for each in links]


def _strength(name: str, type_id: str, *others: str) -> float:
    known = lexicon.load()
    links = mapping.link([Category(name), *map(Category, others)], known)[0]
    numbers = {entry.id: number for number, entry in enumerate(known.types)}
    return links.get(numbers[type_id], 0.0)


@pytest.mark.parametrize(
    ("name", "type_id"),
    [
        ("Invoice", "invoice"),
        ("INVOICES", "invoice"),
        ("pay-slip", "pay_stub"),
        ("Kontoauszug", "bank_statement"),
        ("Relevé de compte", "bank_statement"),
        ("nómina", "pay_stub"),
        ("bolletta", "utility_bill"),
        ("offerte", "quotation"),
        ("currículo", "resume"),
        ("Vendor invoices 2024", "invoice"),
        ("Scanned driver's licenses", "driving_licence"),
        ("Claim forms", "insurance_claim"),
        ("Kleinbetragsrechnungen", "receipt"),
    ],
)
def test_names_of_types_are_known_in_several_languages(name: str, type_id: str) -> None:
    """An alias, its plural, or a name that an alias mostly covers is recognised."""
    assert _best(Category(name)) == [type_id]


@pytest.mark.parametrize(
    ("name", "type_id"),
    [
        ("Salary papers from the employer", "pay_stub"),
        ("Court stuff", "legal_filing"),
        ("What the hospital wrote about the patient", "medical_record"),
        ("Rent deal with the landlord", "lease"),
        ("Unterlagen vom Krankenhaus", "medical_record"),
        ("Journalists' stories", "news_magazine"),
    ],
)
def test_unfamiliar_names_are_linked_by_their_words(name: str, type_id: str) -> None:
    """Words that speak of a type lead to it."""
    assert _best(Category(name)) == [type_id]


def test_description_helps_where_the_name_says_nothing() -> None:
    """An odd name with a telling description is understood."""
    plain = Category("Pile 7", "bills for electricity and water, with meter readings")
    assert _best(plain) == ["utility_bill"]


def test_meaningless_name_is_linked_to_nothing() -> None:
    """Without anything in common there is no guess."""
    assert _best(Category("Zorgle blat")) == [None]
    assert _best(Category("№ ☃ 🦄")) == [None]


def test_narrower_types_go_to_the_broader_category() -> None:
    """A lease is a contract, until some category is about leases."""
    assert _strength("Contract", "lease") > 0.5
    assert _strength("Contract", "lease", "Tenancy agreement") == 0.0


def test_a_word_of_a_longer_name_makes_no_type() -> None:
    """A lexicon without manuals does not take a technical manual for a map."""
    smaller = lacking({"technical_manual"})
    links = mapping.link([Category("Technical manual")], smaller)[0]
    assert max(links.values(), default=0.0) < 0.5


@pytest.mark.parametrize("name", ["Zoning variance", "Beekeeping diary", "Chess puzzle"])
def test_a_word_that_no_type_knows_is_not_passed_over(name: str) -> None:
    """What a name is about may be the one word that the lexicon lacks."""
    links = mapping.link([Category(name)], lexicon.load())[0]
    assert max(links.values(), default=0.0) < 0.3
