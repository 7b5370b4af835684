"""The arithmetic: what is counted as right, intervals, honesty, packets, comparisons."""

from __future__ import annotations

import importlib  # scikit-learn takes a second to load
from dataclasses import asdict, replace

import numpy as np
import pytest
from labelled_parts import graded, packet

from docsort._evaluate.accuracy import confusion, macro_f1, per_class
from docsort._evaluate.answer import RevisedAnswer, from_plain
from docsort._evaluate.calibration import calibration
from docsort._evaluate.compare import compare
from docsort._evaluate.estimate import Resampler, share
from docsort._evaluate.evaluation import evaluate
from docsort._evaluate.packet import packet_figures
from docsort._evaluate.record import Earlier, Judged
from docsort._evaluate.summary import summary

RIGHT = [graded("Invoice", "Invoice", 0.9 + place / 1000) for place in range(12)]
WRONG = [graded("Letter", "Invoice", 0.5), graded("Letter", "Invoice", 0.6)]
LETTERS = [graded("Letter", "Letter", 0.7 + place / 1000) for place in range(4)]
MIXED = [*RIGHT, *WRONG, *LETTERS]


def test_none_of_the_categories_is_right_when_told_so() -> None:
    """NO_MATCH is right for the reject class and wrong for others, whatever came nearest."""
    none = graded("other", "Invoice", 0.3, outcome="no_match")
    lost = graded("Invoice", "Invoice", 0.3, outcome="no_match")
    assert (none.right, none.chosen) == (True, "other")
    assert (lost.right, lost.nearest) == (False, "Invoice")
    found = evaluate([none, lost, *RIGHT], 0.98)
    assert found.rejected_rightly.value == 1.0
    assert found.rejected_wrongly.value == pytest.approx(1 / 13)
    assert found.nearest.value == 1.0


def test_figures_are_the_library_s() -> None:
    """Accuracy and macro-F1 under even weights equal those of scikit-learn."""
    metrics = importlib.import_module("sklearn.metrics")
    truth, said = [each.label for each in MIXED], [each.chosen for each in MIXED]
    found = evaluate(MIXED, 0.98)
    assert found.accuracy.value == pytest.approx(metrics.accuracy_score(truth, said))
    assert macro_f1(MIXED).value == pytest.approx(metrics.f1_score(truth, said, average="macro"))
    by_label = {each.label: each for each in per_class(MIXED)}
    assert by_label["Letter"].recall.value == pytest.approx(4 / 6)
    assert by_label["Invoice"].precision.value == pytest.approx(12 / 14)
    assert confusion(MIXED).counts == ((12, 0), (2, 4))


def test_one_class_alone_is_counted_without_a_warning() -> None:
    """All documents of one class, all right: libraries warn of that, and it is no fault."""
    assert confusion(RIGHT).counts == ((12,),)
    assert evaluate(RIGHT, 0.98).macro_f1.value == 1.0
    assert confusion([]).counts == ()


def test_families_are_drawn_as_a_whole() -> None:
    """Copies of one document make an interval no narrower than the document alone would."""
    flags = [True, False, True, True, False, True]
    families = list("abcdef")
    alone = share(flags, families)
    copied = share(flags * 50, families * 50)
    apart = share(flags * 50, [str(place) for place in range(300)])
    assert (alone.low, alone.high) == (copied.low, copied.high)
    assert apart.low is not None
    assert copied.low is not None
    assert apart.low > copied.low


def test_all_right_is_not_beyond_doubt() -> None:
    """Where all draws are alike the interval is the exact one for so many families."""
    found = share([True] * 3, ["a", "b", "b"])
    assert found.value == 1.0
    assert found.low == pytest.approx(0.025**0.5)  # two families, both right
    assert share([], []).value is None


def test_few_documents_of_a_class_leave_doubt() -> None:
    """Classes and splits that are all right, or all wrong, have the exact interval too."""
    found = evaluate([*RIGHT, *WRONG], 0.98)
    letters = next(each for each in found.classes if each.label == "Letter")
    invoices = next(each for each in found.classes if each.label == "Invoice")
    assert (letters.recall.value, letters.recall.n) == (0.0, 2)
    assert letters.recall.high == pytest.approx(1 - 0.025**0.5)
    assert invoices.recall.low == pytest.approx(0.025 ** (1 / 12))
    all_right = evaluate(RIGHT, 0.98)
    for figure in (all_right.macro_f1, all_right.auto.rate):
        assert figure.value == 1.0
        assert figure.low == pytest.approx(0.025 ** (1 / 12))


