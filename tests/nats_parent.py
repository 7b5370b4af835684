"""A process that runs a nats-server of its own until it is told to end.

`python nats_parent.py FOLDER` prints the server's process id once it serves.
"""

import asyncio
import sys
from pathlib import Path

from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded


async def main() -> None:
    """Run the server for ever."""
    folder = Path(sys.argv[1])
    async with embedded(find_binary(), folder):
        sys.stdout.write((folder / "lock").read_text() + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
