"""The command `docsort-server`: arguments to settings, settings to a running server."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server import exposure
from docsort_server.heap import keep_freed_memory
from docsort_server.settings import Settings
from docsort_server.settings_sources import PREFIX, load, unknown_variables
from docsort_server.settings_values import SettingsError, declared
from docsort_server.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

# What the extra brings; without any of these the server cannot run.
_EXTRA = ("grpc_health", "grpc_reflection", "nats", "pypdf", "pypdfium2", "uvloop")

_EPILOG = """\
Jobs are kept on disk: by a NATS server of its own in the folder --data, which unless set is
$XDG_STATE_HOME/docsort or ~/.local/state/docsort; or on the NATS servers of --nats, which several
docsort-servers may share. There --role can divide the work: api answers calls, worker runs jobs,
all does both. With --store memory nothing is written, and jobs are gone with the process.

Every setting can stand in a TOML file (--config), in the environment as {prefix}NAME, and some
on the command line; the later ones win. Signals: SIGTERM or Ctrl-C drains and ends, a second
one ends at once. Exit codes: 0 after a drain, 1 when the server cannot start or fails, 2 for a
wrong setting. How a server that runs is doing: docsort-server status, with a --help of its own.

settings:
{settings}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server, or tell how one is; return the process's exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    asked = words[:1] == ["status"]
    options = None if asked else _parser().parse_args(words)
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        return _complain("this needs the server extra: pip install 'docsort[server]'", 1)
    try:
        if options is None:
            return _status(words[1:])
        return _run(load(options.config, os.environ, _overrides(options)))
    except SettingsError as error:
        return _complain(str(error), 2)


def _status(words: Sequence[str]) -> int:
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from docsort_server.status.command import status  # noqa: PLC0415 - needs the extra

    return status(words)


def _run(settings: Settings) -> int:
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # A line for every call of a model says nothing that the server does not say itself.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    for sentence in unknown_variables(os.environ):
        logging.getLogger(__name__).warning("%s", sentence)
    return _serve(settings)


def _serve(settings: Settings) -> int:
    # gRPC's core writes lines of its own to stderr, for failures that are reported here anyway.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    # Else it starts its threads anew in every child that uvloop forks, where they may crash (and
    # end the child) before it is replaced by the program that it was forked for. An import of
    # gRPC reads this.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    keep_freed_memory()
    # What is loaded stays: looking for garbage in it took a tenth of the time.
    gc.disable()
    # Imported here: without the extra these modules cannot be.
    import uvloop  # noqa: PLC0415

    from docsort_server.app import StartError, serving  # noqa: PLC0415
    from docsort_server.home import HomeError  # noqa: PLC0415
    from docsort_server.incidents import incident  # noqa: PLC0415
    from docsort_server.jobs.store.protocols import StoreError  # noqa: PLC0415
    from docsort_server.lifecycle import Lifecycle  # noqa: PLC0415
    from docsort_server.nats.errors import NatsServerError  # noqa: PLC0415
    from docsort_server.sandbox.errors import WorkerStartError  # noqa: PLC0415

    gc.freeze()
    gc.enable()

    async def run() -> int:
        lifecycle = Lifecycle(
            # Nobody balances calls to a worker.
            delay=settings.drain_delay if settings.answers else 0,
            grace=settings.drain_grace,
            shared=settings.shared,
        )
        lifecycle.listen()
        async with serving(settings) as app:
            app.work.add_done_callback(lambda _: lifecycle.stop())
            print(_greeting(settings, app.address), file=sys.stderr, flush=True)  # noqa: T201
            if said := exposure.warning(settings.listen):
                logging.getLogger(__name__).warning("%s", said)
            await lifecycle.stopping()
            crashed = app.work.done()
            if crashed and (error := app.work.exception()):
                incident(logging.getLogger(__name__), "the work in the background", error)
            await lifecycle.drain(app)
        return int(crashed)

    try:
        return uvloop.run(run())
    except (StartError, HomeError, WorkerStartError, NatsServerError, StoreError) as error:
        return _complain(str(error), 1)


def _greeting(settings: Settings, address: str) -> str:
    text = f"docsort {VERSION} serves on {address}"
    if settings.role != "all":
        text += f", role {settings.role}"
    return text + ("; jobs are in memory and not kept" if settings.store == "memory" else "")


def _parser() -> argparse.ArgumentParser:
    lines = [
        f"  {known.name:<26} {known.metadata['about']} ({_shown(known.default)})"
        for known in declared(Settings)
    ]
    parser = argparse.ArgumentParser(
        prog="docsort-server",
        description="Classify documents over gRPC.",
        epilog=_EPILOG.format(prefix=PREFIX, settings="\n".join(lines)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--listen", metavar="HOST:PORT", help="address to serve on")
    parser.add_argument("--data", metavar="DIR", help="folder for the server's files and jobs")
    parser.add_argument(
        "--engine", metavar="NAME", help="default engine: local, openai or a backend"
    )
    parser.add_argument("--role", metavar="NAME", help="what it does: all, api or worker")
    parser.add_argument("--store", metavar="NAME", help="where jobs live: jetstream or memory")
    parser.add_argument("--sync", metavar="WHEN", help="writes to disk: always, 100ms or 2m")
    parser.add_argument("--nats-server", metavar="FILE", help="binary of its own NATS server")
    parser.add_argument("--nats", metavar="URL", help="NATS servers to use, comma-separated")
    parser.add_argument("--config", metavar="FILE", type=Path, help="TOML file of settings")
    parser.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error")
    parser.add_argument("--version", action="version", version=f"docsort-server {VERSION}")
    return parser


def _overrides(options: argparse.Namespace) -> dict[str, str | None]:
    names = (
        "listen",
        "data",
        "engine",
        "role",
        "store",
        "sync",
        "nats",
        "nats_server",
        "log_level",
    )
    return {name: getattr(options, name) for name in names}


def _shown(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default) or "none"


def _complain(text: str, code: int) -> int:
    print(f"docsort-server: {text}", file=sys.stderr)  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
