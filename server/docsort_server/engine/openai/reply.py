"""What a backend sent back, read without trust in its shape."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

from docsort_server.engine.openai.trouble import Passing, Unusable

_QUOTED = 200


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the answer, and what else was likely in its place.

    `listed` is as the backend sent it: few of a reply's tokens are ever looked into.
    """

    text: str
    chance: float
    listed: object = None

    @property
    def top(self) -> tuple[tuple[str, float], ...]:
        """Texts in this place with their chances: the likeliest, and the one that was said."""
        entries = self.listed if isinstance(self.listed, list) else []
        chances = dict(_pair(_mapping(entry)) for entry in entries)
        # Under a grammar the token that was said may be too unlikely to be listed.
        chances.setdefault(self.text, self.chance)
        return tuple(chances.items())


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens that one call took; `cached` is a part of `input`."""

    input: int = 0
    output: int = 0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer; `tokens` is empty where the backend gave no probabilities.

    `flaw` tells why the answer is no whole one: cut, refused or withheld. It was paid all the same.
    """

    text: str
    model: str
    spent: Spent
    tokens: tuple[Token, ...] = ()
    flaw: Unusable | None = None
    id: str = ""
    finish: str = ""


def read(body: object) -> Reply:
    """Return the reply in a body that came with status 200.

    Raises `Passing` for a body that is no chat completion: backends send such in bad moments.
    """
    if not isinstance(body, dict):
        raise Passing(f"answered with something that is no JSON object: {_quote(body)}")
    if body.get("error"):
        raise Passing(f"answered with an error in place of a completion: {_quote(body['error'])}")
    choice = _first(body.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        raise Passing("answered with a completion that holds no message")
    return Reply(
        text=_text(message),
        model=_string(body.get("model")),
        spent=spent(body),
        tokens=_tokens(choice.get("logprobs")),
        flaw=_flaw(choice, message),
        id=_string(body.get("id")),
        finish=_string(choice.get("finish_reason")),
    )


def spent(body: object) -> Spent:
    """Return the tokens that a body says were used; zeros where it does not say."""
    usage = _mapping(_mapping(body).get("usage"))
    details = _mapping(usage.get("prompt_tokens_details"))
    given = _count(usage.get("prompt_tokens"))
    cached = min(given, _count(details.get("cached_tokens")))
    return Spent(given, _count(usage.get("completion_tokens")), cached)


def _flaw(choice: dict[str, Any], message: dict[str, Any]) -> Unusable | None:
    if message.get("refusal"):
        return Unusable(f"the model refused: {_quote(message['refusal'])}", final=True)
    match choice.get("finish_reason"):
        case "length":
            return Unusable("the answer was cut at its limit of tokens", cut=True)
        case "content_filter":
            return Unusable("the backend's content filter withheld the answer", final=True)
        case _:
            return None


def _text(message: dict[str, Any]) -> str:
    """Return the arguments of the tool that was called, or what was said."""
    calls = message.get("tool_calls")
    if isinstance(calls, list) and calls:
        arguments = _mapping(_mapping(calls[0]).get("function")).get("arguments")
        if isinstance(arguments, str):
            return arguments
    content = message.get("content")
    if isinstance(content, list):
        return "".join(_string(_mapping(part).get("text")) for part in content)
    return _string(content)


def _tokens(logprobs: object) -> tuple[Token, ...]:
    content = _mapping(logprobs).get("content")
    if not isinstance(content, list):
        return ()
    return tuple(_token(_mapping(entry)) for entry in content)


def _token(entry: dict[str, Any]) -> Token:
    return Token(*_pair(entry), entry.get("top_logprobs"))


def _pair(entry: dict[str, Any]) -> tuple[str, float]:
    return _string(entry.get("token")), _chance(entry.get("logprob"))


def _chance(logprob: object) -> float:
    """Return a probability; 0 for a log probability that cannot be one."""
    if isinstance(logprob, bool) or not isinstance(logprob, int | float) or not logprob <= 0.0:
        return 0.0
    return exp(logprob)


def _first(choices: object) -> dict[str, Any]:
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise Passing("answered with a completion that holds no choice")
    return choices[0]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _quote(value: object) -> str:
    return repr(value)[:_QUOTED]
