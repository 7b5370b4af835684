"""Which addresses count as public, and which URIs are allowed by their text."""

from __future__ import annotations

import pytest

from docsort_server.documents.fetch.addresses import is_public
from docsort_server.documents.fetch.policy import Policy
from docsort_server.faults import Fault, Reason

POLICY = Policy(
    hosts=("docs.example.com", "*.example.org", "files.example.com:8443"),
    private_hosts=("inside.example.com",),
    buckets=("s3://invoices/2024", "gs://mail", "az://account/box"),
    folders=("/srv/mail",),
)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888"]
)
def test_public_addresses(address: str) -> None:
    """Those of the internet are."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
        *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::"),
        *("2001:0:7f00:1::", "2001:db8::1", "localhost", "", "1.2.3"),
    ],
)
def test_addresses_inside_networks(address: str) -> None:
    """Private, reserved and metadata ones are not, in whatever form they are embedded."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "uri",
    [
        "https://docs.example.com/a.pdf?x=1",
        "HTTPS://DOCS.example.com./a",
        "https://a.b.example.org/",
        "https://files.example.com:8443/a",
        "https://inside.example.com/a",
        "s3://invoices/2024/a.pdf",
        "gs://mail/x",
        "az://account/box/x",
        "file:///srv/mail/a.pdf",
        "file://localhost/srv/mail/a.pdf",
    ],
)
def test_what_settings_allow(uri: str) -> None:
    """Hosts with their port, buckets with their prefix, and folders."""
    POLICY.check(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://docs.example.com/a",
        "ftp://docs.example.com/a",
        "https://docs.example.com:444/a",
        "https://files.example.com/a",
        "https://docs.example.com@evil.test/a",
        "https://user:pw@docs.example.com/a",
        "https://evil.test#@docs.example.com/",
        "https://evil.test\\@docs.example.com/",
        "https://example.org/",
        "https://evilexample.org/",
        "https://docs.example.com.evil.test/",
        "https://docs.example.com:99999/",
        "https:///a",
        "https://docs.example.com /a",
        "https://docs.example.com\n/a",
        "//docs.example.com/a",
        "docs.example.com/a",
        "s3://invoices/2023/a.pdf",
        "s3://invoices/2024/../2023/a",
        "s3://invoices/2024/%2e%2e/2023/a",
        "s3://invoices/20245/a",
        "s3://other/2024/a",
        "az://account/boxes/x",
        "file:///srv/mailbox/a",
        "file:///srv/mail/../secret",
        "file:///srv/mail/%2e%2e/secret",
        "file://evil.test/srv/mail/a",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "javascript:alert(1)",
        "gopher://docs.example.com/",
    ],
)
def test_what_they_do_not(uri: str) -> None:
    """Other schemes, hosts, ports, places, and tricks to look like them."""
    with pytest.raises(Fault) as caught:
        POLICY.check(uri)
    assert caught.value.reason is Reason.URI_NOT_ALLOWED
    assert "example" not in caught.value.message


def test_nothing_is_allowed_unless_it_is_said() -> None:
    """A server without such settings fetches nothing."""
    for uri in ("https://docs.example.com/a", "s3://b/a", "file:///a"):
        with pytest.raises(Fault):
            Policy().check(uri)
