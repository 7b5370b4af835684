"""Which report fits the format asked for and the place it goes to."""

import importlib.util
import io
import os
import sys

from docsort._cli.report import BodyReport, LineReport, PlainReport, Report, body_renderer


def make_report(form: str, *, many: bool, streaming: bool) -> Report:
    """Return the report for a format; `many` values go one to a line.

    Without rich, or where nobody looks on, text comes in plain lines.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        machine = form != "text"
        sys.stdout.reconfigure(encoding="utf-8" if machine else None, errors="replace")
    if form == "text":
        return _text_report(many=many)
    if form == "jsonl" and streaming:
        return LineReport(sys.stdout, many=many)
    indent = None if many or form == "jsonl" else 2
    return BodyReport(sys.stdout, body_renderer(form), indent=indent, many=many)


def _text_report(*, many: bool) -> Report:
    dumb = os.environ.get("TERM", "dumb") == "dumb"
    if dumb or not sys.stdout.isatty() or importlib.util.find_spec("rich") is None:
        return PlainReport(sys.stdout, many=many)
    from docsort._cli.live import LiveReport  # noqa: PLC0415 - an extra, needed here only

    return LiveReport(many=many)
