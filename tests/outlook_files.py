"""Mails as Outlook saves them, made where they are needed: compound files of properties."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

# A folder of files and folders by name, as olefile reads it.
Folder: TypeAlias = "dict[str, bytes | Folder]"

_SECTOR, _SMALL_SECTOR, _SMALL = 512, 64, 4096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BODY, _SUBJECT, _DATA = 0x1000, 0x0037, 0x3701
_FILE_NAME, _DISPLAY_NAME = 0x3707, 0x3001
_TEXT, _BINARY = 0x001F, 0x0102


def outlook(
    subject: str, body: str, *attachments: bytes | Folder, embedded: bool = False, name: str = ""
) -> Folder:
    """Return the folder of a mail; what it has attached are files, or folders of mails.

    All of these have the name, files as files have it.
    """
    properties = {(_SUBJECT, _TEXT): subject.encode("utf-16-le")}
    properties[_BODY, _TEXT] = body.encode("utf-16-le")
    made = _object(properties, 24 if embedded else 32)
    for number, content in enumerate(attachments):
        if isinstance(content, bytes):
            attached = _object({(_DATA, _BINARY): content} | _named(_FILE_NAME, name), 8)
        else:
            attached = _object(_named(_DISPLAY_NAME, name), 8) | {
                f"__substg1.0_{_DATA:04X}000D": content
            }
        made[f"__attach_version1.0_#{number:08X}"] = attached
    return made


def _named(place: int, name: str) -> dict[tuple[int, int], bytes]:
    return {(place, _TEXT): name.encode("utf-16-le")} if name else {}


def _object(properties: dict[tuple[int, int], bytes], head: int) -> Folder:
    """Return properties with the list of them, which comes after `head` bytes."""
    listed = bytes(head)
    made: Folder = {}
    for (name, kind), value in properties.items():
        listed += struct.pack("<HHIQ", kind, name, 6, len(value))
        made[f"__substg1.0_{name:04X}{kind:04X}"] = value
    return made | {"__properties_version1.0": listed}


@dataclass(slots=True)
class _Sectors:
    """Data in sectors with the table of which follows which."""

    size: int
    data: bytes = b""
    table: list[int] = field(default_factory=list)

    def add(self, content: bytes) -> int:
        """Add a chain of sectors; return its first, or the end where there is nothing."""
        count = -(-len(content) // self.size)
        if not count:
            return _END
        first = len(self.table)
        self.data += content.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), _END]
        return first


def compound(folder: Folder) -> bytes:
    """Return a folder as a compound file of version 3 (MS-CFB), of at most 109 table sectors."""
    large, small = _Sectors(_SECTOR), _Sectors(_SMALL_SECTOR)
    entries: list[bytes] = [b""]
    child = _entries(folder, entries, large, small)
    start = large.add(small.data)
    entries[0] = _entry("Root Entry", _ROOT, child, start, len(small.data))
    directory = large.add(b"".join(entries))
    small_table = large.add(_packed(small.table))
    sectors = -(-len(large.table) // (_SECTOR // 4 - 1))
    places = range(len(large.table), len(large.table) + sectors)
    table = _packed([*large.table, *(_TABLE for _ in places)])
    head = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, sectors, directory, 0, _SMALL, small_table, -(-len(small.table) // 128), _END, 0),
    )
    head += _packed([*places], 109)
    return head + large.data + table


def _entries(folder: Folder, entries: list[bytes], large: _Sectors, small: _Sectors) -> int:
    """Add what is in a folder; return the number of the first, whose right neighbour is next."""
    following = _FREE
    for name, content in sorted(folder.items(), reverse=True):
        number = len(entries)
        entries.append(b"")
        if isinstance(content, dict):
            child = _entries(content, entries, large, small)
            entries[number] = _entry(name, _STORAGE, child, 0, 0, following)
        else:
            start = (large if len(content) >= _SMALL else small).add(content)
            entries[number] = _entry(name, _STREAM, _FREE, start, len(content), following)
        following = number
    return following


def _entry(
    name: str, kind: int, child: int, start: int, size: int, following: int = _FREE
) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBB3I16x4x16xIQ", text, len(text), kind, 1, _FREE, following, child, start, size
    )


def _packed(numbers: Sequence[int], count: int = 0) -> bytes:
    """Return numbers of sectors, filled up to so many, or to the end of a sector."""
    count = count or -(-len(numbers) // 128) * 128
    return struct.pack(f"<{count}I", *numbers, *[_FREE] * (count - len(numbers)))
