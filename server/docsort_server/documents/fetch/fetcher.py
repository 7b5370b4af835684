"""Fetch a document from wherever its URI says, within the limits of any document."""

from __future__ import annotations

import asyncio
import importlib  # what fetches over https is loaded where that is allowed
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.documents.fetch.buckets import fetch_object
from docsort_server.documents.fetch.files import fetch_file
from docsort_server.documents.fetch.policy import STORES, unreachable
from docsort_server.documents.sniff import Sampling, sniff

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.abc import AbstractResolver
    from yarl import URL

    from docsort_server.documents.fetch.policy import Policy
    from docsort_server.documents.fetch.web import Web
    from docsort_server.documents.limits import DocumentLimits


class Fetcher:
    """Fetches documents; `seconds` is the longest that one may take."""

    def __init__(
        self,
        policy: Policy,
        limits: DocumentLimits,
        *,
        seconds: float,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._policy = policy
        self._limits = limits
        self._seconds = seconds
        self._web: Web | None = None
        if policy.hosts or policy.private_hosts:
            module = importlib.import_module("docsort_server.documents.fetch.web")
            self._web = module.Web(policy, resolver)

    @property
    def most_bytes(self) -> int:
        """The size of the largest document that is fetched."""
        return self._limits.max_bytes

    def check(self, uri: str) -> None:
        """Raise `Fault` URI_NOT_ALLOWED for what is never fetched, as far as its text tells."""
        self._policy.check(uri)

    async def fetch(self, uri: str) -> AsyncGenerator[bytes, None]:
        """Yield a document in chunks.

        Raises the Faults URI_NOT_ALLOWED, URI_UNREACHABLE, DOCUMENT_TOO_LARGE, and after the last
        chunk EMPTY_DOCUMENT and UNSUPPORTED_DOCUMENT.
        """
        sampling = Sampling()
        limit = {"limit": "uri_seconds", "value": f"{self._seconds:g}"}
        late = unreachable(f"it takes longer than uri_seconds, {self._seconds:g} s", **limit)
        ends = asyncio.get_running_loop().time() + self._seconds
        async with aclosing(self._chunks(self._policy.check(uri))) as chunks:
            while True:
                try:
                    async with asyncio.timeout_at(ends):
                        chunk = await anext(chunks, None)
                except TimeoutError:
                    raise late from None
                if chunk is None:
                    break
                sampling.add(chunk)
                self._limits.check_size(sampling.size)
                yield chunk
        sniff(sampling.sample(), self._limits)

    def _chunks(self, url: URL) -> AsyncGenerator[bytes, None]:
        scheme = url.scheme.lower()
        if scheme in STORES:
            return fetch_object(url)
        if scheme == "file":
            return fetch_file(url, self._policy.folders)
        assert self._web  # the policy lets no such URI through where no host is allowed
        return self._web.fetch(url)
