"""Expressions that are compiled when they are first used: most processes never use most of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Expression:
    """Stands for a compiled expression, and is as quick as one from its second use on."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        # Only what is not set yet is asked for here.
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def expression(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` does, but compile it no sooner than at its first use.

    A long one takes some milliseconds. Only its methods and attributes can be used: the functions
    of `re` do not take it. A mistake in it raises re.error at the first use.
    """
    return cast("re.Pattern[str]", _Expression(text, flags))
