"""Fetching documents by URI: from where it is allowed, and from nowhere else, whatever is tried."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from pdfs import text_pdf
from web_places import HOST, Resolver, Site, names, redirect, site

from docsort_server.documents.fetch.fetcher import Fetcher
from docsort_server.documents.fetch.policy import Policy
from docsort_server.documents.limits import DocumentLimits
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

DOCUMENT = text_pdf(["fetched"])


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Site, None]:
    """Yield an https server on loopback that the fetcher trusts."""
    async with site(tmp_path) as (found, bundle):
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        found.answers["/a.pdf"] = DOCUMENT
        yield found


def fetcher(
    policy: Policy, resolver: Resolver | None = None, seconds: float = 10.0, most: int = 1 << 20
) -> Fetcher:
    """Return a fetcher."""
    limits = DocumentLimits(max_bytes=most)
    return Fetcher(policy, limits, seconds=seconds, resolver=resolver)


async def fetched(source: Fetcher, uri: str) -> bytes | Reason:
    """Return the document, or why it is not had."""
    try:
        return b"".join([chunk async for chunk in source.fetch(uri)])
    except Fault as fault:
        # Neither names nor addresses: those tell of the inside.
        secrets = ("example", "127.0.0.1", "localhost")
        return Reason.INTERNAL if any(map(fault.message.count, secrets)) else fault.reason


async def test_a_document_comes_over_https(place: Site) -> None:
    """From a host that may have an address inside the network, since the settings say so."""
    policy = Policy(private_hosts=(f"{HOST}:{place.port}",))
    async with names(docs_example_com=["127.0.0.1"]) as (_, resolver):
        found = await fetched(fetcher(policy, resolver), f"https://{HOST}:{place.port}/a.pdf")
    assert found == DOCUMENT


# Ways to name this machine, or a service of its cloud, that a careless check lets through.
INSIDE = [
    *("127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "017700000001"),
    *("0x7f000001", "0x7f.1", "0177.0.0.1", "0x7f.0.0.1", "127.000.000.001", "127.0.0.1."),
    *("localhost", "LOCALHOST", "localhost.", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127。0。0。1", "①②⑦.0.0.1"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]"),
    *("[fe80::1]", "[fd00::1]", "[fd00:ec2::254]", "169.254.169.254", "169.254.169.254."),
    *("2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]", "100.100.100.200", "10.0.0.1"),
    *("192.168.0.1", "172.16.0.1", "100.64.0.1", "192.0.0.192", "168.63.129.16"),
]


@pytest.mark.parametrize("host", INSIDE)
async def test_no_name_leads_inside(
    place: Site, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every public host allowed, nothing connects; what is inside is never even tried."""
    tried: list[object] = []
    connect = socket.socket.connect

    def spied(self: socket.socket, address: object) -> None:
        tried.append(address)
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", spied)
    policy = Policy(hosts=("*", f"{host}:{place.port}") if ":" not in host else ("*",))
    for uri in (f"https://{host}/a.pdf", f"https://{host}:{place.port}/a.pdf"):
        assert await fetched(fetcher(policy), uri) in {
            Reason.URI_NOT_ALLOWED,
            Reason.URI_UNREACHABLE,  # no host of that name
        }
    assert place.asked == []
    assert tried == []


async def test_a_name_that_changes_its_mind_leads_nowhere(place: Site) -> None:
    """What counts is the address that is connected to, not what the name meant a moment ago."""
    policy = Policy(hosts=(f"{HOST}:{place.port}",))
    uri = f"https://{HOST}:{place.port}/a.pdf"
    for addresses in (["127.0.0.1"], ["::1"], ["93.184.215.14", "127.0.0.1"]):
        async with names(docs_example_com=addresses) as (server, resolver):
            source = fetcher(policy, resolver, seconds=2.0)
            for _ in range(2):
                assert await fetched(source, uri) in {
                    Reason.URI_NOT_ALLOWED,
                    Reason.URI_UNREACHABLE,  # the public one is not there
                }
            assert server.questions
    assert place.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1:{port}/a.pdf",
        "https://localhost:{port}/a.pdf",
        "https://evil.test/a.pdf",
        "//evil.test/a.pdf",
        "http://docs.example.com/a.pdf",
        "file:///etc/passwd",
        "s3://bucket/a.pdf",
        "https://user@docs.example.com:{port}/a.pdf",
        "https://[::1]:{port}/a.pdf",
        "https://docs.example.com:1/a.pdf",
        "https://docs.example.com:{port}/loop",
        "gopher://x",
    ],
)
async def test_a_redirect_is_checked_like_a_request(place: Site, target: str) -> None:
    """It leads to no other host, port or scheme, and not round and round."""
    place.answers["/loop"] = redirect(target.format(port=place.port))
    policy = Policy(private_hosts=(f"{HOST}:{place.port}",))
    async with names(docs_example_com=["127.0.0.1"]) as (_, resolver):
        found = await fetched(fetcher(policy, resolver), f"https://{HOST}:{place.port}/loop")
    assert found in {Reason.URI_NOT_ALLOWED, Reason.URI_UNREACHABLE}
    assert "/a.pdf" not in place.asked


