"""The configured engines by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsort_server.engine.forecast import Forecaster
    from docsort_server.engine.model import PageClassifier
    from docsort_server.jobs.model import JobOptions

# Pages in hand for each that an engine elsewhere takes at a time. A job alone has two of these out:
# with more, a short job meets a long one in the engine's queue, where they take turns.
PAGES_PER_PLACE = 4


class Engines:
    """Choose an engine for a job; the empty name is the default.

    `rooms` tells for engines that work elsewhere how many pages they take at a time. One that is
    named there alone can be asked for here, and is run by other replicas. In place of the default
    `fallbacks` answer, for jobs that name no engines. `forecasters` are of those that ask a model.
    """

    def __init__(
        self,
        engines: Mapping[str, PageClassifier],
        default: str,
        rooms: Mapping[str, int] | None = None,
        fallbacks: Sequence[str] = (),
        forecasters: Mapping[str, Forecaster] | None = None,
    ) -> None:
        self._engines = dict(engines)
        self._default = default
        self._rooms = dict(rooms or {})
        self._fallbacks = tuple(fallbacks)
        self._forecasters = dict(forecasters or {})

    def check(self, options: JobOptions) -> None:
        """Raise `Fault` INVALID_REQUEST for an engine that nobody has."""
        known = {*self._engines, *self._rooms}
        for path, name in _asked(options):
            if self.named(name) not in known:
                raise self._unknown(path, name, known)

    def order(self, options: JobOptions) -> list[str]:
        """Return the engines of a job, each of which answers where those before it cannot."""
        asked = options.fallback_engines
        usual = () if options.engine or asked else self._fallbacks
        return list(dict.fromkeys((self.named(options.engine), *asked, *usual)))

    def get(self, name: str) -> PageClassifier:
        """Return the engine of a name. Raises `Fault` INVALID_REQUEST where it is not here."""
        engine = self._engines.get(self.named(name))
        if engine is None:
            raise self._unknown("options.engine", name, self._engines)
        return engine

    def named(self, name: str) -> str:
        """Return the name with the default filled in."""
        return name or self._default

    def room(self, name: str) -> int | None:
        """Return how many pages an engine elsewhere takes at a time; None for one that is here."""
        return self._rooms.get(self.named(name))

    def forecaster(self, name: str) -> Forecaster | None:
        """Return what tells the cost of an engine's pages; None for one that asks no model."""
        return self._forecasters.get(self.named(name))

    def _unknown(self, path: str, name: str, known: Iterable[str]) -> Fault:
        listed = ", ".join(sorted(known))
        text = (
            f"No engine is called {self.named(name)!r}; this server has: {listed}. A model is an "
            "engine once the settings of the server name it: openai_model, or a table of backends."
        )
        return Fault(Reason.INVALID_REQUEST, text, violations=(Violation(path, text),))


def _asked(options: JobOptions) -> Iterator[tuple[str, str]]:
    yield "options.engine", options.engine
    for index, name in enumerate(options.fallback_engines):
        yield f"options.fallback_engines[{index}]", name
