"""How many documents are done, on standard error: a bar where somebody looks on, else lines."""

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Final

from docsort._cli.notices import say
from docsort._cli.texts import printable

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY: Final = 50


class CountBar:
    """Draw a bar with rich; elsewhere say a line now and then."""

    def __init__(self, total: int) -> None:
        dumb = os.environ.get("TERM", "dumb") == "dumb"
        rich = not dumb and importlib.util.find_spec("rich") is not None
        self._total = total
        self._done = 0
        self._failed = 0
        self._bar: Progress | None = None
        if rich and sys.stderr.isatty():
            self._bar = _drawn(total)

    def step(self, name: str, *, failed: bool) -> None:
        """Count one more."""
        self._done += 1
        self._failed += failed
        said = f"{self._failed} failed" if self._failed else ""
        if self._bar is not None:
            text = f"{said}  {printable(name)[:40]}"
            self._bar.update(self._bar.task_ids[0], completed=self._done, said=text)
        elif self._done % _EVERY == 0 or self._done == self._total:
            say(f"{self._done} of {self._total} documents{', ' * bool(said)}{said}")

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()


def _drawn(total: int) -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - an extra, needed here only
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    said = TextColumn("{task.fields[said]}", style="dim", markup=False)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), said)
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=total, said="")
    bar.start()
    return bar
