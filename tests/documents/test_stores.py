"""Files and objects as they are fetched: which place is asked, and what is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from pathlib import Path

import obstore.store
import pytest
from aiohttp import web
from eventually import eventually
from yarl import URL

from docsort_server.documents.fetch import buckets, files
from docsort_server.documents.fetch.policy import Policy
from docsort_server.faults import Fault, Reason


async def test_an_azure_uri_names_account_and_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is the host, as in `uri_buckets`; the container is the first part of the path."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        dates = {"ETag": "1", "Last-Modified": "Mon, 06 May 2024 10:00:00 GMT"}
        return web.Response(body=b"content", headers=dates)

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", f"http://{host}:{port}")
    monkeypatch.setenv("AZURE_ALLOW_HTTP", "true")
    monkeypatch.setenv("AZURE_SKIP_SIGNATURE", "true")
    url = URL("az://account/letters/2024/a.pdf")
    chunks = [chunk async for chunk in buckets.fetch_object(url)]
    await runner.cleanup()
    store, _ = buckets._place(obstore.store, url)
    assert chunks == [b"content"]
    assert asked == ["/letters/2024/a.pdf"]
    assert store.config["account_name"] == "account"


def test_a_private_host_is_one_on_its_port() -> None:
    """Another port of the same name may have no address inside the network."""
    policy = Policy(hosts=("*",), private_hosts=("10.0.0.1:8443",))
    assert policy.is_private(policy.check("https://10.0.0.1:8443/a"))
    assert not policy.is_private(policy.check("https://10.0.0.1/a"))


def test_a_file_whose_name_no_system_has_is_refused() -> None:
    """It is no fault of the server's."""
    with pytest.raises(Fault) as caught:
        Policy(folders=("/srv",)).check("file:///srv/a%00.pdf")
    assert caught.value.reason is Reason.URI_NOT_ALLOWED


async def test_an_opening_that_nobody_waits_for_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that opens a file cannot be stopped; what it opens must not stay open."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"content")
    started, go_on = threading.Event(), threading.Event()
    opened: list[int] = []

    def slowly(name: str, folders: tuple[str, ...]) -> int:
        started.set()
        go_on.wait(10)
        opened.append(os.open(name, os.O_RDONLY))
        return opened[0]

    monkeypatch.setattr(files, "_opened", slowly)
    fetching = asyncio.ensure_future(anext(files.fetch_file(URL(f"file://{path}"), ())))
    await asyncio.to_thread(started.wait, 10)
    fetching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await fetching
    go_on.set()
    await eventually(lambda: bool(opened) and not is_open(opened[0], path))


def is_open(fd: int, path: Path) -> bool:
    """Tell whether a descriptor of this process still leads to a file."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/self/fd/{fd}").readlink() == path
    return False
