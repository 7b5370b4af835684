"""What is known about a server and its job engine; each part tells what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server as its folder and its health service show it.

    `version`, `pid` and `role` are known on the server's own machine only. `health` has a status
    for each service and for the whole server, whose name is empty.
    """

    address: str
    version: str | None = None
    pid: int | None = None
    role: str | None = None
    health: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """A stream; `limit` is None without one, `leader` outside of clusters."""

    name: str
    messages: int
    bytes: int
    limit: int | None
    replicas: int
    leader: str | None


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """The tasks of a kind and priority: those that wait and those that workers have in hand."""

    kind: str
    lane: str
    waiting: int
    in_hand: int


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """The job engine; all but `url` and `problem` is empty where it does not answer.

    Both are None where it was not asked.
    """

    url: str | None = None
    version: str | None = None
    streams: list[StreamFacts] = field(default_factory=list)
    lanes: list[LaneFacts] = field(default_factory=list)
    documents: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it; `engine` is None where jobs live in the server's memory."""

    server: ServerFacts
    engine: EngineFacts | None
    free_disk: int | None

    @property
    def problems(self) -> list[str]:
        """What keeps the server from serving, nothing where it serves."""
        told = (self.server.problem, self.engine.problem if self.engine else None)
        return [problem for problem in told if problem]
