"""A worker process: `python -m docsort_server.sandbox HANDLER SOCKET PARENT MEMORY CPU`.

The server starts it by exec with one end of a socket pair. MEMORY is bytes, or `-` for no bound;
CPU is seconds of processor time for one request.
"""

from __future__ import annotations

import gc
import socket
import sys

from docsort_server.sandbox import confine
from docsort_server.sandbox.child import Child
from docsort_server.sandbox.frames import encode
from docsort_server.sandbox.handler import load


def main(arguments: list[str]) -> None:
    """Confine this process, load the handler and serve it."""
    name, socket_fd, parent, memory, cpu = arguments
    confine.ignore_signals()
    confine.die_with(int(parent))
    confine.mute()
    missing = confine.give_up_the_rest(name)
    # What a handler loads stays: looking for garbage in it took a tenth of the time.
    gc.disable()
    with socket.socket(fileno=int(socket_fd)) as sock:
        try:
            handler = load(name)
        except Exception as error:  # the server reports it: handlers are its own code
            sock.sendall(encode({"failed": f"{type(error).__name__}: {error}"[:500]}))
            raise
        confine.limit(None if memory == "-" else int(memory))
        gc.enable()
        Child(sock, handler, int(cpu)).serve(missing)


if __name__ == "__main__":
    main(sys.argv[1:])
