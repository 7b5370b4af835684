"""How long the client waits, and for what."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Set how long to wait, in seconds.

    None of them limits how long a job may take: that is the `deadline` of the request.
    """

    connect: float = 10.0
    """For a connection to the server. Starting client and server together is fine."""

    call: float = 30.0
    """For the answer to a single call, such as get_job."""

    idle: float = 45.0
    """For the next message of a stream, where the server sends a sign of life every 15 seconds;
    and for the server to take the next 960 KiB of an upload."""

    resume: float = 60.0
    """For a new event after a stream broke, over all attempts to take it up again; likewise for
    the repeats of an upload."""


CANCEL_SECONDS: Final = 5.0
"""How long leaving a stream may be held up by the cancelling of its job."""

WAIT_SECONDS: Final = 50.0
"""How long a single call waits for a job; the server allows 60."""
