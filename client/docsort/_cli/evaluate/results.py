"""What is computed from the answers, which takes the libraries of the extra."""

from typing import Any

from docsort._evaluate.compare import Comparison, compare
from docsort._evaluate.evaluation import Evaluation, evaluate
from docsort._evaluate.plain import figures, plain_of
from docsort._evaluate.report import render
from docsort._evaluate.summary import summary
from docsort._evaluate.temperature import fit_all

__all__ = ["compare", "evaluate", "fit_all", "plain", "render", "summary"]


def plain(found: Evaluation, comparison: Comparison | None) -> dict[str, Any]:
    """Return what a run's file holds of them."""
    return {"figures": figures(found), "comparison": plain_of(comparison)}
