"""The report: one HTML file that needs nothing else."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from docsort._evaluate.auto_rate import Ranking
from docsort._evaluate.compare import Comparison
from docsort._evaluate.estimate import Estimate
from docsort._evaluate.evaluation import Evaluation
from docsort._evaluate.graded import labelled, packets
from docsort._evaluate.packet import right_revised
from docsort._evaluate.plots import coverage_plot, reliability_plot, review_plot
from docsort._evaluate.summary import headline, percent, text

_PARTS = ("page.html", "figures.html", "documents.html", "changes.html", "style.css")


def render(
    run: Mapping[str, Any], evaluation: Evaluation, comparison: Comparison | None = None
) -> str:
    """Return the page. Whatever comes from files or servers is escaped."""
    documents = labelled(evaluation.graded)
    ranking = Ranking(documents)
    plots = {
        "coverage": coverage_plot(ranking, evaluation),
        "review": review_plot(evaluation.review),
        "reliability": reliability_plot(evaluation),
    }
    return (
        _environment()
        .get_template("page.html")
        .render(
            run=run,
            found=evaluation,
            comparison=comparison,
            headline=headline(evaluation),
            wrong=sorted(
                (each for each in documents if not each.right),
                key=lambda each: -(each.answer.confidence or 0.0),
            ),
            packets=[(each, *right_revised(each)) for each in packets(evaluation.graded)],
            # Drawn here, with no text but our own.
            plots={name: Markup(plot) for name, plot in plots.items()},  # noqa: S704
        )
    )


def _figure(value: Estimate, form: str = ".3f") -> Markup:
    """Return a figure with what it rests on apart, so that narrow columns show it below."""
    said, _, rests_on = text(value, form).partition("  ")
    return Markup("{} <small>{}</small>").format(said, rests_on)


def _environment() -> Environment:
    folder = files("docsort._evaluate") / "pages"
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in _PARTS}
    environment = Environment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["figure"] = _figure
    environment.filters["percent"] = lambda value: "-" if value is None else percent(value)
    environment.filters["moment"] = lambda text: f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M %Z}"
    environment.filters["number"] = lambda value: "-" if value is None else f"{value:.3f}"
    return environment
