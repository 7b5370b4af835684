"""What the command line makes of addresses, passwords and pages of a document."""

from pathlib import Path

import grpc
import pytest
from client_scripts import script
from command import ran

from docsort import ErrorReason
from docsort.testing import Cut, Server
from docsort.v1.classification_service_pb2 import ClassifyRequest

EVENTS = script()


async def sent(document: str | Path, *arguments: str) -> ClassifyRequest:
    """Return the request that `docsort classify` sends."""
    async with (server := Server(EVENTS)):
        ended = await ran("classify", document, "-c", "Invoice", *arguments, server=server.target)
        assert (ended.code, ended.err) == (0, "")
        return await server.received(ClassifyRequest)


@pytest.mark.parametrize("uri", ["https://docs.example.com/a.pdf", "s3://invoices/a%20b.pdf"])
async def test_an_address_is_left_to_the_server(uri: str) -> None:
    """It goes as it was given, and nothing is read here."""
    request = await sent(uri)
    assert request.document.uri == uri
    assert not request.document.content


async def test_a_refused_address_says_what_to_do() -> None:
    """The server's sentence is followed by who can change it."""
    refusal = Cut(
        code=grpc.StatusCode.PERMISSION_DENIED,
        reason=ErrorReason.URI_NOT_ALLOWED,
        message="its host is not among those allowed",
    )
    async with Server(EVENTS, cuts=[refusal]) as server:
        ended = await ran("classify", "https://a.example/x", "-c", "Invoice", server=server.target)
    assert ended.code == 1
    assert "URI_NOT_ALLOWED: its host is not among those allowed" in ended.err
    assert "Allow it in the server's settings" in ended.err


@pytest.mark.parametrize(("content", "expected"), [("secret\nnot\n", "secret"), (" ä b ", " ä b ")])
async def test_the_first_line_is_the_password(document: Path, content: str, expected: str) -> None:
    """Spaces belong to it, the end of the line does not."""
    kept = document.with_name("password")
    kept.write_text(content, encoding="utf-8")
    request = await sent(document, "--password-file", str(kept))
    assert request.document.password == expected


async def test_a_password_file_that_is_missing(document: Path) -> None:
    """Nothing is sent without the password that was meant to go along."""
    ended = await ran(
        "classify", document, "-c", "Invoice", "--password-file", "/no/such", server="127.0.0.1:1"
    )
    assert ended.code == 2
    assert "--password-file: /no/such: No such file or directory" in ended.err


async def test_pages_counted_from_both_ends(document: Path) -> None:
    """A few at the beginning, some in the middle, and the last ones."""
    request = await sent(document, "--pages", "first(2),5,7-9,last(3)")
    ranges = [(each.first, each.last) for each in request.options.pages]
    assert ranges == [(1, 2), (5, 5), (7, 9), (-3, -1)]


@pytest.mark.parametrize("pages", ["first(0)", "last()", "7-5", "middle(2)", "0"])
async def test_pages_that_are_none(document: Path, pages: str) -> None:
    """They are told with the part that means nothing, and how it is written."""
    ended = await ran("classify", document, "-c", "Invoice", "--pages", pages, server="127.0.0.1:1")
    assert ended.code == 2
    assert f"'{pages}' is not a page or run of pages as in 1,3,5-7,last(2)" in ended.err
