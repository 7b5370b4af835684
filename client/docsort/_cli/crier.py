"""The command that tells what becomes of all jobs."""

import contextlib
import json
import sys
from collections.abc import Generator
from typing import NoReturn

from docsort._blocking import BlockingCalls
from docsort._channel import DEFAULT_MESSAGE_BYTES
from docsort._cli.exits import Exit, exit_code
from docsort._cli.notices import Waiting, say
from docsort._cli.report import native_change
from docsort._cli.words import change_line
from docsort._errors import DocsortError
from docsort._events import JobChange
from docsort._feed import FeedCursor, follow_blocking
from docsort._stream import Patience
from docsort._timeouts import Timeouts


class Crier:
    """Print changes in a format, a line each, until interrupted; then how to go on."""

    def __init__(self, server: str, waiting: Waiting, form: str) -> None:
        self._server = server
        self._waiting = waiting
        self._form = form

    def tell(self, cursor: FeedCursor) -> NoReturn:
        """Tell for ever; what ends it is raised."""
        timeouts = Timeouts()
        calls = BlockingCalls(self._server, timeouts, DEFAULT_MESSAGE_BYTES, None)
        with contextlib.closing(calls), _telling_how_to_go_on(cursor):
            self._waiting.start()
            calls.connect()
            self._waiting.stop()
            for change in follow_blocking(calls, cursor, Patience(timeouts.resume)):
                print(self._line(change), file=sys.stdout, flush=True)
        raise AssertionError("the feed does not end by itself")

    def _line(self, change: JobChange) -> str:
        if self._form == "text":
            return change_line(change)
        return json.dumps(native_change(change), ensure_ascii=False)


@contextlib.contextmanager
def _telling_how_to_go_on(cursor: FeedCursor) -> Generator[None, None, None]:
    """Print the token after what was printed, unless the token itself ended the block."""
    try:
        yield
    except (KeyboardInterrupt, BrokenPipeError):
        _tell(cursor)
        raise
    except DocsortError as error:
        if exit_code(error) is Exit.UNREACHABLE:
            _tell(cursor)
        raise


def _tell(cursor: FeedCursor) -> None:
    if cursor.settled:
        say(f"go on with: --resume {cursor.settled}")
