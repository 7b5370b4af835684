"""What a backend may be, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from model_parts import KEY, backend

from docsort_server.engine.openai.backend import BackendError, Prices


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "host:8080/v1"}, "base_url: must be an http or https URL"),
        ({"base_url": "https:///v1"}, "base_url: must be an http or https URL"),
        ({"base_url": f"https://u:{KEY}@host/v1"}, "base_url: must hold no user or password"),
        ({"model": ""}, "model: must not be empty"),
        ({"max_concurrency": 0}, "max_concurrency: must be at least 1"),
        ({"timeout": float("nan")}, "timeout: must be at least 0.001"),
        ({"votes": -1}, "votes: must be at least 0"),
    ],
)
def test_a_setting_that_cannot_be_is_named(changes: dict[str, Any], words: str) -> None:
    """The error names the backend and the setting, and does not show a secret."""
    with pytest.raises(BackendError, match="backend default: ") as caught:
        backend(**changes)
    assert words in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_address_has_no_query() -> None:
    """Some servers take a key in the query: it is not shown."""
    assert backend(base_url="https://host:1/v1?key=x").address == "https://host:1/v1"


def test_cached_tokens_have_their_own_price() -> None:
    """Cached tokens are part of the input; without a price of their own they cost as much."""
    assert Prices(2.0, 10.0, 1.0).cost(1_000_000, 400_000, 100_000) == pytest.approx(2.6)
    assert Prices(2.0, 10.0).cost(1_000_000, 400_000, 100_000) == pytest.approx(3.0)
