"""What the kernel tells about processes (Linux only)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_KIB = 1024
# The figures after a process's name in /proc/PID/stat, counted from 0 (proc(5)).
_STATE, _PARENT, _USER, _SYSTEM = 0, 1, 11, 12


@dataclass(frozen=True, slots=True)
class Process:
    """One process by its id; every reading raises OSError once it is gone."""

    pid: int

    @property
    def cpu(self) -> float:
        """CPU seconds used so far, to a hundredth."""
        fields = self._stat()
        return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICK

    @property
    def busy_ns(self) -> int:
        """CPU nanoseconds used by the first thread so far, to the last switch or tick."""
        return int((_PROC / str(self.pid) / "schedstat").read_text().split()[0])

    @property
    def resident(self) -> int:
        """Bytes in memory now."""
        return self._status("VmRSS")

    @property
    def peak(self) -> int:
        """Most bytes in memory since the start or `forget_peak`."""
        return self._status("VmHWM")

    @property
    def alive(self) -> bool:
        """Whether it runs; one that has ended but was not waited for does not."""
        try:
            return self._stat()[_STATE] not in "ZX"
        except OSError:
            return False

    @property
    def command(self) -> str:
        """Its command line, joined by spaces."""
        text = (_PROC / str(self.pid) / "cmdline").read_bytes()
        return text.replace(b"\0", b" ").decode(errors="replace")

    def forget_peak(self) -> None:
        """Let `peak` count from now on."""
        (_PROC / str(self.pid) / "clear_refs").write_text("5")

    def descendants(self) -> list[Process]:
        """Return its children, their children and so on."""
        parents = _parents()
        found = [self.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return [Process(pid) for pid in found[1:]]

    def _stat(self) -> list[str]:
        # A name may hold spaces and brackets: what follows the last bracket is safe to split.
        return (_PROC / str(self.pid) / "stat").read_text().rpartition(")")[2].split()

    def _status(self, key: str) -> int:
        for line in (_PROC / str(self.pid) / "status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) * _KIB
        raise ProcessLookupError(self.pid)


def _parents() -> dict[int, int]:
    parents: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[_PARENT])
    return parents
