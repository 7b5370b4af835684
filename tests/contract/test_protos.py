"""The proto files: clean, compatible with the last release, and equal to what is shipped."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from source_tree import ROOT

from docsort.v1 import (
    classification_service_pb2,
    error_reason_pb2,
    job_service_pb2,
    schema_service_pb2,
)

BUF = Path(sys.executable).parent / "buf"
GENERATOR = ROOT / ".venv-stubs/bin/python"
BREAKING = ("breaking", "protos", "--against", "protos/released.binpb")


@pytest.mark.parametrize(
    "arguments",
    [("lint",), ("format", "--diff", "--exit-code"), BREAKING],
    ids=["lint", "format", "breaking"],
)
def test_buf_finds_nothing(arguments: tuple[str, ...]) -> None:
    """The contract passes buf's lint, has its format, and breaks no caller of the last release."""
    ran = subprocess.run(
        [str(BUF), *arguments], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert (ran.returncode, ran.stdout) == (0, "")


def test_a_break_is_found(tmp_path: Path) -> None:
    """A field that is taken away fails the comparison with the last release."""
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    job = tmp_path / "protos/docsort/v1/job.proto"
    job.write_text(re.sub(r"  string job_id = 1;\n", "", job.read_text()))
    ran = subprocess.run([str(BUF), *BREAKING], cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 100
    assert b'"job_id"' in ran.stdout


def test_checked_in_stubs_are_what_the_protos_generate() -> None:
    """Generating again changes no stub and not the descriptor set."""
    if not GENERATOR.exists():
        pytest.skip(
            "the code generator's environment .venv-stubs is absent: run `make stubs-check`"
        )
    command = [str(GENERATOR), str(ROOT / "scripts/stubs.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def described() -> dict[str, descriptor_pb2.FileDescriptorProto]:
    """Return the files of the shipped descriptor set by name."""
    data = (ROOT / "client/docsort/v1/docsort.binpb").read_bytes()
    return {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(data).file}


def test_descriptor_set_is_whole() -> None:
    """A client without stubs finds all imports in the set, in an order in which they load."""
    seen: set[str] = set()
    for name, file in described().items():
        assert set(file.dependency) <= seen, name
        seen.add(name)
    assert "google/rpc/error_details.proto" in seen
    assert not any(name.startswith("docsort_server/") for name in seen)


@pytest.mark.parametrize(
    "module",
    [
        classification_service_pb2,
        job_service_pb2,
        schema_service_pb2,
        error_reason_pb2,
        error_details_pb2,
    ],
    ids=lambda module: str(module.DESCRIPTOR.name),
)
def test_descriptor_set_tells_what_the_server_speaks(module: object) -> None:
    """Messages and services in the set are those of the stubs that client and server run."""
    loaded = descriptor_pb2.FileDescriptorProto()
    descriptor = module.DESCRIPTOR  # type: ignore[attr-defined]
    descriptor.CopyToProto(loaded)
    shipped = described()[descriptor.name]
    assert [each.name for each in shipped.message_type] == [
        each.name for each in loaded.message_type
    ]
    assert list(shipped.service) == list(loaded.service)
    assert list(shipped.enum_type) == list(loaded.enum_type)
