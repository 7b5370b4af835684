"""The command line as its users run it: a process of its own."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import forks

# What stands in for an installation without one of the extras.
_WITHOUT = (
    "import sys; sys.modules[{!r}] = None; from docsort.__main__ import main; sys.exit(main())"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold what a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of its output."""
        return self.out.splitlines()


async def started(
    *arguments: str | Path, server: str = "", without: str = ""
) -> asyncio.subprocess.Process:
    """Start `docsort` with these arguments; `without` names a library that is not there."""
    program = ["-c", _WITHOUT.format(without)] if without else ["-m", "docsort"]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *program,
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(server),
    )


def _environment(server: str) -> dict[str, str]:
    return {**os.environ, "DOCSORT_SERVER": server, "COLUMNS": "100"}


async def ran(
    *arguments: str | Path, server: str = "", stdin: bytes = b"", without: str = ""
) -> Ended:
    """Run `docsort` to its end."""
    if not without and not forks.measured():
        words = [*map(str, arguments)]
        code, said, complained = await asyncio.to_thread(
            forks.ran, "docsort", words, _environment(server), stdin
        )
        return Ended(code, said.decode(), complained.decode())
    process = await started(*arguments, server=server, without=without)
    out, err = await process.communicate(stdin)
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


def read_all(descriptor: int) -> str:
    """Read a terminal until its other end is closed, which Linux tells as an error."""
    parts: list[bytes] = []
    while True:
        try:
            parts.append(os.read(descriptor, 4096))
        except OSError:
            break
    os.close(descriptor)
    return b"".join(parts).decode()
