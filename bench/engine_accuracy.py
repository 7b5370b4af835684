"""Print how accurate the embedded engine is on a folder of labelled documents.

Run from the project root: `python -m bench.engine_accuracy FOLDER --categories FILE.json`.
The folder holds `index.csv` (path, class and, where known, has_text_layer, language, family,
source_repo, and `second`, a class that would do as well; the class `other` fits no category).
Scans are asked with `--scans`, by what RapidOCR reads off them, which takes some minutes. Figures
over the documents its weights were fitted on flatter it; `scripts.fit_engine` prints those of
documents left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from bench import engine_metrics as metrics
from bench.engine_corpus import REJECT, load, scan_reader
from bench.engine_missing import MissingBench, print_missing
from bench.engine_questions import read_categories
from docsort_server.engine.local import weights
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    recogniser = scan_reader() if arguments.scans else None
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
    print_documents(corpus)
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
    full = sheet.of("all")
    print(f"all, a second class counted too: {metrics.lenient_accuracy(full):.3f}  n={len(full)}")
    print_honesty(sheet)
    balanced, hit, quiet = metrics.balanced_accuracy(sheet.met)
    print(
        f"criteria balanced accuracy {balanced:.3f} (met {hit:.3f}, unmet {quiet:.3f}), "
        f"truth by class, n={sum(sheet.met.values())}"
    )
    if sheet.pages:
        each = 1000 * sheet.seconds / sheet.pages
        print(f"{each:.2f} ms CPU a page with all categories, n={sheet.pages}")


def print_documents(corpus: Corpus) -> None:
    """Print what the documents are."""
    true = [document for document in corpus.documents if document.label != REJECT]
    print(
        f"{len(corpus.documents)} documents ({len(corpus.documents) - len(true)} of them {REJECT}) "
        f"of {len({document.group for document in corpus.documents})} sources; "
        f"{corpus.without_text} without a text layer were left out"
    )
    print(
        f"of {len(true)} with a class: "
        f"{sum(document.language not in {'', 'en'} for document in true)} in other languages than "
        f"English, {sum(document.scan for document in true)} without a text layer, "
        f"{sum(bool(document.second) for document in true)} with a second class"
    )


def print_honesty(sheet: metrics.Sheet) -> None:
    """Print how honest the confidence is, and how far from what is right."""
    for name, settings in (("all", ("all",)), ("pooled", POOLED)):
        answers = [each for setting in settings for each in sheet.of(setting)]
        found = metrics.honesty(answers)
        print(
            f"confidence, {name:7} ECE {found.ece.value:.3f}  debiased {found.debiased.value:.3f}  "
            f"Brier {found.brier.value:.3f}  n={len(answers)}"
        )
        print_sure("MATCHED", [each for each in answers if each.outcome is Outcome.MATCHED])
        print_sure(
            "not NO_MATCH", [each for each in answers if each.outcome is not Outcome.NO_MATCH]
        )


def print_sure(name: str, answers: Sequence[metrics.Answer]) -> None:
    """Print how sure such answers are, and how many of them are right."""
    mean = fmean(each.confidence for each in answers) if answers else 0.0
    print(
        f"  {name:12} mean {mean:.3f}, right {metrics.accuracy(answers):.3f}, a second class "
        f"counted too {metrics.lenient_accuracy(answers):.3f}, n={len(answers)}"
    )


def print_misses(sheet: metrics.Sheet) -> None:
    """Print the wrong answers of the full setting, most confident first."""
    wrong = [answer for answer in sheet.of("all") if not answer.right]
    for answer in sorted(wrong, key=lambda each: -each.confidence):
        print(f"{answer.label:18} {answer.chosen or '-':18} {answer.confidence:.2f}")


if __name__ == "__main__":
    main()
