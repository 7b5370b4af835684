"""The command `docsort-server status`."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docsort_server.home import READY
from docsort_server.nats.endpoint import read_endpoint
from docsort_server.settings_sources import load
from docsort_server.status.facts import EngineFacts, Facts
from docsort_server.status.report import as_json, as_text
from docsort_server.status.server import server_facts
from docsort_server.stores import engine_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.settings import Settings

_EPILOG = """\
Settings come from --config, the environment and the command line, as for the server; --data finds
one on this machine, whatever its address. Exit codes: 0 when the server and its job engine serve,
1 when not, 2 for a wrong setting.
"""


def status(arguments: Sequence[str]) -> int:
    """Tell how a server is; return the exit code. Raises `SettingsError`."""
    options = _parser().parse_args(arguments)
    # What is wrong is part of the answer.
    logging.disable()
    names = ("listen", "data", "nats")
    settings = load(options.config, os.environ, {name: getattr(options, name) for name in names})
    facts = asyncio.run(gather_facts(settings, options.listen))
    print(as_json(facts) if options.format == "json" else as_text(facts))  # noqa: T201
    return int(bool(facts.problems))


async def gather_facts(settings: Settings, listen: str | None) -> Facts:
    """Ask the server of an address, or else of the settings' folder, and its job engine."""
    folder = Path(settings.data) if settings.data else None
    ready = _ready(folder) if folder else {}
    address = listen if listen or folder else settings.listen
    server, engine = await asyncio.gather(
        server_facts(address, folder, ready),
        _engine(settings, ready.get("store"), elsewhere=bool(listen)),
    )
    own = folder is not None and engine_folder(folder).exists()
    return Facts(server, engine, shutil.disk_usage(folder).free if folder and own else None)


async def _engine(settings: Settings, store: str | None, *, elsewhere: bool) -> EngineFacts | None:
    """Ask the engine; that of a server on another machine is known by its address only."""
    if (store or settings.store) == "memory":
        return None
    # They take longer to load than all the rest, and not every answer needs them.
    from docsort_server.jobs.store.jetstream import Servers  # noqa: PLC0415
    from docsort_server.status.engine import engine_facts  # noqa: PLC0415

    if settings.nats:
        return await engine_facts(Servers(settings.nats_urls), settings.nats_prefix)
    folder = engine_folder(Path(settings.data))
    endpoint = read_endpoint(folder)
    if endpoint is None and elsewhere:
        return EngineFacts()
    if endpoint is None:
        return EngineFacts(problem=f"no job engine runs in {folder} that this user may ask")
    return await engine_facts(Servers([endpoint.url], endpoint.token), settings.nats_prefix)


def _ready(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / READY).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="docsort-server status",
        description="Tell how a server and its job engine are.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--listen", metavar="HOST:PORT", help="address of the server to ask")
    parser.add_argument("--data", metavar="DIR", help="its folder, on this machine")
    parser.add_argument("--nats", metavar="URL", help="NATS servers it uses, comma-separated")
    parser.add_argument("--config", metavar="FILE", type=Path, help="its TOML file of settings")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to tell it (text)"
    )
    return parser
