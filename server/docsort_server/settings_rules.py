"""What settings must be beyond their types and bounds, each by itself and together.

Settings come as a mapping from names to values. Nothing that is set is passed over in silence:
what could have no effect is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docsort_server.home import default_folder
from docsort_server.settings_values import SettingsError, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

# Less does not hold one job of many pages.
LEAST_STORE = 16 * 1024 * 1024
_LAST_PORT = 65_535
_NATS_URL = re.compile(
    r"(?P<scheme>(nats|tls)://)?([^/?#\s]+@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)"
    r"(:(?P<port>[0-9]{1,5}))?"
)
_HOST = re.compile(r"\*|(\*\.)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
_BUCKET = re.compile(r"(s3|gs|az)://[A-Za-z0-9._-]+(/[^\s?#]*)?")
_FOLDER = re.compile(r"/.*")
_OWN_SERVER = ("nats_server", "sync")
_JETSTREAM = ("nats", "nats_replicas", "cluster_page_tasks", "store_bytes", *_OWN_SERVER)


def check_rules(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Raise `SettingsError` for settings that cannot be, by themselves or together."""
    changed = {name for name in values if values[name] != defaults[name]}
    _check_address(values["listen"])
    _check_urls(values["nats"])
    _check_store(values)
    _check_role(values)
    _check_effect(values, changed)
    _check_ttl(values)
    _check_places(values)


def placed(values: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Return the folder of the data, where jobs need one and none is set that of the user."""
    data: str = values["data"]
    if data or values["nats"] or values["store"] == "memory":
        return data
    folder = default_folder(environment)
    if folder is None:
        raise SettingsError("data must name a folder to keep jobs in: this user has no home")
    return str(folder)


def _check_address(address: str) -> None:
    # gRPC would take a missing port for 443 and cut one that is too large.
    host, _, port = address.rpartition(":")
    if not (host and re.fullmatch(r"[0-9]{1,5}", port) and int(port) <= _LAST_PORT):
        raise SettingsError(f"listen must be HOST:PORT, is {address!r}")


def _check_urls(nats: str) -> None:
    urls = nats.split(",") if nats else []
    for number, url in enumerate(urls, 1):
        if not _is_nats_url(url.strip()):
            # What it is may be, or hold, a password.
            raise SettingsError(
                "nats must be addresses like nats://HOST:PORT, tls://HOST:PORT or HOST:PORT, "
                f"comma-separated; number {number} of {len(urls)} is none"
            )


def _is_nats_url(url: str) -> bool:
    found = _NATS_URL.fullmatch(url)
    if not found:
        return False
    # The library adds its usual port to a whole URL.
    port = found["port"]
    return 0 < int(port) <= _LAST_PORT if port else bool(found["scheme"])


def _check_store(values: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", values["nats_prefix"]):
        raise SettingsError("nats_prefix must be up to 32 lower-case letters, digits, _ and -")
    if 0 < values["store_bytes"] < LEAST_STORE:
        raise SettingsError(f"store_bytes must be 0 or at least {LEAST_STORE}")


def _check_role(values: Mapping[str, Any]) -> None:
    role = values["role"]
    if role != "all" and (values["store"] == "memory" or not values["nats"]):
        raise SettingsError(
            f"role {role} needs store jetstream and nats, the servers that it shares with "
            "the other roles"
        )


def _check_effect(values: Mapping[str, Any], changed: set[str]) -> None:
    """Refuse what would have no effect."""
    if values["store"] == "memory":
        if idle := _first(_JETSTREAM, changed):
            raise SettingsError(f"{idle} needs store jetstream: store memory uses no NATS server")
    elif values["nats"]:
        if idle := _first(_OWN_SERVER, changed):
            raise SettingsError(
                f"{idle} is for a NATS server of docsort's own; with nats that is not run"
            )
    elif "nats_replicas" in changed:
        raise SettingsError("nats_replicas needs nats: docsort's own NATS server is a single one")


def _first(names: tuple[str, ...], changed: set[str]) -> str | None:
    return next((name for name in names if name in changed), None)


def _check_ttl(values: Mapping[str, Any]) -> None:
    for name in ("job_ttl", "document_ttl"):
        default, longest = values[name], values[f"max_{name}"]
        if default > longest:
            text = f"max_{name} must be at least {name}, {default:g}"
            raise SettingsError(f"{text}, is {longest:g}")


def _check_places(values: Mapping[str, Any]) -> None:
    """Refuse what names no place to fetch documents from."""
    forms = {
        "uri_hosts": (_HOST, "names like docs.example.com, *.example.com or *, with :PORT or not"),
        "uri_private_hosts": (_HOST, "names like docs.example.com, with :PORT or not"),
        "uri_buckets": (_BUCKET, "URIs like s3://bucket, gs://bucket/prefix or az://account/it"),
        "uri_folders": (_FOLDER, "absolute paths"),
    }
    for name, (form, meant) in forms.items():
        for entry in listed(values[name]):
            if not form.fullmatch(entry) or (entry == "*" and name != "uri_hosts"):
                raise SettingsError(f"{name} must be {meant}, comma-separated; {entry!r} is none")
