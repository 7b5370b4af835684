"""What an engine that is away, full or of another opinion raises inside this package."""

from __future__ import annotations

# Another write came first; `CONTENDED` while it is not committed yet, in clusters.
WRONG_SEQUENCE = 10071
CONTENDED = 10164
STREAM_FULL = 10077
NO_SPACE = 10047
NO_STREAM = 10059
NO_MESSAGE = 10037
# HTTP's word for "not now": no leader, starting, full.
_UNAVAILABLE = 503


class Away(Exception):  # noqa: N818 - a state of the engine, not an error of a call
    """The engine was not reached or did not answer; `doubt` tells that it may have acted."""

    def __init__(self, what: str, *, doubt: bool = False) -> None:
        super().__init__(what)
        self.doubt = doubt


class Refused(Exception):  # noqa: N818 - an answer like any other
    """The engine answered with an error; `code` is HTTP's, `number` JetStream's own."""

    def __init__(self, code: int, number: int, text: str) -> None:
        super().__init__(f"{text} ({number})")
        self.code = code
        self.number = number

    @property
    def full(self) -> bool:
        """Whether there is no room."""
        return self.number in (STREAM_FULL, NO_SPACE)

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.code == _UNAVAILABLE or self.number == CONTENDED or self.full


class Gone(Exception):  # noqa: N818 - as above
    """A consumer no longer serves the requests made of it."""
