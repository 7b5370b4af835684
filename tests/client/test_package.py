"""What `import docsort` brings, in an interpreter of its own."""

import subprocess
import sys

import docsort
from docsort import _enums, _errors, _events, _models, _parts, _public


def printed(program: str) -> str:
    """Run a program and return what it printed."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_formats_need_no_import_of_their_own() -> None:
    """`docsort.formats` is there after `import docsort`, as documented."""
    assert printed("import docsort; print(docsort.formats.pages.__name__)") == "pages"


def test_grpc_is_loaded_when_it_is_used() -> None:
    """The package alone does not load gRPC; any of its names does."""
    program = "import sys, docsort; print('grpc' in sys.modules, end=' '); docsort.Client; "
    assert printed(program + "print('grpc' in sys.modules)") == "False True"


def test_every_public_name_is_there() -> None:
    """All that is listed can be used and is shown by dir()."""
    assert all(hasattr(docsort, name) for name in _public.__all__)
    assert set(_public.__all__) <= set(dir(docsort))


def test_whatever_callers_name_is_public() -> None:
    """Errors to catch, enums to compare with and models to make or read are all listed."""
    kept_back = {"OpenEnum"}  # what the enums are made of
    named = {
        name
        for module in (_enums, _errors, _events, _models, _parts)
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__ and name[0] != "_"
    }
    assert named - kept_back <= set(_public.__all__)
