"""Labelled documents through a server, as the command line asks for it."""

import argparse
import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from docsort._cli import chosen
from docsort._cli.count_bar import CountBar
from docsort._cli.exits import Exit
from docsort._cli.files import UsageError, read_structured_file
from docsort._cli.notices import say
from docsort._cli.texts import printable
from docsort._evaluate import choice
from docsort._evaluate.answer import Answer
from docsort._evaluate.graded import Graded
from docsort._evaluate.labels import Truth, read_labels
from docsort._evaluate.record import Heading, compose, question, read_run, write
from docsort._evaluate.run import Run

_MOST_TOLD: Final = 5
_LEFT_OUT: Final = {"password", "request_id", "labels", "evidence"}


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold what came of the documents, and the exit code that they ask for."""

    heading: Heading
    graded: tuple[Graded, ...]
    code: Exit


def try_all(arguments: argparse.Namespace, keep: Path) -> Tried:
    """Ask about all documents. What ends the run early is raised, after keeping what was done."""
    truths = read_labels(arguments.labels, arguments.root)
    asked = _choice(arguments)
    asked.check(truths)
    options = chosen.options(arguments)
    told = {name: value for name, value in options.items() if name not in _LEFT_OUT}
    heading = Heading(arguments.labels.name, datetime.now(UTC), asked, told)
    known = _known(arguments.resume, heading)
    with contextlib.closing(CountBar(len(truths))) as bar:
        run = Run(
            asked,
            options,
            at_once=arguments.at_once,
            told=lambda truth, answer: bar.step(truth.name, failed=answer.failed),
        )
        interrupted = _interrupted(run.through(arguments.server, truths, known))
    graded = tuple(Graded(truth, run.answers[truth.name], asked) for truth in truths)
    if not (interrupted or run.ended):
        return Tried(heading, graded, _failures(truths, run.answers))
    if any(not answer.failed for answer in run.answers.values()):
        write(keep, compose(heading, graded))
        say(f"what was done is kept; go on with: --resume {keep}")
    if run.ended:
        raise run.ended
    raise KeyboardInterrupt


def _interrupted(work: Coroutine[object, object, None]) -> bool:
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        return True
    return False


def _choice(arguments: argparse.Namespace) -> choice.Choice:
    if arguments.category:
        return choice.of_names(arguments.category, arguments.reject)
    return choice.of_document(read_structured_file(arguments.categories), arguments.reject)


def _known(path: Path | None, heading: Heading) -> dict[str, Answer]:
    if path is None:
        return {}
    earlier = read_run(path)
    if earlier.question != question(heading.choice, heading.options):
        raise UsageError(
            f"--resume {path}: it has answers to other categories or options; run without it, "
            "or give the same ones"
        )
    return dict(earlier.answers)


def _failures(truths: list[Truth], answers: dict[str, Answer]) -> Exit:
    lost = [(truth.name, answers[truth.name]) for truth in truths if answers[truth.name].failed]
    for name, answer in lost[:_MOST_TOLD]:
        say(f"{printable(name)}: {answer.reason}: {printable(answer.message)}")
    if len(lost) > _MOST_TOLD:
        say(f"... and {len(lost) - _MOST_TOLD} more failed; the report lists them")
    return Exit.FAILED if lost else Exit.OK
