"""Which language a text is in, by its most frequent words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Few but frequent, and hardly shared: enough to tell languages apart.
_TEXTS = {
    "en": "the and of to for is with this that your",
    "de": "der die und das ist mit fur nicht von auf",
    "fr": "les et des est pour dans une vous sur nous",
    "es": "los las el para por con una del que su",
    "it": "di il che per non della con del sono gli",
    # Not "com", of which addresses are full.
    "pt": "os da do para sao uma nao dos em ao",
    "nl": "het een van voor niet zijn dat met op wordt",
    "pl": "na nie sie do jest oraz przez dla przy jego",
    "sv": "och att det som ar av till den inte med",
    "fi": "ja on ei se tai ovat sen mutta kun ole",
    "cs": "je na se ze pro byl jako podle jsou nebo",
    "tr": "ve bir bu icin ile olarak daha olan gibi",
    # Close to one above or to each other: of their pages none of them stands out.
    "da": "og er til ikke det af at fra blev efter",
    "no": "og er til ikke det av fra ble etter",
    "et": "et see kui ning voi mis oma ka aga",
}
_WORDS = {code: frozenset(text.split()) for code, text in _TEXTS.items()}
# Names in a language tell nothing: so many of its words do.
_FEWEST_HITS = 6


def language_of(words: Iterable[str]) -> str:
    """Return the code of the language of folded words; "" where none stands out."""
    counts = Counter(words)
    hits = {code: sum(counts.get(word, 0) for word in known) for code, known in _WORDS.items()}
    ranked = sorted(hits, key=lambda code: -hits[code])
    first, second = hits[ranked[0]], hits[ranked[1]]
    return ranked[0] if first >= _FEWEST_HITS and first > 2 * second else ""
