"""What may be fetched: schemes, hosts, buckets and folders that the settings name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from yarl import URL

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

HTTPS_PORT = 443
STORES = ("s3", "gs", "az")
ANY_HOST = "*"
# What URLs are read differently for by different programs.
_SUSPECT = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be fetched; everything empty allows nothing.

    `hosts` are names of https servers, with `:PORT` where that is not 443; `*` is any host, and
    `*.example.com` any below that. Those of `private_hosts` may have addresses inside the network.
    `buckets` are URIs such as `s3://bucket/prefix`, `folders` absolute paths.
    """

    hosts: tuple[str, ...] = ()
    private_hosts: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    def check(self, uri: str) -> URL:
        """Return a URI that is allowed, as far as its text tells.

        Raises `Fault` URI_NOT_ALLOWED.
        """
        if _SUSPECT.search(uri) or "%00" in uri:
            raise not_allowed("the URI holds characters that no URI has")
        try:
            url = URL(uri)
            scheme, _ = url.scheme.lower(), url.port
        except ValueError:
            raise not_allowed("the URI cannot be read") from None
        if url.user is not None or url.password is not None:
            raise not_allowed("a URI with a user or password is not fetched")
        if scheme == "https":
            self._check_host(url)
        elif scheme in STORES:
            self._check_bucket(url)
        elif scheme == "file":
            self._check_file(url)
        else:
            raise not_allowed("its scheme is none of https, s3, gs, az and file")
        return url

    def is_private(self, url: URL) -> bool:
        """Tell whether the server of an https URL may have an address inside the network."""
        return _matches(_host(url), url.port or HTTPS_PORT, self.private_hosts)

    def _check_host(self, url: URL) -> None:
        host, port = _host(url), url.port or HTTPS_PORT
        allowed = (*self.hosts, *self.private_hosts)
        if not (_matches(host, port, allowed) or (port == HTTPS_PORT and ANY_HOST in self.hosts)):
            raise not_allowed("its host and port are not among those of the setting uri_hosts")

    def _check_bucket(self, url: URL) -> None:
        path = PurePosixPath("/", unquote(url.raw_path))
        wanted = (url.scheme.lower(), _host(url), path)
        if ".." in path.parts or not any(_lies_in(wanted, bucket) for bucket in self.buckets):
            raise not_allowed("it lies in none of the buckets of the setting uri_buckets")

    def _check_file(self, url: URL) -> None:
        if (url.raw_host or "localhost") != "localhost":
            raise not_allowed("a file on another host is not fetched")
        path = PurePosixPath(url.path)
        if ".." in path.parts or not any(path.is_relative_to(root) for root in self.folders):
            raise not_allowed("it lies in none of the folders of the setting uri_folders")


def not_allowed(why: str) -> Fault:
    """Return the fault for what is not fetched; the URI is not quoted: it may hold secrets."""
    return Fault(Reason.URI_NOT_ALLOWED, f"The document is not fetched: {why}.")


def unreachable(why: str, **metadata: str) -> Fault:
    """Return the fault for a document that is not to be had."""
    text = f"The document cannot be fetched: {why}."
    return Fault(Reason.URI_UNREACHABLE, text, metadata=metadata)


def _host(url: URL) -> str:
    return (url.raw_host or "").lower().rstrip(".")


def _matches(host: str, port: int, allowed: Iterable[str]) -> bool:
    for entry in allowed:
        name, _, number = entry.lower().partition(":")
        if port != int(number or HTTPS_PORT):
            continue
        if host == name or (name.startswith("*.") and host.endswith(name[1:])):
            return True
    return False


def _lies_in(wanted: tuple[str, str, PurePosixPath], bucket: str) -> bool:
    url = URL(bucket)
    scheme, host, path = wanted
    prefix = PurePosixPath("/", url.path)
    return (scheme, host) == (url.scheme.lower(), _host(url)) and path.is_relative_to(prefix)
