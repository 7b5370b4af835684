"""How much memory a process and its descendants hold together (Linux only)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.processes import Process

_KIB = 1024
_BLOCK = 512
_OWN = ("Pss_Anon:", "Pss_File:")
_MEMORY_FILE = "/memfd:"


def held(process: Process) -> int:
    """Return the bytes held now: each process's own, a share of what is shared, memory files once.

    What is mapped of a memory file is no process's own: the file counts as a whole, whoever has
    it open. Processes that end meanwhile count nothing.
    """
    files: dict[int, int] = {}
    own = 0
    for each in [process, *process.descendants()]:
        try:
            own += _own(each.pid)
            files.update(_memory_files(each.pid))
        except OSError:
            continue
    return own + sum(files.values())


def _own(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith(_OWN))


def _memory_files(pid: int) -> dict[int, int]:
    """Return the memory files a process has open or mapped: by inode, the bytes they hold."""
    found: dict[int, int] = {}
    for folder in ("fd", "map_files"):
        for link in Path(f"/proc/{pid}/{folder}").iterdir():
            try:
                if str(link.readlink()).startswith(_MEMORY_FILE):
                    facts = link.stat()
                    found[facts.st_ino] = facts.st_blocks * _BLOCK
            except OSError:
                continue
    return found
