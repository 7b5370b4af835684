"""JetStream alone: a connection is closed after its engine has gone."""

import asyncio
from pathlib import Path

from nats.aio.transport import TcpTransport

from docsort_server.jobs.store.jetstream import Servers
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded


async def test_a_connection_whose_other_end_is_gone_closes_whole(tmp_path: Path) -> None:
    """A heartbeat that cannot be sent any more keeps neither the close nor its tasks waiting."""
    async with embedded(find_binary(), tmp_path) as endpoint:
        before = asyncio.all_tasks()
        async with Connection.open(Servers([endpoint.url], endpoint.token)) as connection:
            # As the library is left where a heartbeat meets a pipe that has just broken.
            client, transport = connection._client, connection._client._transport
            assert isinstance(transport, TcpTransport)
            assert transport._io_reader
            assert transport._io_writer
            transport._io_reader.set_exception(BrokenPipeError())
            client._pending, client._pending_data_size = [b"PING\r\n"], 6
        await asyncio.sleep(0)
        assert client.is_closed
        assert transport._io_writer.is_closing()
        assert asyncio.all_tasks() == before
