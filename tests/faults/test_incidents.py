"""What callers may know of an exception, and what the log gets."""

import logging

import pytest

from docsort_server.faults import Failure, Fault, Reason
from docsort_server.incidents import failure_of

log = logging.getLogger("test")


def test_a_fault_is_told_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """What the caller can act on is no incident."""
    fault = Fault(Reason.CORRUPT_DOCUMENT, "damaged", metadata={"limit": "none"})
    assert failure_of(log, "a test", fault) == Failure(
        Reason.CORRUPT_DOCUMENT, "damaged", {"limit": "none"}
    )
    assert not caplog.records


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Fault(Reason.INTERNAL, "the engine failed", metadata={"limit": "x"}), "the engine failed"),
        (ValueError("a secret sentence"), "Internal error"),
    ],
)
def test_what_nobody_expected_is_logged_under_an_id(
    error: Exception, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    """INTERNAL always has an id that stands in the log, and never an unknown exception's text."""
    failure = failure_of(log, "a test", error)
    assert failure.reason is Reason.INTERNAL
    assert failure.message.startswith(message)
    assert "secret" not in failure.message
    assert failure.metadata["error_id"] in caplog.text
    assert str(error) in caplog.text
