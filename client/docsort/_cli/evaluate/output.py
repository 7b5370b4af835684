"""What `evaluate`, `pool` and `calibrate` write and print."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from docsort._cli.evaluate.run import try_all
from docsort._cli.exits import Exit
from docsort._cli.files import UsageError
from docsort._cli.notices import say
from docsort._cli.texts import printable
from docsort._evaluate import calibration_file, pool, record


def evaluated(arguments: argparse.Namespace) -> int:
    """Run the documents, write both files, print the summary; return the exit code."""
    kept, page = _outputs(arguments.output)
    _spare(_read(arguments), kept, page)
    earlier = record.read_run(arguments.compare) if arguments.compare else None
    tried = try_all(arguments, kept)
    # First of all: the answers may have been dear, and what comes now costs nothing to repeat.
    content = record.compose(tried.heading, tried.graded)
    record.write(kept, content)
    # Not before: it takes a second to load, and what is wrong with the labels is told at once.
    from docsort._cli.evaluate import results  # noqa: PLC0415

    found = results.evaluate(tried.graded, arguments.precision, arguments.split)
    compared = None
    if earlier:
        same = earlier.question == content["question"]
        compared = results.compare(tried.graded, earlier, same_question=same)
    content |= results.plain(found, compared)
    record.write(kept, content)
    page.write_text(results.render(content, found, compared), encoding="utf-8")
    _print(arguments.format, content, list(results.summary(found, compared)))
    if compared and not compared.same_question:
        say(f"{printable(compared.name)} was asked with other categories or options")
    say(f"wrote {page} and {kept}")
    return tried.code


def pooled(arguments: argparse.Namespace) -> int:
    """Judge the answers of runs together, write both files, print the summary."""
    kept, page = _outputs(arguments.output)
    files = [path.resolve() for path in arguments.runs]
    if len(set(files)) < max(len(files), 2):
        raise UsageError("pool takes two or more runs, each of them once")
    _spare([(str(path), path) for path in arguments.runs], kept, page)
    together = pool.pool(
        [replace(record.read_run(path), name=str(path)) for path in arguments.runs]
    )
    from docsort._cli.evaluate import results  # noqa: PLC0415 - as above

    splits = [pool.RUN, *arguments.split]
    found = results.evaluate(together.graded, arguments.precision, splits, pool.UNIT)
    content = pool.compose(together, datetime.now(UTC)) | results.plain(found, None)
    record.write(kept, content)
    page.write_text(results.render(content, found), encoding="utf-8")
    _print(arguments.format, content, list(results.summary(found)))
    for one, other in together.repeated():
        say(f"{other} asked the same as {one}: it adds no evidence")
    if together.packets:
        say(
            f"{together.packets} packets are left out: runs do not hold what is true of their pages"
        )
    say(f"wrote {page} and {kept}")
    return Exit.OK


def calibrated(arguments: argparse.Namespace) -> int:
    """Run the documents, fit, write the file, print what it is worth; return the exit code."""
    kept = arguments.output.with_name(f"{arguments.output.stem}-run.json")
    _spare(_read(arguments), arguments.output, kept)
    fits = calibration_file.read(arguments.output) if arguments.output.exists() else []
    tried = try_all(arguments, kept)
    record.write(kept, record.compose(tried.heading, tried.graded))
    from docsort._cli.evaluate import results  # noqa: PLC0415 - as above

    name = arguments.id or f"{tried.heading.created:%Y-%m-%d} {arguments.labels.stem}"
    found = results.fit_all(tried.graded)
    entries = [calibration_file.entry(each, name) for each in found]
    calibration_file.write(arguments.output, calibration_file.merged(fits, entries))
    lines = [line for each in found for line in each.lines()]
    _print(arguments.format, {"id": name, "fits": [each.plain() for each in found]}, lines)
    say(f"wrote {arguments.output} and {kept}")
    return tried.code


def _outputs(name: Path) -> tuple[Path, Path]:
    if name.suffix in {".json", ".html"}:
        name = name.with_suffix("")
    if not name.parent.is_dir():
        raise UsageError(f"--output {name}: the folder {name.parent} does not exist; make it first")
    return name.with_name(f"{name.name}.json"), name.with_name(f"{name.name}.html")


def _read(arguments: argparse.Namespace) -> list[tuple[str, Path]]:
    """Return the files that a run reads, each as it is named on the command line."""
    options = [(f"--{name}", getattr(arguments, name, None)) for name in ("categories", "compare")]
    named = [(f"{option} {path}", Path(path)) for option, path in options if path]
    return [(str(arguments.labels), arguments.labels), *named]


def _spare(read: Sequence[tuple[str, Path]], *written: Path) -> None:
    """Raise UsageError where a file that is written is one that is read."""
    taken = {path.resolve() for path in written}
    for named, path in read:
        if path.resolve() in taken:
            raise UsageError(f"{named}: would be overwritten; give another -o")


def _print(form: str, content: object, lines: list[str]) -> None:
    if form == "json":
        print(json.dumps(content, indent=1, ensure_ascii=False), file=sys.stdout, flush=True)
        return
    for line in lines:
        # Runs of spaces part columns, so `printable`, which joins them, is of no use here.
        safe = "".join(each if each.isprintable() else " " for each in line)
        print(safe, file=sys.stdout, flush=True)
