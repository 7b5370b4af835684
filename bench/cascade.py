"""Print which margins suit the engine `cascade`: what it sends on, and how right the rest is.

Run from the project root: `python -m bench.cascade FOLDER --categories FILE.json`, with a folder
as `bench.engine_accuracy` takes it. First pages with a text layer are asked; the better engine is
not: what it would make of the pages sent to it is another question.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_corpus import load
from bench.engine_questions import read_categories
from docsort_server.engine.cascade import margin
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.result import best

if TYPE_CHECKING:
    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Asked

MARGINS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    arguments = parser.parse_args()
    documents = load(arguments.folder, 1).documents
    catalogue = read_categories(arguments.categories)
    asked = {
        "all": catalogue.ask(catalogue.labels),
        "bare": catalogue.ask_bare(catalogue.labels),
        "worded": catalogue.ask_worded(catalogue.labels, 0),
    }
    for setting, question in asked.items():
        answers = [answer(each, question) for each in documents]
        for least in MARGINS:
            print_margin(setting, least, [each for each in answers if each])


def answer(document: LabelledDocument, asked: Asked) -> tuple[float, bool] | None:
    """Return the margin of a first page and whether its answer is right; None without one."""
    verdict = classify_page(document.pages[0], asked.question)
    label = best(verdict.scores)
    if label is None:
        return None
    if (verdict.no_match_score or 0.0) >= verdict.scores[label]:
        return margin(verdict), document.label not in asked.labels
    return margin(verdict), asked.labels[label] == document.label


def print_margin(setting: str, least: float, answers: list[tuple[float, bool]]) -> None:
    """Print a line: what is sent on under a margin, and how much of both sides is right."""
    kept = [right for lead, right in answers if lead >= least]
    sent = [right for lead, right in answers if lead < least]
    print(
        f"{setting:7} margin {least:.1f}  sent on {len(sent) / len(answers):.2f}  "
        f"right of the rest {_share(kept)}  right of those sent {_share(sent)}  n={len(answers)}"
    )


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.3f}" if right else "-"


if __name__ == "__main__":
    main()
