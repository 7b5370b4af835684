"""The names people give document types, looked up whole or by their words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docsort_server.engine.local.doctype import DocumentType


class Aliases:
    """All aliases, each unique among types, indexed by spelling and by stem."""

    def __init__(self, types: Sequence[DocumentType]) -> None:
        self._pairs = [
            (number, each) for number, entry in enumerate(types) for each in entry.aliases
        ]
        self._whole = {t.squeeze(alias): number for number, alias in self._pairs}

    # Made when a name is asked for that is no alias: most processes never are.
    @cached_property
    def _worded(self) -> dict[str, list[tuple[int, frozenset[str]]]]:
        worded: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, alias in self._pairs:
            stems = frozenset(t.content_stems(alias))
            for stem in stems:
                worded.setdefault(stem, []).append((number, stems))
        return worded

    def named(self, name: str) -> int | None:
        """Return the type of which `name` is an alias, whatever its case, accents and spaces."""
        return self._whole.get(t.squeeze(name))

    def within(self, stems: frozenset[str]) -> Iterable[tuple[int, frozenset[str]]]:
        """Yield the types of aliases all of whose stems are among `stems`, with those stems."""
        for stem in stems:
            for number, parts in self._worded.get(stem, ()):
                if parts <= stems:
                    yield number, parts
