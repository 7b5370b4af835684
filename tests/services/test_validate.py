"""Requests of any size and age are judged quickly and whole."""

import pytest

from docsort.v1 import classification_pb2 as classification
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort.v1.document_pb2 import DocumentSource
from docsort_server.faults import Fault
from docsort_server.validate import check_submission

# A field of no message: number 1000, as a varint.
NEWER = b"\xc0\x3e\x01"
EMPTY_RANGE = b"\x0a\x00"
EMPTY_CATEGORY = b"\x12\x00"
EMPTY_CRITERION = b"\x1a\x00"


def request(category: bytes = b"", options: bytes = b"") -> ClassifyRequest:
    """Return a valid request with more bytes in its category and its options."""
    named = classification.Category(name="Invoice")
    named.MergeFromString(category)
    message = ClassifyRequest(document=DocumentSource(content=b"%PDF-1.4"), categories=[named])
    message.options.MergeFromString(options)
    return message


def violated(message: ClassifyRequest) -> list[str]:
    """Return the paths of the fields at fault."""
    with pytest.raises(Fault) as caught:
        check_submission(message, 604_800.0)
    return [violation.path for violation in caught.value.violations]


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (request(options=EMPTY_RANGE * 1_000_000), "options"),
        (request(category=EMPTY_CRITERION * 1_000_000), "categories"),
        (ClassifyRequest.FromString(EMPTY_CATEGORY * 1_000_000), "categories"),
        (request(options=EMPTY_RANGE * 1_001), "options.pages"),
        (request(category=EMPTY_CRITERION * 51), "categories[0].criteria"),
    ],
)
def test_too_many_entries_are_one_violation(message: ClassifyRequest, path: str) -> None:
    """Entries beyond a limit are not looked at: a million of them would hold up the server."""
    assert violated(message) == [path]


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (request(options=NEWER), "options"),
        (request(options=b"\x0a\x02\x08\x01\x10\x01" + NEWER), "options"),
        (request(category=NEWER), "categories[0]"),
        (request(category=b"\x1a\x06\x0a\x01x" + NEWER), "categories[0]"),
    ],
)
def test_an_unknown_field_is_an_error(message: ClassifyRequest, path: str) -> None:
    """What a newer client asks for is refused, also deep inside, never ignored."""
    assert path in violated(message)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_is_a_share(value: float) -> None:
    """From 0 to 1, both included; anything else is refused."""
    category = classification.Category(threshold=value)
    assert violated(request(category.SerializeToString())) == ["categories[0].threshold"]
    for bound in (0.0, 1.0):
        category = classification.Category(threshold=bound)
        check_submission(request(category.SerializeToString()), 604_800.0)


@pytest.mark.parametrize(
    ("examples", "paths"),
    [
        (["x"] * 21, ["categories[0].examples"]),
        (["x" * 8_001], ["categories[0].examples[0]"]),
        (["x", " "], ["categories[0].examples[1]"]),
        (["\u00df" * 8_000] * 11, ["categories"]),
        (["x" * 8_000] * 20, []),
    ],
)
def test_examples_are_bounded(examples: list[str], paths: list[str]) -> None:
    """In number, in length, and in bytes over all categories."""
    message = request(classification.Category(examples=examples).SerializeToString())
    if paths:
        assert violated(message) == paths
    else:
        check_submission(message, 604_800.0)


def test_a_plain_request_passes() -> None:
    """What the other tests add to is itself valid."""
    check_submission(request(), 604_800.0)
