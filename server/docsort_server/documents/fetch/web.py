"""Fetching over https, from nowhere but where it is allowed to go."""

from __future__ import annotations

import socket
import ssl
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import aiohttp

from docsort_server.documents.fetch.addresses import is_public
from docsort_server.documents.fetch.policy import not_allowed, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp.abc import AbstractResolver
    from yarl import URL

    from docsort_server.documents.fetch.policy import Policy
    from docsort_server.faults import Fault

_REDIRECTS = 3
_MOVED = {301, 302, 303, 307, 308}
_OK = 200
_CHUNK = 256 * 1024
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "docsort"}


class Web:
    """Fetches documents over https.

    Every connection is vetted by the very address that it goes to, after all names were resolved:
    what a name meant a moment ago does not count. Redirects are followed by hand, each checked like
    the first URI. Certificates are checked against the system's authorities, or those of the
    variable SSL_CERT_FILE; nothing else of the environment, such as a proxy, and no cookie is used.
    """

    def __init__(self, policy: Policy, resolver: AbstractResolver | None = None) -> None:
        self._policy = policy
        self._resolver = resolver
        self._trusted = ssl.create_default_context()

    async def fetch(self, url: URL) -> AsyncGenerator[bytes, None]:
        """Yield the body in chunks. Raises the Faults URI_NOT_ALLOWED and URI_UNREACHABLE."""
        for _ in range(_REDIRECTS + 1):
            async with self._session(url) as session, self._get(session, url) as response:
                target = response.headers.get("Location")
                if response.status not in _MOVED or target is None:
                    _check_status(response.status)
                    async with aclosing(_body(response)) as chunks:
                        async for chunk in chunks:
                            yield chunk
                    return
                url = self._policy.check(_joined(url, target))
                if url.scheme != "https":
                    raise not_allowed("it redirects to another scheme")
        raise unreachable(f"it redirects more than {_REDIRECTS} times")

    def _session(self, url: URL) -> aiohttp.ClientSession:
        private = self._policy.is_private(url)
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            ssl=self._trusted,
            use_dns_cache=False,
            force_close=True,
            socket_factory=_any_socket if private else _public_socket,
        )
        return aiohttp.ClientSession(
            connector=connector,
            # A resolver that is given belongs to whoever gave it.
            connector_owner=True,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=30.0),
        )

    def _get(self, session: aiohttp.ClientSession, url: URL) -> _Asking:
        return _Asking(session, url)


class _Asking:
    """An answer on its way, with every trouble of the way told as a Fault."""

    def __init__(self, session: aiohttp.ClientSession, url: URL) -> None:
        self._session = session
        self._url = url
        self._response: aiohttp.ClientResponse | None = None

    async def __aenter__(self) -> aiohttp.ClientResponse:
        try:
            self._response = await self._session.get(self._url, allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _told(error) from None
        return self._response

    async def __aexit__(self, *_: object) -> None:
        if self._response is not None:
            self._response.close()


class _NotPublicError(OSError):
    """A connection to an address that is not allowed; nothing was sent."""


def _public_socket(info: tuple[Any, ...]) -> socket.socket:
    """Make the socket for a connection unless it would go inside the network."""
    if not is_public(str(info[4][0])):
        raise _NotPublicError
    return _any_socket(info)


def _any_socket(info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol = info[:3]
    return socket.socket(family, kind, protocol)


def _told(error: BaseException) -> Fault:
    """Return what went wrong, without names or addresses: those tell of the inside."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _NotPublicError):
            return not_allowed("its host has an address inside a network")
        cause = getattr(cause, "os_error", None) or cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError):
        return unreachable("its server does not answer in time")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return unreachable("its server shows no certificate that can be trusted")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return unreachable("its host is not known")
    return unreachable(f"its server cannot be reached ({type(error).__name__})")


def _check_status(status: int) -> None:
    if status != _OK:
        raise unreachable(f"its server answers with status {status}", status=str(status))


async def _body(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes, None]:
    try:
        async for chunk in response.content.iter_chunked(_CHUNK):
            yield chunk
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise _told(error) from None


def _joined(url: URL, target: str) -> str:
    try:
        return str(url.join(type(url)(target)))
    except ValueError:
        raise not_allowed("it redirects to what is no URI") from None