async def test_a_redirect_within_what_is_allowed_is_followed(place: Site) -> None:
    """By its path too; a file that has moved is found."""
    place.answers["/old"] = redirect("/a.pdf")
    policy = Policy(private_hosts=(f"{HOST}:{place.port}",))
    async with names(docs_example_com=["127.0.0.1"]) as (_, resolver):
        found = await fetched(fetcher(policy, resolver), f"https://{HOST}:{place.port}/old")
    assert found == DOCUMENT


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (web.Response(status=404), Reason.URI_UNREACHABLE),
        (web.Response(status=503), Reason.URI_UNREACHABLE),
        (web.Response(status=302), Reason.URI_UNREACHABLE),
        (b"", Reason.EMPTY_DOCUMENT),
        (b"\x7fELF" + bytes(100), Reason.UNSUPPORTED_DOCUMENT),
        (b"%PDF-" + bytes(30_000), Reason.DOCUMENT_TOO_LARGE),
        (5.0, Reason.URI_UNREACHABLE),
    ],
    ids=["missing", "trouble", "nowhere", "empty", "no kind", "large", "slow"],
)
async def test_what_comes_is_bounded(
    place: Site, answer: web.Response | bytes | float, expected: Reason
) -> None:
    """In bytes, in time, and in what it may be."""
    place.answers["/x"] = answer
    policy = Policy(private_hosts=(f"{HOST}:{place.port}",))
    async with names(docs_example_com=["127.0.0.1"]) as (_, resolver):
        source = fetcher(policy, resolver, seconds=1.0, most=20_000)
        assert await fetched(source, f"https://{HOST}:{place.port}/x") is expected


async def test_a_server_must_be_who_it_says(tmp_path: Path) -> None:
    """A certificate that nobody trusts, or of another name, is none."""
    async with site(tmp_path, "other.example.com") as (place, _):
        policy = Policy(private_hosts=(f"{HOST}:{place.port}",))
        async with names(docs_example_com=["127.0.0.1"]) as (_, resolver):
            uri = f"https://{HOST}:{place.port}/a.pdf"
            assert await fetched(fetcher(policy, resolver), uri) is Reason.URI_UNREACHABLE
    assert place.asked == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", DOCUMENT),
        ("in/link.pdf", DOCUMENT),
        ("escape.pdf", Reason.URI_NOT_ALLOWED),
        ("up/secret.pdf", Reason.URI_NOT_ALLOWED),
        ("in", Reason.URI_NOT_ALLOWED),
        ("pipe", Reason.URI_NOT_ALLOWED),
        ("device", Reason.URI_NOT_ALLOWED),
        ("missing.pdf", Reason.URI_UNREACHABLE),
    ],
)
async def test_files_below_a_folder(tmp_path: Path, name: str, expected: bytes | Reason) -> None:
    """Links may lead about within it and never out of it; only regular files are read."""
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    (root / "a.pdf").write_bytes(DOCUMENT)
    (tmp_path / "secret.pdf").write_bytes(DOCUMENT)
    (root / "in/link.pdf").symlink_to(root / "a.pdf")
    (root / "escape.pdf").symlink_to(tmp_path / "secret.pdf")
    (root / "up").symlink_to(tmp_path)
    (root / "device").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe")
    source = fetcher(Policy(folders=(str(root),)))
    assert await fetched(source, f"file://{root}/{name}") == expected
