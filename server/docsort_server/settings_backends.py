"""The settings of model backends: tables of the file, and the same keys as `openai_NAME`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docsort_server.engine.model import LOCAL
from docsort_server.engine.openai.backend import Backend, BackendError, Prices, Vision
from docsort_server.engine.openai.calibration import CalibrationError, fit_for
from docsort_server.engine.openai.calibration import load as load_calibration
from docsort_server.settings_values import (
    SettingsError,
    check_keys,
    checked,
    choice,
    declared,
    secret,
    setting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# The backend that the settings beginning with `openai_` describe.
OPENAI = "openai"
# The embedded engine, with a backend for what that leaves open.
CASCADE = "cascade"
PUBLIC_URL = "https://api.openai.com/v1"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """What can be set of a backend. Times are seconds."""

    base_url: str = setting("", "address, such as http://localhost:8000/v1; empty: OPENAI_BASE_URL")
    api_key: str = secret("its key; empty: OPENAI_API_KEY")
    model: str = setting("", "name of the model there")
    max_concurrency: int = setting(32, "most calls at a time", least=1, most=2_000)
    timeout: float = setting(60.0, "longest wait for one answer", least=0.1)
    patience: float = setting(300.0, "longest work on one page, with all retries", least=0.1)
    max_tries: int = setting(6, "tries of a call that fails", least=1, most=100)
    requests_per_minute: int = setting(
        0, "most calls a minute, over all processes that share nats; 0: no bound"
    )
    tokens_per_minute: int = setting(0, "the same for tokens; 0: no bound")
    text_chars: int = setting(6_000, "characters sent of a page", least=100, most=200_000)
    vision: str = choice(
        "auto",
        "when a page's picture is sent; auto: where it has no text",
        "auto",
        "always",
        "never",
    )
    votes: int = setting(0, "answers that vote where a model has no probabilities", most=25)
    cut_latency: bool = setting(default=False, about="take slow answers for refusals")
    calibration: str = setting("", "file of fitted temperatures")
    price_input: float = setting(0.0, "price of a million input tokens")
    price_cached: float = setting(0.0, "the same for cached ones; 0: as input")
    price_output: float = setting(0.0, "price of a million output tokens")


_DECLARED = {each.name: each for each in declared(BackendSettings)}


def as_openai(name: str) -> Any:  # noqa: ANN401 - a field of any type
    """Declare the setting `openai_NAME`: the same as a backend's of that name."""
    known = _DECLARED[name]
    return field(default=known.default, metadata=known.metadata, repr=known.repr)


def read_backends(tables: object, where: str) -> dict[str, BackendSettings]:
    """Return the tables `backends.NAME` of a file. Raises `SettingsError`."""
    if not isinstance(tables, dict):
        raise SettingsError(f"{where}backends must be tables such as [backends.NAME]")
    return {name: _read(name, table, where) for name, table in tables.items()}


def _read(name: str, table: object, where: str) -> BackendSettings:
    place = f"backends.{name}"
    if not _NAME.fullmatch(name) or name in {LOCAL, OPENAI, CASCADE}:
        text = "must have another name: up to 40 lower-case letters, digits, . _ and -, and none of"
        raise SettingsError(f"{where}{place} {text} {LOCAL}, {OPENAI} and {CASCADE}")
    if not isinstance(table, dict):
        raise SettingsError(f"{where}{place} must be a table")
    check_keys(table, _DECLARED, f"{where}{place}: ")
    values = {key: checked(_DECLARED[key], value, f"{place}.{key}") for key, value in table.items()}
    return BackendSettings(**values)


def of_openai(settings: object) -> BackendSettings:
    """Return the settings that begin with `openai_` as a backend's."""
    return BackendSettings(**{name: getattr(settings, f"{OPENAI}_{name}") for name in _DECLARED})


def with_fallbacks(
    chosen: BackendSettings, environment: Mapping[str, str], *, named: bool
) -> BackendSettings:
    """Fill in what is empty from the variables that OpenAI's own library reads.

    A named backend with an address of its own is given no key but its own: that of another
    provider is not its business.
    """
    values = {each.name: getattr(chosen, each.name) for each in fields(chosen)}
    own_place = bool(chosen.base_url)
    values["base_url"] = chosen.base_url or environment.get("OPENAI_BASE_URL", "")
    if not (named and own_place):
        values["api_key"] = chosen.api_key or environment.get("OPENAI_API_KEY", "")
    return BackendSettings(**values)


def backend_of(name: str, chosen: BackendSettings) -> Backend:
    """Return a backend as its engine takes it. Raises `SettingsError`."""
    prefix = f"{OPENAI}_" if name == OPENAI else f"backends.{name}."
    if not chosen.model:
        raise SettingsError(f"{prefix}model must name a model")
    values = {
        each.name: getattr(chosen, each.name)
        for each in fields(chosen)
        if each.name in Backend.__dataclass_fields__ and each.name != "calibration"
    }
    values["base_url"] = chosen.base_url or PUBLIC_URL
    values["vision"] = Vision(chosen.vision)
    try:
        fits = load_calibration(Path(chosen.calibration)) if chosen.calibration else ()
        fit = fit_for(fits, name, chosen.model)
        return Backend(name=name, prices=_prices(chosen), calibration=fit, **values)
    except CalibrationError as error:
        raise SettingsError(f"{prefix}calibration: {error}") from None
    except BackendError as error:
        # It begins with the backend's name, which the prefix says already.
        raise SettingsError(f"{prefix}{str(error).partition(': ')[2]}") from None


def _prices(chosen: BackendSettings) -> Prices | None:
    if not (chosen.price_input or chosen.price_output):
        return None
    return Prices(chosen.price_input, chosen.price_output, chosen.price_cached or None)
