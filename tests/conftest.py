"""What all tests share: how Hypothesis searches, and what is no garbage."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

# The first text that Hypothesis draws builds its table of characters. That takes seconds on a
# busy machine that measures coverage, and is no fault of a test; pytest holds the time limit.
settings.register_profile("docsort", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("docsort")

# Modules and tests stay to the end: a third of the time of finding them went into looking whether
# they are garbage.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, among what tests make."""
    gc.freeze()
    gc.enable()
