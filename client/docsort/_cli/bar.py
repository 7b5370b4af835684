"""How far an upload is, on standard error where somebody looks on."""

import importlib.util
import os
import sys
from typing import TYPE_CHECKING

from docsort._cli.notices import say

if TYPE_CHECKING:
    from rich.progress import Progress


class UploadBar:
    """Draw a bar with rich; without it say once that a document is being uploaded."""

    def __init__(self) -> None:
        dumb = os.environ.get("TERM", "dumb") == "dumb"
        self._enabled = sys.stderr.isatty()
        self._rich = not dumb and importlib.util.find_spec("rich") is not None
        self._begun = False
        self._bar: Progress | None = None

    def __call__(self, sent: int, total: int) -> None:
        """Take in how many bytes are sent; the last ones end the drawing."""
        if not self._begun:
            self._begun = True
            self._begin(total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=sent)
        if sent >= total:
            self.close()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None
        self._begun = False

    def _begin(self, total: int) -> None:
        if not self._enabled:
            return
        if not self._rich:
            say(f"uploading {total / 1e6:.1f} MB ...")
            return
        from rich.console import Console  # noqa: PLC0415 - an extra, needed here only
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TransferSpeedColumn,
        )

        columns = (TextColumn("Uploading"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.add_task("", total=total)
        self._bar.start()
