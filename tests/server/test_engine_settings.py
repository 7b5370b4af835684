"""Which engines the settings may name, and what answers by default."""

from __future__ import annotations

import pytest

from docsort_server.settings_sources import load
from docsort_server.settings_values import SettingsError

MODEL = {"DOCSORT_OPENAI_MODEL": "small", "DOCSORT_STORE": "memory"}


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"ENGINE": "cascade"}, "engine cascade needs openai_model"),
        ({"FALLBACK": "oracle"}, "fallback must be one of local, is 'oracle'"),
        ({"FALLBACK": "local,openai"}, "fallback must be one of local, is 'openai'"),
        (
            {"CASCADE_BACKEND": "openai"},
            "cascade_backend must be one of nothing: no backend is set, is 'openai'",
        ),
        (
            {"CASCADE_BACKEND": "local", "OPENAI_MODEL": "small"},
            "cascade_backend must be one of openai, is 'local'",
        ),
        ({"CASCADE_MARGIN": "1.5"}, "cascade_margin must be at least 0 and at most 1, is 1.5"),
    ],
)
def test_an_engine_that_is_not_there_is_told(settings: dict[str, str], complaint: str) -> None:
    """The setting is named, with what it may be."""
    environment = {f"DOCSORT_{name}": value for name, value in settings.items()}
    with pytest.raises(SettingsError) as caught:
        load(None, {"DOCSORT_STORE": "memory"} | environment, {})
    assert str(caught.value).startswith(complaint)


def test_the_cascade_takes_the_backend_there_is() -> None:
    """Without a choice it is `openai`; without a model there is no cascade."""
    settings = load(None, MODEL | {"DOCSORT_ENGINE": "cascade"}, {})
    assert settings.cascades_to == "openai"
    assert load(None, {"DOCSORT_STORE": "memory"}, {}).cascades_to is None


def test_fallbacks_are_a_list() -> None:
    """Spaces do no harm, and nothing is no engine."""
    settings = load(None, MODEL | {"DOCSORT_FALLBACK": "openai, local"}, {})
    assert settings.fallbacks == ["openai", "local"]
    assert load(None, MODEL, {}).fallbacks == []
