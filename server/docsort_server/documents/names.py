"""Names of files that lie within documents: whoever sent them chose them."""

from __future__ import annotations

import re
from unicodedata import normalize

# Characters of a name that are kept, and those of its ending that outlive a cut.
NAME_CHARS, _ENDING = 200, 16
# More than this of a name is not looked at.
_MOST = 4 * NAME_CHARS
_PATH = re.compile(r"[/\\]")


def file_name(raw: str) -> str:
    """Return the last part of a path on one line, fit to be shown; empty where nothing is left.

    Without what cannot be printed, controls and marks that turn the direction of text among it, and
    of at most `NAME_CHARS` characters: of a longer name the middle is left out.
    """
    last = _PATH.split(raw.strip()[-_MOST:])[-1]
    shown = "".join(each if each.isprintable() else " " for each in normalize("NFC", last))
    name = " ".join(shown.split())
    if not name.strip("."):
        return ""  # "." and ".." are folders
    if len(name) <= NAME_CHARS:
        return name
    return f"{name[: NAME_CHARS - _ENDING - 1]}…{name[-_ENDING:]}"
