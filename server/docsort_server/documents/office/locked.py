"""Unlocking Word, Excel and PowerPoint files that have a password, with msoffcrypto-tool."""

from __future__ import annotations

import io

from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from docsort_server.documents.kinds import Kind, Sample, kind_of
from docsort_server.documents.parsed import Refused
from docsort_server.faults import Fault, Reason

_UNLOCKED = (Kind.DOCX, Kind.PPTX, Kind.XLSX)


def unlocked(container: bytes, password: str | None) -> bytes:
    """Return the document that a container holds encrypted (MS-OFFCRYPTO).

    Raises Refused where a password is needed, the method is not known, or something else was
    locked, the Fault WRONG_PASSWORD, and whatever the library raises for a damaged container.
    """
    if not password:
        raise Refused("a password is needed", encrypted=True)
    opened = io.BytesIO()
    try:
        file = OOXMLFile(io.BytesIO(container))
        file.load_key(password=password, verify_password=True)
        file.decrypt(opened)
    except InvalidKeyError:
        text = "the password does not open the document"
        raise Fault(Reason.WRONG_PASSWORD, text) from None
    except DecryptionError as error:
        raise Refused("an unknown way of encryption", encrypted=True) from error
    content = opened.getvalue()
    if kind_of(Sample.of(content)) not in _UNLOCKED:
        raise Refused("what was locked is no office document")
    return content
