"""Reasons of failure: one list on the wire, in the server and in the docs."""

from __future__ import annotations

import re

import pytest
from source_tree import ROOT

from docsort.v1 import error_reason_pb2
from docsort_server.faults import Reason

PREFIX = "ERROR_REASON_"
VALUES = error_reason_pb2.ErrorReason.DESCRIPTOR.values
NAMES = [value.name.removeprefix(PREFIX) for value in VALUES if value.number]
SOURCE = (ROOT / "protos/docsort/v1/error_reason.proto").read_text()


def comment_of(name: str) -> str:
    """Return the comment above a value in the proto file, on one line."""
    found = re.search(rf"((?:  //[^\n]*\n)+)  {PREFIX}{name} = ", SOURCE)
    return " ".join(found[1].replace("//", " ").split()) if found else ""


def test_the_server_knows_exactly_the_contract_s_reasons() -> None:
    """`Reason` and `ErrorReason` hold the same names, each spelled as its value."""
    assert [reason.name for reason in Reason] == NAMES
    assert all(reason.name == reason.value for reason in Reason)


@pytest.mark.parametrize("name", NAMES)
def test_a_reason_says_where_it_is_met(name: str) -> None:
    """The comment of each reason tells callers the status code or that it comes in the job."""
    assert re.search(r"Status [A-Z_]+|[Ii]n the job", comment_of(name))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "CANCELLED"])
def test_a_reason_says_what_to_do(name: str) -> None:
    """The comment of each reason but a caller's own cancel tells whether a retry helps, or what."""
    assert re.search(r"\b[Rr]etry|Read the job|Use a new|ask for", comment_of(name))
