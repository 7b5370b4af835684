"""Which engines there are, and which of them answer for jobs that name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.model import LOCAL
from docsort_server.settings_backends import CASCADE, OPENAI
from docsort_server.settings_values import SettingsError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def fallbacks_of(text: str) -> list[str]:
    """Return the engines of a comma-separated list."""
    return [name.strip() for name in text.split(",")] if text.strip() else []


def cascade_backend(chosen: str, models: Sequence[str]) -> str | None:
    """Return the backend behind the embedded engine; None where there is none.

    Unless one is chosen it is `openai`, else the only one that there is.
    """
    if chosen:
        return chosen
    if OPENAI in models:
        return OPENAI
    return models[0] if len(models) == 1 else None


def check_engines(
    engine: str, fallback: str, cascade: str, named: Collection[str], model: str
) -> None:
    """Raise `SettingsError` for an engine that is not there."""
    models = [*([OPENAI] if model else []), *named]
    _check_known("engine", engine, [LOCAL, OPENAI, CASCADE, *named])
    if engine == OPENAI and not model:
        raise SettingsError(f"engine {OPENAI} needs openai_model, the name of the model")
    if cascade:
        _check_known("cascade_backend", cascade, models)
    backend = cascade_backend(cascade, models)
    if engine == CASCADE and backend is None:
        needed = "cascade_backend, one of " + ", ".join(models) if models else "openai_model"
        raise SettingsError(f"engine {CASCADE} needs {needed}")
    known = [LOCAL, *models, *([CASCADE] if backend else [])]
    for name in fallbacks_of(fallback):
        _check_known("fallback", name, known)


def _check_known(setting: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        listed = ", ".join(known) or "nothing: no backend is set"
        raise SettingsError(f"{setting} must be one of {listed}, is {name!r}{nearest(name, known)}")