def test_what_the_engine_knows_is_told_by_warnings_where_no_column_tells() -> None:
    """A column of the labels goes first; without warnings nothing is split."""
    warned = [
        replace(each, answer=replace(each.answer, unfamiliar=("Letter",)))
        for each in (*MIXED, graded("other", "Invoice", 0.3, outcome="no_match"))
    ]
    found = evaluate(warned, 0.98).splits["known"]
    assert {each.value: each.accuracy.n for each in found} == {"yes": 12, "no": 6, "-": 1}
    told = [replace(each, truth=replace(each.truth, columns={"known": "maybe"})) for each in warned]
    assert [each.value for each in evaluate(told, 0.98).splits["known"]] == ["maybe"]
    assert "known" not in evaluate(MIXED, 0.98).splits


def test_an_answer_of_an_earlier_version_has_no_warnings() -> None:
    """Its file lacks them and is read all the same."""
    plain = asdict(replace(RIGHT[0].answer, unfamiliar=("Letter",)))
    assert from_plain(plain).unfamiliar == ("Letter",)
    del plain["unfamiliar"]
    assert from_plain(plain) == RIGHT[0].answer


def test_a_document_that_failed_is_wrong_and_stays_in_the_count() -> None:
    """An error counts like any other wrong answer, and is named."""
    lost = graded("Invoice", None, None, outcome="failed")
    lost = type(lost)(lost.truth, type(lost.answer)("CORRUPT_DOCUMENT", "x"), lost.choice)
    found = evaluate([*RIGHT, lost], 0.98)
    assert found.accuracy.n == 13
    assert found.accuracy.value == pytest.approx(12 / 13)
    assert found.failures == {"CORRUPT_DOCUMENT": 1}


def test_honest_confidence_has_a_small_debiased_error() -> None:
    """Drawn so that confidence is right, the debiased error is under the plain one and near 0."""
    generator = np.random.default_rng(1)
    said = generator.uniform(0.5, 1.0, 2000)
    so = generator.uniform(size=2000) < said
    names = [str(place) for place in range(2000)]
    honest = calibration(list(said), [bool(each) for each in so], names)
    boasting = calibration([0.99] * 2000, [bool(each) for each in so], names)
    assert honest.debiased.value is not None
    assert honest.debiased.value < 0.02
    assert boasting.ece.value == pytest.approx(0.99 - so.mean())
    assert boasting.debiased.low is not None
    assert boasting.debiased.low > 0.15


def test_a_calibration_error_s_interval_holds_it() -> None:
    """The mirrored interval lies around the value and not below zero."""
    values = np.asarray([0.1, 0.4, 0.2, 0.0])
    found = Resampler(list("abcd")).estimate(
        lambda weights: np.abs(weights @ values) / weights.sum(axis=1), biased=True
    )
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high


def test_borders_of_packets() -> None:
    """One border of two is found, one part too few is told, and pages are counted alone."""
    found = packet_figures(
        [
            packet(
                ["Invoice", "Letter", "Letter"], ["Invoice", "Letter", "Letter"], [1, 2, 3], [1, 2]
            )
        ]
    )
    assert found is not None
    assert (found.border_precision.value, found.border_recall.value) == (1.0, 0.5)
    assert (found.parts, found.true_parts) == (2, 3)
    assert (found.over_split.value, found.under_split.value) == (0.0, 1.0)
    assert found.page_accuracy.value == 1.0
    assert found.part_recall.value == pytest.approx(1 / 3)


def test_pages_among_their_neighbours_are_counted_beside_pages_alone() -> None:
    """A page that was mended is right, one that is blank in truth was right before."""
    alone = packet(["Invoice", "Invoice", "blank"], ["Invoice", "Letter", "blank"], [1], [1])
    revised = tuple(RevisedAnswer(page, "Invoice", 0.8, "matched") for page in (2, 3))
    *written, empty = alone.answer.pages
    pages = *written, replace(empty, category=None, outcome="blank")
    answer = replace(alone.answer, pages=pages, revised=revised)
    assert from_plain(asdict(answer)) == answer
    found = packet_figures([replace(alone, answer=answer)])
    assert found
    assert found.page_accuracy.value == pytest.approx(2 / 3)
    assert found.revised_accuracy.value == 1.0


