"""Settings from a file, the environment and the command line."""

from pathlib import Path
from typing import Any

import pytest

from docsort_server.settings import Settings
from docsort_server.settings_sources import load, unknown_variables
from docsort_server.settings_values import SettingsError, declared


def from_text(tmp_path: Path, text: str, **environment: str) -> Settings:
    """Load settings from a file's text and environment variables."""
    file = tmp_path / "docsort.toml"
    file.write_text(text)
    return load(file, environment, {})


def fault(**sources: Any) -> str:  # noqa: ANN401 - as `load` takes them
    """Return what is wrong with a set of settings."""
    values = {"file": None, "environment": {}, "overrides": {}, **sources}
    with pytest.raises(SettingsError) as caught:
        load(**values)
    return str(caught.value)


def test_defaults_need_nothing() -> None:
    """Without any source every setting has its default, and those pass their own checks."""
    defaults = Settings(data="/state/docsort")
    assert load(None, {"XDG_STATE_HOME": "/state"}, {}) == defaults
    values = {known.name: getattr(defaults, known.name) for known in declared(Settings)}
    assert load(None, {}, values) == defaults


def test_later_sources_win(tmp_path: Path) -> None:
    """The command line beats the environment, which beats the file, which beats the default."""
    file = tmp_path / "docsort.toml"
    file.write_text('max_jobs = 1\nmax_pages = 2\nlisten = "127.0.0.1:3"\n')
    environment = {"DOCSORT_MAX_PAGES": "20", "DOCSORT_LISTEN": "127.0.0.1:30"}
    found = load(file, environment, {"listen": "127.0.0.1:300", "engine": None})
    assert (found.max_jobs, found.max_pages, found.listen) == (1, 20, "127.0.0.1:300")
    assert found.engine == Settings().engine


def test_every_setting_has_an_environment_variable() -> None:
    """Each name in capitals behind DOCSORT_ sets it; other variables are not looked at."""
    for known in declared(Settings):
        value = str(getattr(Settings(), known.name))
        load(None, {f"DOCSORT_{known.name.upper()}": value, "DOCSORT": "x", "PATH": "y"}, {})


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)]
)
def test_flags_in_the_environment(text: str, value: bool) -> None:
    """Flags take the usual words, in any case."""
    assert load(None, {"DOCSORT_REFLECTION": text}, {}).reflection is value


