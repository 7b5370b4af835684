"""How the command line names the fields of a request that was refused."""

from pathlib import Path

import grpc
import pytest
from client_scripts import script
from command import ran

import docsort
from docsort._cli.fields import by_name
from docsort._errors import FieldViolation
from docsort.testing import Cut, Server

CATEGORIES: list[docsort.CategoryLike] = [
    "Invoice",
    {"name": "Bank\tstatement [2]"},
    docsort.Category("x" * 60),
]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("categories[0].criteria[1].pattern", 'category "Invoice", criteria[2], pattern'),
        ("categories[1].name", 'category "Bank statement [2]", name'),
        ("categories[2]", f'category "{"x" * 39}…"'),
        ("categories[7].threshold", "category 8, threshold"),
        ("categories", "categories"),
        ("options.pages[0].first", "options.pages[1], first"),
        ("options.min_margin", "options.min_margin"),
        ("sample 1 (scan[1].pdf): text", "sample 1 (scan[1].pdf): text"),
    ],
)
def test_fields_are_counted_from_one_and_categories_named(field: str, told: str) -> None:
    """As the errors of a file of categories do; a path of the contract counts from 0."""
    error = docsort.InvalidRequestError("no", violations=(FieldViolation(field, "is wrong"),))
    assert by_name(error, CATEGORIES).violations == (FieldViolation(told, "is wrong"),)


def test_a_reason_names_categories_too() -> None:
    """Where it tells of another one."""
    said = "must be unique ignoring case; categories[0] has the same name"
    error = docsort.InvalidRequestError("no", violations=(FieldViolation("categories[1]", said),))
    (told,) = by_name(error, ["A", "a"]).violations
    assert told.description == 'must be unique ignoring case; category "A" has the same name'


async def test_a_refused_category_is_named(document: Path) -> None:
    """By its name, and its criteria are counted from 1, as in the errors of categories files."""
    cut = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason=docsort.ErrorReason.INVALID_REQUEST,
        violations=[FieldViolation("categories[1].criteria[0].text", "must not be empty")],
    )
    async with Server(script(), cuts=[cut]) as server:
        ended = await ran("classify", document, "-c", "A", "-c", "Invoice", server=server.target)
    assert '  category "Invoice", criteria[1], text: must not be empty' in ended.err


@pytest.mark.parametrize(
    ("command", "call"),
    [("submit", "SubmitJob"), ("estimate", "EstimateJob"), ("check", "CheckCategories")],
)
async def test_other_commands_name_it_too(document: Path, command: str, call: str) -> None:
    """Wherever categories go along."""
    cut = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason=docsort.ErrorReason.INVALID_REQUEST,
        violations=[FieldViolation("categories[0].name", "is too long")],
    )
    named = document.with_name("categories.json")
    named.write_text('["Invoice"]')
    asked = (named,) if command == "check" else (document, "-c", "Invoice")
    async with Server(refusals={call: cut}) as server:
        ended = await ran(command, *asked, server=server.target)
    assert '  category "Invoice", name: is too long' in ended.err
