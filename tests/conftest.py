"""What all tests share: how Hypothesis searches, their order, and what is no garbage."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from order import dealt

if TYPE_CHECKING:
    import pytest

# The first text that Hypothesis draws builds its table of characters. That takes seconds on a
# busy machine that measures coverage, and is no fault of a test; pytest holds the time limit.
settings.register_profile("docsort", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("docsort")

# Modules and tests stay to the end: a third of the time of finding them went into looking whether
# they are garbage.
gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have every process of a run begin with tests that take long."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes > 1:
        items[:] = dealt(items, processes, lambda item: item.nodeid.partition("::")[0])


def pytest_collection_finish() -> None:
    """Look for garbage again, among what tests make."""
    gc.freeze()
    gc.enable()