def test_a_file_holds_native_values(tmp_path: Path) -> None:
    """Numbers, whole numbers for times, and flags are taken as TOML has them."""
    found = from_text(tmp_path, "reflection = false\nheartbeat = 2\npage_seconds = 0.5\n")
    assert (found.reflection, found.heartbeat, found.page_seconds) == (False, 2.0, 0.5)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("MAX_JOBS", "many", "max_jobs must be a whole number, is 'many'"),
        ("MAX_JOBS", "1.5", "max_jobs must be a whole number, is '1.5'"),
        ("MAX_JOBS", "0", "max_jobs must be at least 1, is 0"),
        ("MAX_PAGES", "10001", "max_pages must be at least 1 and at most 10000, is 10001"),
        ("HEARTBEAT", "soon", "heartbeat must be a number, is 'soon'"),
        ("HEARTBEAT", "nan", "heartbeat must be at least 0.1, is nan"),
        ("HEARTBEAT", "inf", "heartbeat must be at least 0.1, is inf"),
        ("DRAIN_DELAY", "-1", "drain_delay must be at least 0, is -1"),
        ("ENGINE", "oracle", "engine must be one of local, openai, cascade, is 'oracle'"),
        ("STORE", "", "store must be one of jetstream, memory, is ''"),
        ("STORE_BYTES", "100", "store_bytes must be 0 or at least 16777216"),
        ("ROLE", "boss", "role must be one of all, api, worker, is 'boss'"),
        ("LOG_LEVEL", "loud", "log_level must be one of debug, info, warning, error, is 'loud'"),
        ("LISTEN", "127.0.0.1", "listen must be HOST:PORT, is '127.0.0.1'"),
        ("LISTEN", ":50051", "listen must be HOST:PORT, is ':50051'"),
        ("LISTEN", "0.0.0.0:65536", "listen must be HOST:PORT, is '0.0.0.0:65536'"),
        ("LISTEN", "unix:/run/docsort", "listen must be HOST:PORT, is 'unix:/run/docsort'"),
        ("REFLECTION", "maybe", "reflection must be true or false, is 'maybe'"),
    ],
)
def test_a_wrong_value_names_its_setting(name: str, value: str, complaint: str) -> None:
    """The complaint says which setting, what it may be and what it is."""
    assert fault(environment={f"DOCSORT_{name}": value}) == complaint


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("max_jbos = 3", "there is no setting max_jbos; did you mean max_jobs?"),
        ("colour = 3", "there is no setting colour"),
        ("max_jobs = ", "is not valid TOML"),
        ("max_jobs = true", "max_jobs must be a whole number, is True"),
        ("max_jobs = 1.5", "max_jobs must be a whole number, is 1.5"),
        ("max_jobs = [1]", "max_jobs must be a whole number, is [1]"),
        ("heartbeat = false", "heartbeat must be a number, is False"),
        ("listen = 50051", "listen must be text, is 50051"),
        ("[listen]\nname = 'local'", "listen must be text"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    """Unknown keys, wrong types and broken TOML are refused, each with its reason."""
    file = tmp_path / "docsort.toml"
    file.write_text(text)
    assert complaint in fault(file=file)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing files, folders and binary files are named."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "missing.toml", tmp_path, binary):
        assert str(file) in fault(file=file)


def test_a_misspelt_variable_is_told() -> None:
    """A variable of docsort's that is no setting is named, with the nearest that is one."""
    environment = {"DOCSORT_MAX_PAGE": "3", "DOCSORT_SERVER": "x", "PATH": "/bin"}
    assert list(unknown_variables(environment)) == [
        "DOCSORT_MAX_PAGE is no setting; did you mean DOCSORT_MAX_PAGES?"
    ]


def test_worker_counts_follow_the_processors() -> None:
    """Zero means as many as there are processors; a number is taken as it is."""
    assert Settings().parsers >= 1
    assert Settings().classifiers >= 1
    chosen = Settings(parser_workers=3, engine_workers=4)
    assert (chosen.parsers, chosen.classifiers) == (3, 4)


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_divided_server_needs_what_it_shares(role: str) -> None:
    """An engine of its own, or memory, would make each role an island that nobody reaches."""
    text = f"role {role} needs store jetstream and nats, the servers that it shares"
    for more in ({}, {"store": "memory"}, {"store": "memory", "nats": "nats://a"}):
        assert text in fault(overrides={"role": role, **more})
    shared = load(None, {}, {"role": role, "nats": "nats://a, nats://b"})
    assert (shared.works, shared.answers) == (role == "worker", role == "api")
    assert shared.nats_urls == ["nats://a", "nats://b"]


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/h"}, "/state/docsort"),
        ({"XDG_STATE_HOME": "state", "HOME": "/h"}, "/h/.local/state/docsort"),
        ({"HOME": "/h"}, "/h/.local/state/docsort"),
        ({"HOME": "/h", "DOCSORT_DATA": "/data"}, "/data"),
        ({"HOME": "/h", "DOCSORT_NATS": "nats://a"}, ""),
        ({"HOME": "/h", "DOCSORT_STORE": "memory"}, ""),
    ],
)
def test_where_jobs_are_kept(environment: dict[str, str], folder: str) -> None:
    """Jobs on disk without a place of their own are kept in the user's state folder."""
    assert load(None, environment, {}).data == folder


def test_a_user_without_a_home_names_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nowhere to keep jobs, and that is said."""

    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    assert "data must name a folder" in fault()
