"""Settings that must be of a form, or cannot be together."""

from typing import Any

import pytest

from docsort_server.settings import Settings
from docsort_server.settings_sources import load
from docsort_server.settings_values import SettingsError

TOKEN = "hush-hush"


def fault(**values: Any) -> str:  # noqa: ANN401 - settings of any type
    """Return what is wrong with settings."""
    with pytest.raises(SettingsError) as caught:
        load(None, {"HOME": "/h"}, values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nats", "nats://a:4222"),
        ("nats_replicas", 3),
        ("nats_server", "/bin/nats-server"),
        ("sync", "100ms"),
        ("store_bytes", 1 << 30),
        ("cluster_page_tasks", 3),
    ],
)
def test_memory_takes_nothing_of_nats(name: str, value: object) -> None:
    """What could have no effect is refused by its name."""
    text = f"{name} needs store jetstream: store memory uses no NATS server"
    assert fault(store="memory", **{name: value}) == text


@pytest.mark.parametrize(("name", "value"), [("nats_server", "/bin/x"), ("sync", "100ms")])
def test_servers_of_others_are_not_set_up(name: str, value: str) -> None:
    """How NATS is run cannot be set where docsort does not run it."""
    text = f"{name} is for a NATS server of docsort's own; with nats that is not run"
    assert fault(nats="nats://a:4222", **{name: value}) == text


def test_its_own_server_makes_no_copies() -> None:
    """Copies need servers to be on."""
    text = "nats_replicas needs nats: docsort's own NATS server is a single one"
    assert fault(nats_replicas=3) == text


def test_what_goes_together_is_taken() -> None:
    """Every setting has a place where it counts."""
    own = load(None, {}, {"data": "/d", "sync": "2m", "nats_server": "/x", "store_bytes": 1 << 30})
    assert (own.sync, own.shared) == ("2m", False)
    values = {"nats": "a:1", "nats_replicas": 3, "store_bytes": 1 << 30, "cluster_page_tasks": 3}
    assert load(None, {}, values).shared


def test_only_jetstream_on_other_servers_is_shared() -> None:
    """Jobs in memory are nobody else's, whatever addresses are there."""
    assert Settings(nats="nats://a").shared
    assert not Settings(nats="nats://a", store="memory").shared
    assert not Settings().shared


@pytest.mark.parametrize(
    "nats",
    [
        "nats://a",
        "nats://a:4222, tls://b.example:1,c-1:65535",
        f"nats://{TOKEN}@a:4222",
        f"nats://user:{TOKEN}@127.0.0.1:4222",
        f"user:{TOKEN}@a:4222",
        "nats://[::1]:4222,[::1]:4222",
    ],
)
def test_addresses_of_nats(nats: str) -> None:
    """With or without a scheme, a password or a token; many are separated by commas."""
    assert load(None, {}, {"nats": nats}).nats == nats


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ("", "1 of 1"),
        ("a", "1 of 1"),
        ("nats://a:4222,", "2 of 2"),
        ("nats://a:4222,,nats://b:4222", "2 of 3"),
        ("http://a:4222", "1 of 1"),
        ("nats://:4222", "1 of 1"),
        ("nats://a:0", "1 of 1"),
        ("a:65536", "1 of 1"),
        ("nats://a:port", "1 of 1"),
        ("nats://a:4222/path", "1 of 1"),
        ("nats://a b:4222", "1 of 1"),
    ],
)
def test_a_wrong_address_is_told_without_its_secret(wrong: str, number: str) -> None:
    """The complaint counts the addresses, since one that is malformed may be all secret."""
    nats = wrong.replace("//", f"//{TOKEN}@", 1) or " "
    found = fault(nats=nats)
    assert found.endswith(f"comma-separated; number {number} is none")
    assert TOKEN not in found


def test_secrets_are_not_shown() -> None:
    """Neither the settings as text nor a complaint about their type tells an address."""
    assert TOKEN not in repr(Settings(nats=f"nats://{TOKEN}@a:4222"))
    assert fault(nats=[f"nats://{TOKEN}@a:4222"]) == "nats must be text"


@pytest.mark.parametrize(
    ("name", "value", "entry"),
    [
        ("uri_hosts", "docs.example.com, https://a.example", "https://a.example"),
        ("uri_private_hosts", "*", "*"),
        ("uri_buckets", "s3://invoices,invoices", "invoices"),
        ("uri_folders", "/srv/in,mail", "mail"),
    ],
)
def test_places_have_a_form(name: str, value: str, entry: str) -> None:
    """What would never match an address is refused at start, with the entry that is wrong."""
    text = fault(**{name: value})
    assert text.startswith(f"{name} must be ")
    assert text.endswith(f"; {entry!r} is none")


def test_places_that_can_be() -> None:
    """Names, names below them, ports, prefixes and folders."""
    values = {
        "uri_hosts": "docs.example.com, *.example.org:8443",
        "uri_private_hosts": "store.internal",
        "uri_buckets": "s3://invoices/2024, gs://b, az://account/it",
        "uri_folders": "/srv/in, /srv/more",
    }
    assert load(None, {"HOME": "/h"}, values).uri_folders == "/srv/in, /srv/more"
