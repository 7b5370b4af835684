"""How a backend can be asked: rungs from the strictest form down, learned and remembered."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PROBE_AGAIN = 3_600.0
_STRIKES = 2
_WIDER = 4
_WIDEST = 64


class Rung(StrEnum):
    """How an answer was asked for, the strictest first."""

    SCHEMA_LOGPROBS = "json_schema+logprobs"
    SCHEMA = "json_schema"
    TOOL = "tool"
    JSON_OBJECT = "json_object"
    PLAIN = "plain"

    @property
    def spelled(self) -> bool:
        """Whether the schema has to stand in the prompt."""
        return self in (Rung.JSON_OBJECT, Rung.PLAIN)


_RUNGS = tuple(Rung)
# The rung to go to when a parameter is unknown. Whoever is above it goes there.
_BELOW = {
    "logprobs": Rung.SCHEMA,
    "top_logprobs": Rung.SCHEMA,
    "json_schema": Rung.TOOL,
    "tools": Rung.JSON_OBJECT,
    "tool_choice": Rung.JSON_OBJECT,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask now: the rung, the parameters to leave out, and how wide the token limit is."""

    rung: Rung = _RUNGS[0]
    temperature: bool = True
    completion_tokens: bool = False
    width: int = 1


class Ladder:
    """What is known of one backend and model. After an hour it starts at the top again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._manner = Manner()
        self._strikes = 0
        self._learned: float | None = None

    @property
    def manner(self) -> Manner:
        """How to ask now."""
        if self._learned is not None and self._clock() - self._learned >= PROBE_AGAIN:
            self._manner, self._strikes, self._learned = Manner(), 0, None
        return self._manner

    def unsupported(self, parameter: str, asked: Manner) -> bool:
        """Learn that a parameter is unknown; return whether there is another manner to try."""
        if asked != self.manner:
            # Others were told the same meanwhile.
            return True
        match parameter:
            case "temperature" if asked.temperature:
                return self._learn(replace(asked, temperature=False))
            case "max_tokens" if not asked.completion_tokens:
                return self._learn(replace(asked, completion_tokens=True))
            case "max_completion_tokens" if asked.completion_tokens:
                return False
        return self._step(asked, self._target(parameter, asked.rung))

    def invalid(self, asked: Manner) -> None:
        """Count an answer that does not fit; the second in a row leads a rung down."""
        if asked.rung != self.manner.rung:
            return
        self._strikes += 1
        if self._strikes >= _STRIKES:
            self._step(self.manner, _next(asked.rung))

    def valid(self, asked: Manner, *, logprobs: bool) -> None:
        """Count an answer that fits; one that lacks the probabilities asked for leads down."""
        if asked.rung != self.manner.rung:
            return
        self._strikes = 0
        if asked.rung is Rung.SCHEMA_LOGPROBS and not logprobs:
            self._step(self.manner, Rung.SCHEMA)

    def cut(self, asked: Manner) -> None:
        """Learn that answers need more tokens, as those of models that think first do."""
        if asked.width == self.manner.width < _WIDEST:
            self._learn(replace(self.manner, width=asked.width * _WIDER))

    def _target(self, parameter: str, rung: Rung) -> Rung | None:
        if parameter == "response_format":
            return Rung.TOOL if _above(rung, Rung.TOOL) else Rung.PLAIN
        # Where nothing that was sent is named, the next rung is as good a guess as any.
        target = _BELOW.get(parameter) or _next(rung)
        return target if target is None or _above(rung, target) else _next(rung)

    def _step(self, asked: Manner, rung: Rung | None) -> bool:
        self._strikes = 0
        return rung is not None and self._learn(replace(asked, rung=rung))

    def _learn(self, manner: Manner) -> bool:
        self._manner = manner
        if self._learned is None:
            self._learned = self._clock()
        return True


def _next(rung: Rung) -> Rung | None:
    place = _RUNGS.index(rung) + 1
    return _RUNGS[place] if place < len(_RUNGS) else None


def _above(rung: Rung, other: Rung) -> bool:
    return _RUNGS.index(rung) < _RUNGS.index(other)
