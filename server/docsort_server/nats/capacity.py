"""How much disk the job store may use."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from docsort_server.nats.errors import NatsServerError

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024
# Of the space that is free or ours already.
SHARE = 0.8
# How much larger the disk must have become to be noticed: its free space always moves a little.
GROWN = 1.5
# Free bytes under which the end of all that has begun is all that should still be written.
LOW = 256 * MIB
# Less than this holds no document of the default size with its results.
LEAST = 128 * MIB


def store_capacity(folder: Path, store: Path, limit: int = 0) -> int:
    """Return the bytes that the store may fill: as before, or much more where the disk has grown.

    At most `limit`, where that is set before the store is first made. A smaller number than at an
    earlier start would make the store refuse its own streams, so it is kept in `folder`. Raises
    `NatsServerError` where the disk is as good as full.
    """
    file = folder / "capacity"
    before = int(file.read_text()) if file.exists() else 0
    now = int(SHARE * (shutil.disk_usage(folder).free + _used(store)))
    now = min(now, limit or now)
    capacity = before if before and now < GROWN * before else now
    least = min(LEAST, limit or LEAST)
    if capacity < least:
        raise NatsServerError(
            f"the disk of {folder} has {capacity // MIB} MiB for jobs; {least // MIB} are needed"
        )
    fresh = folder / "capacity.new"
    fresh.write_text(str(capacity))
    fresh.rename(file)
    return capacity


def disk_is_low(folder: Path) -> bool:
    """Tell whether others have filled the disk so far that the store should take nothing new."""
    return shutil.disk_usage(folder).free < LOW


def _used(store: Path) -> int:
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
