"""The report for a terminal, drawn with rich: imported only where rich is installed."""

from typing import Final

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from docsort import _events
from docsort._cli.texts import number, printable
from docsort._cli.words import HEADINGS, page_cells, summary
from docsort._events import Event
from docsort._models import Job, PageResult

_STYLES: Final = {
    "matched": "green",
    "ambiguous": "yellow",
    "no match": "yellow",
    "failed": "red",
    "unreadable": "red",
    "blank": "dim",
}
# Lines of the terminal that the table may not take: heading, rules, bar, prompt.
_RESERVED: Final = 8
_LABEL_WIDTH: Final = 30


class LiveReport:
    """Draw a progress bar under a growing table, then the whole table and the summary."""

    def __init__(self, console: Console | None = None, *, many: bool = False) -> None:
        self._many = many
        self._named = False
        self._console = console or Console(highlight=False)
        self._pages: list[PageResult] = []
        self._progress = _progress()
        self._task = self._progress.add_task("Connecting", total=None, leading="")
        self._live: Live | None = None

    def begin(self, name: str) -> None:
        """Start drawing."""
        self.close()
        self._named = False
        if self._many:
            self._console.print(Text(printable(name), style="bold"))
        self._pages = []
        self._progress = _progress()
        self._task = self._progress.add_task("Connecting", total=None, leading="")
        self._live = Live(get_renderable=self._view, console=self._console, transient=True)
        self._live.start()

    def sending(self, sent: int, total: int) -> bool:
        """Let the bar show how much of the document is uploaded."""
        over = sent >= total
        self._progress.update(
            self._task,
            description="Waiting for the first page" if over else "Uploading, MB",
            completed=0 if over else round(sent / 1e6),
            total=None if over else round(total / 1e6),
        )
        return True

    def event(self, event: Event) -> None:
        """Take the event in; the drawing goes on by itself."""
        if not self._named:
            self._console.print(Text(f"job {event.job_id}", style="dim"))
            self._named = True
        if isinstance(event, _events.PageFinished):
            self._pages.append(event.page_result)
            self._progress.update(self._task, completed=len(self._pages))
        if isinstance(event, _events.Provisional):
            # None of the pages has scores where it is 0.
            leading = f"so far {printable(event.classification)} {number(event.confidence or None)}"
            self._progress.update(self._task, leading=leading)
        if isinstance(event, _events.Progress):
            self._progress.update(
                self._task, description=printable(event.progress), total=event.pages_total
            )

    def finish(self, job: Job) -> None:
        """Replace the drawing by the whole table and the summary."""
        self.close()
        pages = job.result.page_results if job.result else self._pages
        if pages:
            self._console.print(_table(sorted(pages, key=lambda page: page.page)))
        grid = Table.grid(padding=(0, 2))
        for label, text in summary(job):
            grid.add_row(Text(label, style="dim"), Text(text))
        self._console.print(grid)

    def refuse(self, job: Job) -> None:
        """Stop drawing: the complaint says it all."""
        self.close()

    def close(self) -> None:
        """Stop drawing."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _view(self) -> Group:
        room = max(self._console.size.height - _RESERVED, 1)
        return Group(_table(self._pages[-room:]), self._progress)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[leading]}", style="dim", markup=False),
    )


def _table(pages: list[PageResult]) -> Table:
    # Only the last column gives way on a narrow terminal.
    table = Table(box=None, header_style="dim", pad_edge=False, expand=True)
    table.add_column(HEADINGS[0], justify="right", no_wrap=True)
    table.add_column(HEADINGS[1], no_wrap=True, max_width=_LABEL_WIDTH)
    table.add_column(HEADINGS[2], justify="right", no_wrap=True)
    table.add_column(HEADINGS[3], no_wrap=True)
    table.add_column(HEADINGS[4], no_wrap=True, ratio=1)
    for page in pages:
        *cells, outcome, because = page_cells(page)
        style = _STYLES.get(outcome, "")
        table.add_row(*map(Text, cells), Text(outcome, style=style), Text(because, style="dim"))
    return table
