"""Every test of the contract runs on every store."""

from collections.abc import AsyncGenerator

import pytest
from store_cases import OPENERS, StoreCase

from docsort_server.jobs.store.protocols import Store


@pytest.fixture(params=sorted(OPENERS))
async def case(request: pytest.FixtureRequest) -> AsyncGenerator[StoreCase, None]:
    """Return an empty store."""
    async with OPENERS[request.param]() as opened:
        yield opened


@pytest.fixture
def store(case: StoreCase) -> Store:
    """Return an empty store where time does not matter."""
    return case.store
