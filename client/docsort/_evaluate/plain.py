"""Figures as JSON has them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from docsort._evaluate.estimate import Estimate, plain
from docsort._evaluate.evaluation import Evaluation


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Return the figures as JSON has them."""
    left_out = {"graded", "slowest", "unit"}
    found = {
        each.name: plain_of(getattr(evaluation, each.name))
        for each in fields(evaluation)
        if each.name not in left_out
    }
    slowest = [
        {"path": each.truth.name, "seconds": each.answer.seconds} for each in evaluation.slowest
    ]
    return {**found, "slowest": slowest}


def plain_of(value: object) -> Any:  # noqa: ANN401 - as JSON has it
    """Return figures of any kind as JSON has them."""
    if isinstance(value, Estimate):
        return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain_of(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_of(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain_of(each) for each in value]
    return value
