"""Which type a page is of, as rows for the type model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT
from docsort_server.engine.local.type_head import TypeHead
from scripts.logit import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from scripts.engine_samples import Heads, Sample


def type_choices(
    pages: Sequence[Sample], heads: Heads, labels: Sequence[str], lexicon: Lexicon
) -> list[Choice]:
    """Ask of every page which type it is; for rejects any type outside all classes is right.

    The last feature is what the head says that was fitted without the page.
    """
    ready = {id(head): TypeHead(head, lexicon.types) for head in heads.values()}
    families = {label: family(label, lexicon) for label in labels}
    listed = frozenset().union(*families.values())
    families[REJECT] = frozenset(range(len(lexicon.types))) - listed
    # Without what kinds have of their own, which has no weight by itself.
    choices = []
    for page in pages:
        said = ready[id(heads[page.told])].said(page.told.inputs)
        rows = [(*row[:-1], more) for row, more in zip(page.types, said, strict=True)]
        choices.append(Choice(rows, families[page.label], page.weight))
    return choices


def family(label: str, lexicon: Lexicon) -> frozenset[int]:
    """Return the numbers of a class's type and of the types narrower than that."""
    wanted = {label}
    for _ in range(2):
        wanted |= {entry.id for entry in lexicon.types if wanted & set(entry.broader)}
    return frozenset(n for n, entry in enumerate(lexicon.types) if entry.id in wanted)
