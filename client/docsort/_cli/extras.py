"""How an extra is installed beside what is there."""

import json
import shlex
import sys
from importlib import metadata
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

_NAME: Final = "docsort"


def install(extras: str) -> str:
    """Return the command that installs extras, `cli,evaluate` for two.

    What came from a folder is installed from there once more, in the same environment and way: from
    an index another version would take its place.
    """
    origin = _origin()
    folder = urlsplit(origin.get("url", ""))
    how = origin.get("dir_info")
    if how is None or folder.scheme != "file":
        return f"pip install '{_NAME}[{extras}]'"
    link = " -e" if how.get("editable") else ""
    place = shlex.quote(f"{url2pathname(folder.path)}[{extras}]")
    return f"{shlex.quote(sys.executable)} -m pip install{link} {place}"


def _origin() -> dict[str, Any]:
    """Return what the installer noted of where this came from; nothing of an index (PEP 610)."""
    try:
        text = metadata.distribution(_NAME).read_text("direct_url.json")
        found = json.loads(text or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
