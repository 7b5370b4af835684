"""What a server says of an address that others can reach."""

import pytest

from docsort_server.exposure import warning


@pytest.mark.parametrize("listen", ["127.0.0.1:50051", "[::1]:0", "localhost:1", "127.8.0.1:1"])
def test_this_machine_alone_is_no_matter(listen: str) -> None:
    """Whatever the port."""
    assert warning(listen) is None


@pytest.mark.parametrize("listen", ["0.0.0.0:50051", "[::]:50051", "10.0.0.7:1", "docs.example:1"])
def test_others_are_warned_of(listen: str) -> None:
    """Nobody is asked who they are."""
    told = warning(listen)
    assert told
    assert told.startswith(f"listens on {listen}, without authentication")
