"""Settings that have a form or a choice of their own, each told in one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.settings_backends import LOCAL, OPENAI
from docsort_server.settings_values import SettingsError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAST_PORT = 65_535


def check_address(address: str) -> None:
    """Raise `SettingsError` for what is no address to listen on."""
    # gRPC would take a missing port for 443 and cut one that is too large.
    host, _, port = address.rpartition(":")
    if not (host and re.fullmatch(r"[0-9]{1,5}", port) and int(port) <= _LAST_PORT):
        raise SettingsError(f"listen must be HOST:PORT, is {address!r}")


def check_engine(engine: str, named: Iterable[str], model: str) -> None:
    """Raise `SettingsError` for a default engine that is not there."""
    if engine == OPENAI and not model:
        raise SettingsError(f"engine {OPENAI} needs openai_model, the name of the model")
    known = [LOCAL, OPENAI, *named]
    if engine not in known:
        hint = nearest(engine, known)
        raise SettingsError(f"engine must be one of {', '.join(known)}, is {engine!r}{hint}")
