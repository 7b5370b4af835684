"""Every test of the contract runs on every store."""

import pytest
from store_cases import OPENERS, StoreCase

from docsort_server.jobs.store.protocols import Store


@pytest.fixture(params=sorted(OPENERS))
async def case(request: pytest.FixtureRequest) -> StoreCase:
    """Return an empty store."""
    return OPENERS[request.param]()


@pytest.fixture
def store(case: StoreCase) -> Store:
    """Return an empty store where time does not matter."""
    return case.store
