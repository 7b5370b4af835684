"""A model server on the loopback that does what it is told, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

HANG = 3_600.0


@dataclass
class Asked:
    """A request, and when (of the loop) it came and its connection was seen to close."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    came: float
    closed: float | None = None

    @property
    def prompt(self) -> str:
        """The system message."""
        return str(self.body["messages"][0]["content"])

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of the answer, from wherever it was sent."""
        if "tools" in self.body:
            return dict(self.body["tools"][0]["function"]["parameters"])
        return dict(self.body["response_format"]["json_schema"]["schema"])


@dataclass(frozen=True)
class Act:
    """What to do with one request: wait, then send bytes, then perhaps break the connection."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    kind: str = "application/json"
    cut: bool = False
    reset: bool = False

    def payload(self) -> bytes:
        """Return the body's bytes."""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class ModelServer:
    """Acts in turn; when there are none left, the default goes on for ever."""

    default: Act | Callable[[Asked], Act]
    acts: deque[Act | Callable[[Asked], Act]] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    url: str = ""

    def then(self, *acts: Act | Callable[[Asked], Act]) -> None:
        """Queue acts before the default."""
        self.acts.extend(acts)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection."""
        try:
            while request := await _request(reader):
                await self._answer(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, request: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.asked.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            script = self.acts.popleft() if self.acts else self.default
            act = script if isinstance(script, Act) else script(request)
            if act.wait and await _closes(reader, act.wait):
                request.closed = asyncio.get_running_loop().time()
                raise ConnectionResetError
            await _play(act, writer)
        finally:
            self.in_flight -= 1


@asynccontextmanager
async def model_server(
    default: Act | Callable[[Asked], Act] | None = None,
) -> AsyncGenerator[ModelServer, None]:
    """Serve on a free port until the block ends; by default every schema is filled."""
    server = ModelServer(default or fill)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1024)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def fill(asked: Asked) -> Act:
    """Answer with the first option, every criterion met, and probabilities where asked for."""
    return answer(filled(asked.schema))(asked)


def filled(schema: dict[str, Any], **values: object) -> dict[str, Any]:
    """Return an object that fits a schema, with some of its values given."""
    kinds = {"boolean": True, "string": ""}
    return {
        key: values.get(key, entry["enum"][0] if "enum" in entry else kinds[entry["type"]])
        for key, entry in schema["properties"].items()
    }


def answer(
    content: object, *, chances: dict[str, float] | None = None, **extra: object
) -> Callable[[Asked], Act]:
    """Answer with an object or a text; `chances` are those in the place of the category."""
    text = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))

    def act(asked: Asked) -> Act:
        choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", **extra}
        choice.setdefault("message", _message(asked, text))
        if asked.body.get("logprobs"):
            choice["logprobs"] = {"content": _logprobs(text, chances)}
        return Act(completion(choice))

    return act


def completion(*choices: dict[str, Any]) -> dict[str, Any]:
    """Return a completion's body."""
    details = {"prompt_tokens_details": {"cached_tokens": 100}}
    usage = {"prompt_tokens": 150, "completion_tokens": 8, "total_tokens": 158, **details}
    listed = {"object": "chat.completion", "choices": list(choices), "usage": usage}
    return {"id": "x", "model": "small-2026-11", "created": 1, **listed}


def error(
    status: int, message: str = "no", headers: dict[str, str] | None = None, **fields: object
) -> Act:
    """Answer with an error as OpenAI words it."""
    return Act({"error": {"message": message, **fields}}, status=status, headers=headers or {})


def _message(asked: Asked, text: str) -> dict[str, Any]:
    if "tools" not in asked.body:
        return {"role": "assistant", "content": text}
    call = {"id": "t", "type": "function", "function": {"name": "answer", "arguments": text}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _logprobs(text: str, chances: dict[str, float] | None) -> list[dict[str, Any]]:
    """Return tokens: the code and the truth values alone, all the rest between them merged."""
    start = text.find('":"') + 3
    if start < 3:
        return [_token(text, {text: 1.0})]
    end = text.find('"', start)
    code, rest = text[start:end], text[end:]
    tokens = [_token(text[:start], {text[:start]: 1.0}), _token(code, chances or {code: 0.98})]
    while (found := _first(rest, ("true", "false"))) is not None:
        place, word = found
        other = "false" if word == "true" else "true"
        tokens += [_token(rest[:place], {rest[:place]: 1.0}), _token(word, {word: 0.9, other: 0.1})]
        rest = rest[place + len(word) :]
    return [*tokens, _token(rest, {rest: 1.0})]


def _first(text: str, words: tuple[str, ...]) -> tuple[int, str] | None:
    places = [(text.find(word), word) for word in words if word in text]
    return min(places) if places else None


def _token(text: str, chances: dict[str, float]) -> dict[str, Any]:
    top = [{"token": key, "logprob": log(chance), "bytes": None} for key, chance in chances.items()]
    return {"token": text, "logprob": top[0]["logprob"], "bytes": None, "top_logprobs": top}


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    line = await reader.readline()
    if not line:
        return None
    headers = {}
    while (header := await reader.readline()) not in {b"\r\n", b""}:
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    now = asyncio.get_running_loop().time()
    return Asked(line.split()[1].decode(), headers, json.loads(body), now)


async def _closes(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Wait, and tell whether the other side closed meanwhile."""
    waiting: Awaitable[bytes] = reader.read(1)
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return False
    return True


async def _play(act: Act, writer: asyncio.StreamWriter) -> None:
    if act.reset:
        writer.transport.abort()
        raise ConnectionResetError
    payload = act.payload()
    headers = {"Content-Type": act.kind, "Content-Length": str(len(payload)), **act.headers}
    lines = [f"HTTP/1.1 {act.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, "", ""]).encode()
    writer.write(head + (payload[: len(payload) // 2] if act.cut else payload))
    await writer.drain()
    if act.cut:
        raise ConnectionResetError
