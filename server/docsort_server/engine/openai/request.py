"""The body of a call, by the manner in which a backend can be asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docsort_server.engine.openai.ladder import Manner, Rung

if TYPE_CHECKING:
    from docsort_server.engine.openai.answer import Form
    from docsort_server.engine.openai.prompt import Message

TOP = 20
TOOL = "answer"
# What backends do not take that know text alone.
IMAGE = "image"
VOTE_TEMPERATURE = 0.7

_TOKENS = 32
_TOKENS_PER_CRITERION = 10
_TOKENS_PER_QUOTE = 60
# Characters of text that a token holds at least, roughly; and what an image takes.
_CHARS_PER_TOKEN = 3
IMAGE_TOKENS = 1_100
# How backends call what they do not know; empty where they do not say what it is.
_NAMES = {
    **{name: name for name in ("logprobs", "top_logprobs", "temperature", "json_schema")},
    **{name: name for name in ("max_tokens", "max_completion_tokens", "response_format")},
    **{name: name for name in ("tools", "tool_choice")},
    "logprob": "logprobs",
    "json_object": "response_format",
    "grammar": "json_schema",
    "schema": "json_schema",
    "structured output": "json_schema",
    "tool": "tools",
    "requested parameters": "",
}
_PICTURES = r"\b(?:images?|image_url|vision|multi-?modal)\b"
_NO = r"(?:\bnot?\b|n't\b|\bunknown\b|\bunsupported\b|\bonly (?:supported|available)\b)"
_NO_IMAGES = re.compile(
    rf"{_NO}.{{0,60}}{_PICTURES}|{_PICTURES}.{{0,60}}{_NO}|mmproj|expected `?text\b",
    re.IGNORECASE | re.DOTALL,
)
# The first that is named is what the complaint is about; others may be advice.
_NAMED = re.compile(r"\b(?:" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")")


def body(
    model: str, messages: list[Message], form: Form, manner: Manner, *, vote: bool = False
) -> dict[str, Any]:
    """Return the body of a chat completion; a `vote` is drawn instead of being the likeliest."""
    limit = "max_completion_tokens" if manner.completion_tokens else "max_tokens"
    asked: dict[str, Any] = {
        "model": model,
        "messages": messages,
        limit: most_tokens(form) * manner.width,
    }
    if manner.temperature:
        asked["temperature"] = VOTE_TEMPERATURE if vote else 0
    return asked | _shape(form, manner.rung)


def most_tokens(form: Form) -> int:
    """Return how many tokens an answer may take."""
    per_criterion = _TOKENS_PER_CRITERION + (_TOKENS_PER_QUOTE if form.quoted else 0)
    return _TOKENS + form.criteria * per_criterion


def estimate(prompt_chars: int, form: Form, *, image: bool) -> int:
    """Return about how many tokens a call takes, before it is made."""
    return prompt_chars // _CHARS_PER_TOKEN + most_tokens(form) + (IMAGE_TOKENS if image else 0)


def parameter_named(message: str, param: object) -> str | None:
    """Return the parameter that a backend's complaint is about; None where it is about none."""
    for text in (param if isinstance(param, str) else "", message):
        found = _NAMED.search(text.casefold())
        if found:
            return _NAMES[found[0]]
    return None


def refuses_images(message: str) -> bool:
    """Tell whether a backend's complaint about a call with an image is about that."""
    return _NO_IMAGES.search(message) is not None


def _shape(form: Form, rung: Rung) -> dict[str, Any]:
    match rung:
        case Rung.SCHEMA_LOGPROBS:
            return _schema(form) | {"logprobs": True, "top_logprobs": TOP}
        case Rung.SCHEMA:
            return _schema(form)
        case Rung.TOOL:
            return _tool(form)
        case Rung.JSON_OBJECT:
            return {"response_format": {"type": "json_object"}}
        case Rung.PLAIN:
            return {}


def _schema(form: Form) -> dict[str, Any]:
    spelled = {"name": TOOL, "strict": True, "schema": form.schema}
    return {"response_format": {"type": "json_schema", "json_schema": spelled}}


def _tool(form: Form) -> dict[str, Any]:
    function = {"name": TOOL, "description": "Give the answer.", "parameters": form.schema}
    return {
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": TOOL}},
    }