def test_a_run_of_packets_alone_says_how_they_are_taken_apart() -> None:
    """There is no document to let through, so the first sentence is about pages and borders."""
    pages = ["Invoice", "Letter", "Letter"]
    lines = list(summary(evaluate([packet(pages, pages, [1, 2, 3], [1, 2])], 0.98)))
    assert lines[0] == (
        "100% of 3 pages in packets are right, and borders between their documents are found with "
        "an F1 of 0.67."
    )
    assert not any(line.startswith("accuracy") for line in lines)


def test_splits_by_columns_and_text_source() -> None:
    """Columns that tell documents apart split the figures; a named one does so too."""
    documents = [
        graded("Invoice", "Invoice", columns={"language": "en", "desk": "a"}, name="1"),
        graded("Letter", "Invoice", columns={"language": "de", "desk": "a"}, name="2"),
    ]
    splits = evaluate(documents, 0.98, ["desk"]).splits
    assert {each.value: each.accuracy.value for each in splits["language"]} == {"en": 1, "de": 0}
    assert [each.accuracy.n for each in splits["desk"]] == [2]
    # Of two answers "Invoice" one is right, and no letter is found.
    assert splits["desk"][0].macro_f1.value == pytest.approx((2 / 3 + 0) / 2)
    assert set(splits) == {"text source", "language", "desk"}


def test_what_changed_between_two_runs() -> None:
    """Documents are mended, broken, or wrong in another way; the test is about the uneven pairs."""
    judged = {
        each.truth.name: Judged(
            each.label, "Letter", right=False, confidence=0.5, outcome="matched"
        )
        for each in MIXED
    }
    earlier = Earlier(
        "old.json", "2026-01-01", {}, {}, {**judged, "gone.pdf": judged[MIXED[0].truth.name]}
    )
    found = compare(MIXED, earlier, same_question=True)
    assert len(found.mended) == 12
    assert [each.truth for each in found.broken] == ["Letter", "Letter"]
    assert found.difference.value == pytest.approx(10 / 18)
    assert found.chance == pytest.approx(2 * (1 + 14 + 91) / 2**14)
    assert (found.gone, found.new, found.packets) == (("gone.pdf",), (), None)


def test_packets_are_compared_page_by_page() -> None:
    """Each run's answers are meant in its own categories; borders are told before and now."""
    pages = ["Invoice", "Letter", "Letter", "Letter"]
    now = packet(pages, ["Invoice", "Letter", "Letter", "Invoice"], [1, 2, 4], [1, 2, 4])
    then = packet(pages, ["Invoice", "Invoice", "Letter", "Letter"], [1, 2, 4], [1])
    old_names = {"Rechnung": "Invoice", "Letter": "Letter"}
    renamed = [
        replace(each, category="Rechnung" if each.category == "Invoice" else each.category)
        for each in then.answer.pages
    ]
    answers = {"packet": replace(then.answer, pages=tuple(renamed))}
    asked = {"categories": old_names, "reject": "other"}
    earlier = Earlier("old.json", "2026-01-01", asked, answers, {})
    found = compare([now, *MIXED], earlier, same_question=False)
    assert found.packets is not None
    changed = (found.packets.mended, found.packets.broken, found.packets.other)
    assert [
        [(each.page, each.before, each.after) for each in each_kind] for each_kind in changed
    ] == [
        [(2, "Invoice", "Letter")],
        [(4, "Letter", "Invoice")],
        [],
    ]
    assert (found.packets.difference.value, found.packets.difference.n) == (0.0, 4)
    assert found.packets.border_f1_before.value == 0.0
    assert found.packets.border_f1.value == 1.0
    lines = list(summary(evaluate([now, *MIXED], 0.98), found))
    assert "  broken: packet page 4: Letter, Letter -> Invoice" in lines


def test_runs_of_packets_alone_tell_no_accuracy_of_documents() -> None:
    """There is none to compare: what changed is told of pages."""
    each = packet(["Invoice", "Letter"], ["Invoice", "Letter"], [1, 2], [1, 2])
    asked = {"categories": each.choice.classes, "reject": each.choice.reject}
    earlier = Earlier("old.json", "2026-01-01", asked, {"packet": each.answer}, {})
    found = compare([each], earlier, same_question=True)
    told = list(summary(evaluate([each], 0.98), found))
    told = told[told.index("against old.json") :]
    assert told[1].startswith("  pages in packets: right +0.000")
    assert not any("accuracy" in line or "p = " in line for line in told)
