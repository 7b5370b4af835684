"""A check of ZIP archives before a library unpacks them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docsort_server.documents.parsed import Refused
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_ENTRIES = 20_000
_ENCRYPTED = 1  # a bit of an entry's flags


def unpackable(mapping: Mapping, terms: Terms) -> io.BytesIO:
    """Return an archive that unpacks to no more than the terms allow; closes the mapping.

    The sizes that an archive tells of itself hold: Python's zipfile gives no more of an entry
    than it was said to have. Raises the Fault DOCUMENT_TOO_LARGE, or Refused for what is no sound
    archive.
    """
    content = io.BytesIO(mapping.copy())
    mapping.close()
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    # NotImplementedError is what zipfile raises for a version or flags that it does not know.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise Refused(f"zipfile: {type(error).__name__}") from error
    if len(entries) > _ENTRIES:
        text = f"the archive has {len(entries)} entries; at most {_ENTRIES} are read"
        raise Fault(Reason.DOCUMENT_TOO_LARGE, text, metadata={"actual": str(len(entries))})
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("encrypted entries", encrypted=True)
    terms.check_unpacked(sum(entry.file_size for entry in entries))
    content.seek(0)
    return content
