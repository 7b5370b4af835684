"""Settings from their sources: defaults, a TOML file, the environment, the command line.

Later ones win. The name of a setting is the key in the file; in the environment it is `DOCSORT_`
and the name in capitals.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.settings import Settings
from docsort_server.settings_backends import of_openai, read_backends, with_fallbacks
from docsort_server.settings_engines import check_engines
from docsort_server.settings_rules import check_rules, placed
from docsort_server.settings_values import (
    SettingsError,
    check_keys,
    checked,
    declared,
    nearest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PREFIX = "DOCSORT_"
# Read by the client, which may run beside the server.
_OTHER_VARIABLES = ("DOCSORT_SERVER",)


def load(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, Any]
) -> Settings:
    """Return the settings of all sources; later ones win. Raises `SettingsError`."""
    values: dict[str, Any] = {}
    if file:
        values |= _from_file(file)
    values |= dict(_from_environment(environment))
    values |= {name: value for name, value in overrides.items() if value is not None}
    backends = read_backends(values.pop("backends", {}), f"{file}: ")
    known = {each.name: each for each in declared(Settings)}
    given = {name: checked(known[name], value) for name, value in values.items()}
    settings = _with_fallbacks(Settings(**given, backends=backends), environment)
    found = _values(settings)
    check_rules(found, _values(Settings()))
    check_engines(
        settings.engine,
        settings.fallback,
        settings.cascade_backend,
        settings.backends,
        settings.openai_model,
    )
    # What a backend cannot be is found now, whatever the engine: a request may choose it.
    _ = settings.models
    return replace(settings, data=placed(found, environment))


def _values(settings: Settings) -> dict[str, Any]:
    return {known.name: getattr(settings, known.name) for known in declared(Settings)}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: is not valid TOML: {error}") from None


def _from_file(file: Path) -> dict[str, Any]:
    values = _read(file)
    names = (known.name for known in declared(Settings))
    check_keys(values, (*names, "backends"), f"{file}: ")
    return values


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for known in declared(Settings):
        value = environment.get(PREFIX + known.name.upper())
        if value is not None:
            yield known.name, value


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each variable that looks like a setting and is none."""
    names = [PREFIX + known.name.upper() for known in declared(Settings)]
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in (*names, *_OTHER_VARIABLES):
            yield f"{variable} is no setting{nearest(variable, names)}"


def _with_fallbacks(settings: Settings, environment: Mapping[str, str]) -> Settings:
    main = with_fallbacks(of_openai(settings), environment, named=False)
    backends = {
        name: with_fallbacks(chosen, environment, named=True)
        for name, chosen in settings.backends.items()
    }
    return replace(
        settings,
        openai_base_url=main.base_url,
        openai_api_key=main.api_key,
        backends=backends,
    )
