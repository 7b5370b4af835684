"""The form of an answer: its JSON schema, and the check that every answer passes here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from docsort_server.engine.openai.codes import option_codes
from docsort_server.engine.openai.trouble import Unusable

if TYPE_CHECKING:
    from docsort_server.engine.model import Question

CATEGORY = "category"
_FENCE = re.compile(r"```[a-zA-Z]*\n(.*?)```", re.DOTALL)
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """A valid answer; `option` counts the categories, and one more for none of them.

    `met` and `quotes` hold one entry per criterion, in the order of all categories' criteria.
    """

    option: int
    met: tuple[bool, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """What an answer to one question looks like: the code first, then criteria, then quotes."""

    names: tuple[str, ...]
    criteria: int
    quoted: bool
    codes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", option_codes(len(self.names) + 1))

    @property
    def met_keys(self) -> tuple[str, ...]:
        """The keys of the criteria."""
        return tuple(f"c{number + 1}" for number in range(self.criteria))

    @property
    def quote_keys(self) -> tuple[str, ...]:
        """The keys of the quotes; none where no evidence is asked for."""
        return tuple(f"q{number + 1}" for number in range(self.criteria)) if self.quoted else ()

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema, in the subset that strict modes take."""
        properties: dict[str, Any] = {CATEGORY: {"type": "string", "enum": list(self.codes)}}
        properties |= {key: {"type": "boolean"} for key in self.met_keys}
        properties |= {key: {"type": "string"} for key in self.quote_keys}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def read(self, text: str, *, plain: bool = False) -> Answer:
        """Return the answer that a text holds; `plain` also takes names, words and bare codes.

        Raises `Unusable` saying what is wrong, in words that a model may be sent.
        """
        content = _content(text)
        if content is None and plain and not self.criteria:
            content = {CATEGORY: text.strip().strip("`\"'*.").strip()}
        if content is None:
            raise Unusable("it is no JSON object")
        met = tuple(_truth(content, key, plain=plain) for key in self.met_keys)
        quotes = tuple(_quote(content, key) for key in self.quote_keys)
        return Answer(self._option(content.get(CATEGORY), plain=plain), met, quotes)

    def _option(self, said: object, *, plain: bool) -> int:
        if said in self.codes:
            return self.codes.index(str(said))
        if plain and isinstance(said, str):
            folded = [each.casefold() for each in (*self.codes, *self.names)]
            if said.casefold() in folded:
                place = folded.index(said.casefold())
                return place if place < len(self.codes) else place - len(self.codes)
        raise Unusable(f'"{CATEGORY}" is none of {self.codes[0]} to {self.codes[-1]}')


def form_of(question: Question) -> Form:
    """Return the form for a question."""
    criteria = sum(len(category.criteria) for category in question.categories)
    names = tuple(category.name for category in question.categories)
    return Form(names, criteria, question.evidence)


def _content(text: str) -> dict[str, Any] | None:
    """Return the first JSON object of a text, whatever stands around it."""
    if fenced := _FENCE.search(text):
        text = fenced[1]
    start = text.find("{")
    if start < 0:
        return None
    try:
        content, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _truth(content: dict[str, Any], key: str, *, plain: bool) -> bool:
    value = content.get(key)
    if isinstance(value, bool):
        return value
    if plain and isinstance(value, str) and value.casefold() in _WORDS:
        return _WORDS[value.casefold()]
    raise Unusable(f'"{key}" is neither true nor false')


def _quote(content: dict[str, Any], key: str) -> str:
    """Return a quote; one that is missing is no reason to ask again."""
    value = content.get(key)
    return value if isinstance(value, str) else ""
