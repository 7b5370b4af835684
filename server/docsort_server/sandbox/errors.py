"""How a worker process can fail its caller."""

from __future__ import annotations


class WorkerError(Exception):
    """The worker could not finish the request and is being replaced."""


class WorkerTimeout(WorkerError):  # noqa: N818 - named after the event, like `TimeoutError`'s kin
    """No frame came in time; the process has been killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.seconds = seconds


class WorkerDied(WorkerError):  # noqa: N818 - named after the event
    """The process ended before its answer did.

    `status` is the exit status, or minus the signal's number as `subprocess` counts; None when
    the process broke the protocol and was killed for it.
    """

    def __init__(self, status: int | None, detail: str = "") -> None:
        told = "broke the protocol" if status is None else f"ended with status {status}"
        super().__init__(f"the worker {told}{': ' if detail else ''}{detail}")
        self.status = status


class WorkerStartError(WorkerError):
    """A worker did not become ready: its handler cannot be loaded, or it took too long."""
