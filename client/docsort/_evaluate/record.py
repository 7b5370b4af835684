"""A run as a JSON file: what the report shows, and what later runs need of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from docsort import __version__
from docsort._evaluate import answer
from docsort._evaluate.answer import Answer
from docsort._evaluate.choice import Choice
from docsort._evaluate.graded import Graded
from docsort._evaluate.labels import LabelsError

FORMAT: Final = "docsort-evaluation"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """Tell where a run comes from; `options` are those that change answers."""

    labels: str
    created: datetime
    choice: Choice
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """Hold how an earlier run judged a document."""

    truth: str | None
    answer: str
    right: bool
    confidence: float | None
    outcome: str
    family: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Hold what is used of an earlier run's file."""

    name: str
    created: str
    question: Mapping[str, Any]
    answers: Mapping[str, Answer]
    judged: Mapping[str, Judged]
    labels: str = ""
    made_by: Sequence[Mapping[str, Any]] = ()

    @property
    def choice(self) -> Choice:
        """The classes that its answers are meant in; it does not hold the categories themselves."""
        return Choice((), self.question["categories"], self.question["reject"])


def compose(heading: Heading, graded: tuple[Graded, ...]) -> dict[str, Any]:
    """Return what a run holds without its figures."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "docsort": __version__,
        "labels": heading.labels,
        "created": heading.created.isoformat(timespec="seconds"),
        "question": question(heading.choice, heading.options),
        "made_by": made_by(graded),
        "documents": [_document(each) for each in graded],
    }


def question(choice: Choice, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked; two runs with the same answer each document alike."""
    return {
        "categories": dict(choice.classes),
        "reject": choice.reject,
        "digest": choice.digest,
        "options": {name: value for name, value in options.items() if value},
    }


def made_by(graded: tuple[Graded, ...]) -> list[dict[str, Any]]:
    """Return the engines that answered, with how many documents each answered."""
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    for each in graded:
        if each.answer.made_by:
            key = tuple(sorted(each.answer.made_by.items()))
            counts[key] = counts.get(key, 0) + 1
    return [{**dict(key), "documents": count} for key, count in counts.items()]


def read_run(path: Path) -> Earlier:
    """Return an earlier run. Raises LabelsError."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content.get("format") != FORMAT or content.get("version") != VERSION:
            raise LabelsError(f"{path}: not a run of docsort evaluate of version {VERSION}")
        documents = content["documents"]
        return Earlier(
            name=path.name,
            created=str(content["created"]),
            question=content["question"],
            answers={each["path"]: answer.from_plain(each["result"]) for each in documents},
            judged={each["path"]: _judged(each) for each in documents},
            labels=content["labels"],
            made_by=content["made_by"],
        )
    except OSError as error:
        raise LabelsError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelsError(f"{path}: not a run of docsort evaluate: {error!r}") from None


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a run as a whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def _judged(document: Mapping[str, Any]) -> Judged:
    result = document["result"]
    return Judged(
        truth=document["truth"],
        answer=document["answer"],
        right=bool(document["right"]),
        confidence=result["confidence"],
        outcome=result["outcome"],
        family=document["family"],
        columns=document["columns"],
    )


def _document(each: Graded) -> dict[str, Any]:
    return {
        "path": each.truth.name,
        "truth": each.label,
        "answer": each.chosen,
        "right": each.right,
        "family": each.truth.family,
        "columns": dict(each.truth.columns),
        "result": asdict(each.answer),
    }
