"""Records that were written before somebody listened, read from the stream in batches."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import stored_from
from docsort_server.jobs.store.jetstream.trouble import Away

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored

BATCH = 64
BATCH_BYTES = 1024 * 1024
# Seconds for each message of an answer.
_ANSWER = 2.0


async def backlog(
    jetstream: JetStream, stream: str, pattern: str, position: int, until: int
) -> AsyncGenerator[tuple[Stored, bool], None]:
    """Yield the messages of a pattern after a position, up to another one that is written by now.

    Each comes with whether more are waiting. Raises `Away` and `Refused`, after which it may be
    called again with the position reached.
    """
    while True:
        found, pending = await _batch(jetstream, stream, pattern, position + 1)
        for index, stored in enumerate(found):
            position = stored.position
            if position > until:
                return
            yield stored, pending or index + 1 < len(found)
        if pending:
            continue
        # A copy that lags behind knows no better; the leader does.
        last = await jetstream.overlooked(stream, pattern, position + 1)
        if last is None or last.position > until:
            return
        position = last.position
        yield last, False


async def merged(
    jetstream: JetStream, stream: str, patterns: Sequence[str], position: int, until: int
) -> AsyncGenerator[tuple[Stored, bool], None]:
    """Yield the messages of several patterns in order, as `backlog` does those of one."""
    if len(patterns) == 1:
        async with aclosing(backlog(jetstream, stream, patterns[0], position, until)) as only:
            async for message in only:
                yield message
        return
    async with AsyncExitStack() as stack:
        sources = [
            await stack.enter_async_context(
                aclosing(backlog(jetstream, stream, pattern, position, until))
            )
            for pattern in patterns
        ]
        waiting = {source: await anext(source, None) for source in sources}
        while found := [(head[0].position, source) for source, head in waiting.items() if head]:
            _, source = min(found, key=lambda pair: pair[0])
            head = waiting[source]
            assert head is not None
            waiting[source] = await anext(source, None)
            yield head[0], head[1] or any(waiting.values())


async def _batch(
    jetstream: JetStream, stream: str, pattern: str, position: int
) -> tuple[list[Stored], bool]:
    """Return some messages, and whether there are more behind them."""
    connection = jetstream.connection
    asked = {"next_by_subj": pattern, "seq": position, "batch": BATCH, "max_bytes": BATCH_BYTES}
    found: list[Stored] = []
    with connection.answers() as inbox:
        await connection.publish(
            f"$JS.API.DIRECT.GET.{stream}", json.dumps(asked).encode(), inbox.subject
        )
        while (message := await inbox.next(_ANSWER)) is not None:
            headers = message.headers or {}
            if headers.get("Status") in {"204", "404"}:
                return found, int(headers.get("Nats-Num-Pending", 0)) > 0
            if (stored := stored_from(message)) is not None:
                found.append(stored)
    raise Away("no answer in time", doubt=True)
