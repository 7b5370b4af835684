"""What all tests share: how Hypothesis searches."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The first text that Hypothesis draws builds its table of characters. That takes seconds on a
# busy machine that measures coverage, and is no fault of a test; pytest holds the time limit.
settings.register_profile("docsort", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("docsort")
