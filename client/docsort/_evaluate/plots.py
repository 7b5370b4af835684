"""The report's plots, as SVG that takes the page's colours."""

import io
import re
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docsort._evaluate.auto_rate import Ranking, Review
from docsort._evaluate.estimate import Estimate
from docsort._evaluate.evaluation import Evaluation

# Drawn in this colour, lines and letters become the page's own: light or dark.
_INK: Final = "#010203"
_BLUE: Final = "#3b82c4"
_ORANGE: Final = "#d97706"
_SIZE: Final = (5.2, 3.4)


def coverage_plot(ranking: Ranking, evaluation: Evaluation) -> str:
    """Draw how right the surest documents are, against how many they are."""
    figure, axes = _axes("coverage", "documents that go through unseen", "of these, right")
    coverage, accuracy = ranking.curve()
    axes.plot(coverage, accuracy, color=_BLUE, drawstyle="steps-post")
    axes.axhline(evaluation.wish, color=_ORANGE, linestyle="--", linewidth=1)
    rate = evaluation.auto.rate.value
    if rate is not None and evaluation.auto.threshold is not None:
        axes.plot([rate], [evaluation.auto.precision.value or 0.0], "o", color=_ORANGE)
    least = float(accuracy.min()) if len(accuracy) else 0.0
    axes.set_ylim(max(0.0, min(least, evaluation.wish) - 0.05), 1.01)
    return _svg(figure, "coverage")


def review_plot(review: Sequence[Review]) -> str:
    """Draw which part of the errors is found against the pages looked at."""
    figure, axes = _axes("review", "pages looked at, least sure first", "errors found")
    known = [each for each in review if each.caught.value is not None]
    pages = [0.0, *(each.pages for each in known)]
    axes.plot(pages, [0.0, *(each.caught.value or 0.0 for each in known)], "o-", color=_BLUE)
    axes.plot([0, 1], [0, 1], color=_INK, linestyle=":", linewidth=1)
    axes.set_ylim(0, 1.02)
    return _svg(figure, "review")


def reliability_plot(evaluation: Evaluation) -> str:
    """Draw how often answers are right against how sure they are said to be."""
    figure, axes = _axes("reliability", "confidence as told", "right in fact")
    axes.plot([0, 1], [0, 1], color=_INK, linestyle=":", linewidth=1)
    bins = [each for each in evaluation.calibration.bins if each.accuracy.value is not None]
    said = [each.confidence for each in bins]
    found = [each.accuracy for each in bins]
    axes.errorbar(
        said,
        [each.value or 0.0 for each in found],
        yerr=_reach(found),
        fmt="o-",
        color=_BLUE,
        ecolor=_BLUE,
        elinewidth=1,
        capsize=2,
    )
    axes.set_ylim(0, 1.02)
    return _svg(figure, "reliability")


def _reach(found: Sequence[Estimate]) -> list[list[float]]:
    """Return how far each interval goes below and above."""
    below = [(each.value or 0.0) - (each.low or 0.0) for each in found]
    above = [(each.high or 0.0) - (each.value or 0.0) for each in found]
    return [below, above]


def _axes(name: str, across: str, upwards: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set_label(name)
    axes.set_xlabel(across, color=_INK)
    axes.set_ylabel(upwards, color=_INK)
    axes.set_xlim(0, 1.01)
    axes.tick_params(colors=_INK)
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.grid(visible=True, color=_INK, alpha=0.15)
    for side, spine in axes.spines.items():
        spine.set_color(_INK)
        spine.set_visible(side in {"left", "bottom"})
    axes.patch.set_visible(False)
    return figure, axes


def _svg(figure: Figure, name: str) -> str:
    """Return the element alone: no prolog, no metadata, ids of its own within the page."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(id="|url\(#|xlink:href="#)', rf"\g<1>{name}-", text)
    text = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', _opening(name), text, count=1)
    return text.replace(_INK, "currentColor").replace("xlink:href", "href")


def _opening(name: str) -> str:
    return (
        rf'<svg xmlns="http://www.w3.org/2000/svg" viewBox="\g<1>" role="img" aria-label="{name}">'
    )
