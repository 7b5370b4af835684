"""The configured engines by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.model import PageClassifier


class Engines:
    """Choose an engine for a job; the empty name is the default."""

    def __init__(self, engines: Mapping[str, PageClassifier], default: str) -> None:
        self._engines = dict(engines)
        self._default = default

    def get(self, name: str) -> PageClassifier:
        """Return the engine of a name. Raises `Fault` INVALID_REQUEST for an unknown one."""
        engine = self._engines.get(name or self._default)
        if engine is None:
            known = ", ".join(sorted(self._engines))
            text = f"No engine is called {name!r}; this server has: {known}."
            raise Fault(
                Reason.INVALID_REQUEST, text, violations=(Violation("options.engine", text),)
            )
        return engine
