"""The settings of model backends, wherever they come from."""

from pathlib import Path

import pytest

from docsort_server.engine.openai.backend import Prices
from docsort_server.settings import Settings
from docsort_server.settings_sources import load
from docsort_server.settings_values import SettingsError

KEY = "sk-very-secret"
FILE = """
engine = "vllm"
openai_model = "gpt-4.1-mini"

[backends.vllm]
base_url = "http://127.0.0.1:8000/v1"
model = "qwen"
max_concurrency = 100
price_output = 2
"""


def from_text(tmp_path: Path, text: str, **environment: str) -> Settings:
    """Load settings from a file's text and environment variables."""
    file = tmp_path / "docsort.toml"
    file.write_text(text)
    return load(file, {"HOME": "/h", **environment}, {})


def fault(tmp_path: Path, text: str, **environment: str) -> str:
    """Return what is wrong with settings."""
    with pytest.raises(SettingsError) as caught:
        from_text(tmp_path, text, **environment)
    return str(caught.value)


def test_no_model_is_no_backend() -> None:
    """The embedded engine needs none of it, even where another program's key is around."""
    assert load(None, {"HOME": "/h", "OPENAI_API_KEY": KEY}, {}).models == ()


def test_the_environment_of_openais_library_is_enough(tmp_path: Path) -> None:
    """Address and key fall back to its variables; docsort's own go before them."""
    variables = {"OPENAI_BASE_URL": "http://a/v1", "OPENAI_API_KEY": KEY}
    text = 'engine = "openai"\nopenai_model = "small"'
    (found,) = from_text(tmp_path, text, **variables).models
    assert (found.name, found.base_url, found.api_key) == ("openai", "http://a/v1", KEY)
    (found,) = from_text(tmp_path, text, **variables, DOCSORT_OPENAI_BASE_URL="http://b/v1").models
    assert (found.base_url, found.api_key) == ("http://b/v1", KEY)
    (found,) = from_text(tmp_path, text).models
    assert (found.base_url, found.api_key) == ("https://api.openai.com/v1", "")


def test_named_backends_stand_beside_the_main_one(tmp_path: Path) -> None:
    """Each table is a backend with the same keys; another provider's key is not sent to it."""
    settings = from_text(tmp_path, FILE, OPENAI_API_KEY=KEY)
    found = {each.name: each for each in settings.models}
    assert set(found) == {"openai", "vllm"}
    assert (found["openai"].api_key, found["vllm"].api_key) == (KEY, "")
    assert (found["vllm"].model, found["vllm"].max_concurrency) == ("qwen", 100)
    assert found["vllm"].prices == Prices(0.0, 2.0)
    assert settings.engine == "vllm"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('engine = "openai"', "engine openai needs openai_model"),
        ('engine = "vlm"\n[backends.vllm]\nmodel = "x"', "is 'vlm'; did you mean vllm?"),
        ("[backends.a]\nmodell = 'x'", "backends.a: there is no setting modell; did you mean"),
        ("[backends.a]\nmax_concurrency = 0", "backends.a.max_concurrency must be at least 1"),
        ("[backends.a]\nbase_url = 'http://a'", "backends.a.model must name a model"),
        ("[backends.local]\nmodel = 'x'", "backends.local must have another name"),
        ("[backends]\na = 3", "backends.a must be a table"),
        ("backends = 3", "backends must be tables"),
        ("openai_model = 'x'\nopenai_base_url = 'ftp://a'", "openai_base_url: must be an http"),
        ("[backends.a]\nmodel = 'x'\nbase_url = 'a'", "backends.a.base_url: must be an http"),
        ("openai_model = 'x'\nopenai_calibration = '/no'", "openai_calibration: /no: cannot"),
    ],
)
def test_what_cannot_be_is_told_with_its_setting(tmp_path: Path, text: str, complaint: str) -> None:
    """Whether or not the backend is the default engine."""
    assert complaint in fault(tmp_path, text)


def test_a_calibration_belongs_to_its_backend_and_model(tmp_path: Path) -> None:
    """The file's fit for the model is the backend's; there may be none."""
    fits = tmp_path / "fits.toml"
    fits.write_text(
        'format = 1\n[[calibration]]\nid = "f"\nbackend = "openai"\nmodel = "small"\n'
        "temperature = 2.0\nfitted_on = 9\nece = 0.1\n"
    )
    text = f'openai_calibration = "{fits}"\nopenai_model = '
    (found,) = from_text(tmp_path, text + '"small"').models
    assert found.calibration is not None
    assert found.calibration.temperature == 2.0
    (found,) = from_text(tmp_path, text + '"large"').models
    assert found.calibration is None


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    """Neither in what a settings object says of itself, nor in a complaint."""
    text = f'openai_api_key = "{KEY}"\nopenai_model = "x"\n[backends.a]\napi_key = "{KEY}"\n'
    settings = from_text(tmp_path, text + 'model = "y"')
    assert KEY not in repr(settings)
    assert KEY not in repr(settings.models)
    assert KEY not in fault(tmp_path, text)
    assert fault(tmp_path, "openai_api_key = 12345") == "openai_api_key must be text"
