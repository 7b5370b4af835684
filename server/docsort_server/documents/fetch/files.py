"""Fetching files below folders that the settings name."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.documents.fetch.policy import not_allowed, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from yarl import URL

_CHUNK = 1024 * 1024


async def fetch_file(url: URL, folders: tuple[str, ...]) -> AsyncGenerator[bytes, None]:
    """Yield a file's content in chunks.

    Where it lies is judged once it is open, by where it really is: links lead nowhere else. Raises
    the Faults URI_NOT_ALLOWED, also for what is no regular file, and URI_UNREACHABLE.
    """
    try:
        fd = await _open(url.path, folders)
    except OSError as error:
        text = f"the file cannot be opened ({error.strerror})"
        # As a web server would tell it: another try finds no more.
        missing = {"status": "404"} if isinstance(error, FileNotFoundError) else {}
        raise unreachable(text, **missing) from None
    try:
        while chunk := await asyncio.to_thread(os.read, fd, _CHUNK):
            yield chunk
    finally:
        os.close(fd)


async def _open(path: str, folders: tuple[str, ...]) -> int:
    opening = asyncio.ensure_future(asyncio.to_thread(_opened, path, folders))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread goes on, and nobody else would close what it opens.
        opening.add_done_callback(_close)
        raise


def _close(opening: asyncio.Future[int]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())


def _opened(path: str, folders: tuple[str, ...]) -> int:
    # Without waiting: a named pipe would hold the thread until somebody writes to it.
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _check(fd, path, folders)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _check(fd: int, path: str, folders: tuple[str, ...]) -> None:
    here = Path("/proc/self/fd", str(fd))
    place = here.readlink() if here.exists() else Path(path).resolve()
    if not any(place.is_relative_to(Path(root).resolve()) for root in folders):
        raise not_allowed("it lies in none of the folders of the setting uri_folders")
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        raise not_allowed("it is no regular file")
