"""docsort's client: classify documents over gRPC, a page at a time."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort._public import *  # noqa: F403 - type checkers read the names from there

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Loaded at the first use: gRPC reads the environment when it is imported, and the command
    # has to set that before. Modules of the package ask for one another while it is loading.
    if name.startswith("_") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    public = importlib.import_module("docsort._public")
    if not hasattr(public, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(public, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *importlib.import_module("docsort._public").__all__})
