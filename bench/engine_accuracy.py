"""Print how accurate the embedded engine is on a folder of labelled documents.

Run from the project root: `python -m bench.engine_accuracy FOLDER --categories FILE.json`.
The folder holds `index.csv` (path, class and, where known, has_text_layer, language, family,
source_repo; the class `other` fits no category). Scans are asked with `--scans`, by what RapidOCR
reads off them, which takes some minutes. Figures over the documents its weights were fitted on
flatter it; `scripts.fit_engine` prints those of documents left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from bench import engine_metrics as metrics
from bench.engine_corpus import REJECT, load
from bench.engine_missing import MissingBench, print_missing
from bench.engine_questions import read_categories
from docsort_server.documents.ocr.rapid import RapidRecogniser
from docsort_server.engine.local import weights
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from bench.engine_corpus import Corpus

# Ways of asking whose answers are judged together, some of which lack the document's class.
POOLED = ("all", "bare", "worded", "all/4", "bare/4", "worded/4", "absent/4", "reject")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=3, help="read at most so many pages each")
    parser.add_argument("--missing", action="store_true", help="ask without entries of the lexicon")
    parser.add_argument("--misses", action="store_true", help="print every wrong answer")
    parser.add_argument("--scans", action="store_true", help="read documents without a text layer")
    arguments = parser.parse_args()
    recogniser = RapidRecogniser() if arguments.scans else None
    corpus = load(arguments.folder, arguments.pages, recogniser)
    sheet = metrics.Sheet()
    catalogue = read_categories(arguments.categories)
    metrics.Bench(default_engine(), catalogue).run(corpus.documents, sheet)
    print_sheet(sheet, corpus)
    if arguments.missing:
        MissingBench(weights.load(), catalogue).run(corpus.documents, sheet)
        print_missing(sheet)
    if arguments.misses:
        print_misses(sheet)


def print_sheet(sheet: metrics.Sheet, corpus: Corpus) -> None:
    """Print every figure with its n."""
    rejects = sum(document.label == REJECT for document in corpus.documents)
    print(
        f"{len(corpus.documents)} documents ({rejects} of them {REJECT}); "
        f"{corpus.without_text} without a text layer were left out"
    )
    for setting in ("all", "bare", "worded", "all/4", "bare/4", "worded/4", "all/2", "all/1"):
        answers = sheet.of(setting)
        print(
            f"{setting:9} accuracy {metrics.accuracy(answers):.3f}  "
            f"macro-F1 {metrics.macro_f1(answers):.3f}  "
            f"rejected {metrics.rejected(answers):.3f}  n={len(answers)}"
        )
    for setting in ("reject", "reject bare", "absent/4", "absent/2", "absent/1"):
        answers = sheet.of(setting)
        print(f"{setting:11} NO_MATCH {metrics.rejected(answers):.3f}  n={len(answers)}")
    print_honesty(sheet)
    balanced, hit, quiet = metrics.balanced_accuracy(sheet.met)
    print(
        f"criteria balanced accuracy {balanced:.3f} (met {hit:.3f}, unmet {quiet:.3f}), "
        f"truth by class, n={sum(sheet.met.values())}"
    )
    if sheet.pages:
        each = 1000 * sheet.seconds / sheet.pages
        print(f"{each:.2f} ms CPU a page with all categories, n={sheet.pages}")


def print_honesty(sheet: metrics.Sheet) -> None:
    """Print how honest the confidence is, and how far from what is right."""
    for name, settings in (("all", ("all",)), ("pooled", POOLED)):
        answers = [each for setting in settings for each in sheet.of(setting)]
        found = metrics.honesty(answers)
        matched = [each for each in answers if each.outcome is not Outcome.NO_MATCH]
        print(
            f"confidence, {name:7} ECE {found.ece.value:.3f}  debiased {found.debiased.value:.3f}  "
            f"Brier {found.brier.value:.3f}  n={len(answers)}; not NO_MATCH: mean "
            f"{fmean(each.confidence for each in matched):.3f}, right "
            f"{metrics.accuracy(matched):.3f}, n={len(matched)}"
        )


def print_misses(sheet: metrics.Sheet) -> None:
    """Print the wrong answers of the full setting, most confident first."""
    wrong = [answer for answer in sheet.of("all") if not answer.right]
    for answer in sorted(wrong, key=lambda each: -each.confidence):
        print(f"{answer.label:18} {answer.chosen or '-':18} {answer.confidence:.2f}")


if __name__ == "__main__":
    main()
