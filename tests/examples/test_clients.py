"""The programs that use the client, as their readers run them."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest
from source_tree import ROOT

from docsort.testing import Server, job_events

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = ("async_client.py", "sync_client.py")


async def ran(program: str, folder: Path, server: str) -> tuple[int | None, str, str]:
    """Run one in a folder that has a packet; return its code and what it said."""
    packet = folder / "build/sample-packet.pdf"
    packet.parent.mkdir(exist_ok=True)
    packet.write_bytes(b"%PDF-")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        ROOT / "examples" / program,
        cwd=folder,
        env={**os.environ, "DOCSORT_SERVER": server},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    return process.returncode, said.decode(), complained.decode()


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_server_is_the_one_that_the_environment_names(
    program: str, tmp_path: Path
) -> None:
    """As that of the command line is."""
    async with Server(job_events(["Invoice", "Invoice"])) as server:
        code, said, complained = await ran(program, tmp_path, server.target)
    assert (code, complained) == (0, "")
    assert "Invoice, matched" in said


async def test_without_a_server_they_tell_what_to_do(tmp_path: Path) -> None:
    """Two sentences, no traceback. Side by side: each looks for a server for a while."""
    ended = [ran(program, tmp_path, "127.0.0.1:1") for program in PROGRAMS]
    for code, said, complained in await asyncio.gather(*ended):
        assert (code, said) == (1, "")
        assert complained.count("\n") == 2
        assert "127.0.0.1:1" in complained
        assert "make serve" in complained
