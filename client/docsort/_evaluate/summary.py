"""A run in a few lines for people."""

from collections.abc import Iterator

from docsort._evaluate.compare import Comparison
from docsort._evaluate.compare_packets import PacketComparison
from docsort._evaluate.estimate import NOTHING, Estimate
from docsort._evaluate.evaluation import Evaluation, Slice
from docsort._evaluate.packet import PacketFigures

_MOST_SLICES = 6


def summary(evaluation: Evaluation, comparison: Comparison | None = None) -> Iterator[str]:
    """Yield the lines, the headline first."""
    yield headline(evaluation)
    yield ""
    for label, value in _figures(evaluation):
        # Without observations a figure tells nothing, as with packets alone.
        if value != text(NOTHING):
            yield f"{label:<26}{value}"
    for name, slices in evaluation.splits.items():
        yield ""
        yield from _split(name, slices)
    if evaluation.failures:
        counts = ", ".join(f"{reason} {count}" for reason, count in evaluation.failures.items())
        yield ""
        yield f"failed, counted as wrong: {counts}"
    if comparison:
        yield ""
        yield from _compared(comparison)


def headline(evaluation: Evaluation) -> str:
    """Return the one sentence that a run is for."""
    auto, packets = evaluation.auto, evaluation.packets
    if packets and not auto.rate.n:
        return _about_packets(packets)
    wish = percent(auto.wish)
    if auto.threshold is None:
        unit = evaluation.unit.removesuffix("s")
        return f"No {unit} may go through unseen at a precision of {wish}: no threshold gives it."
    counted = f"{auto.precision.n} of {auto.rate.n} {evaluation.unit} ({auto.rate.value:.0%})"
    return (
        f"{counted} may go through unseen at a precision of {wish}: those MATCHED with a "
        f"confidence of at least {auto.threshold:g}."
    )


def _about_packets(packets: PacketFigures) -> str:
    right, f1 = packets.revised_accuracy, packets.border_f1
    pages = f"{right.value or 0:.0%} of {right.n} pages in packets are right"
    if f1.value is None:
        return f"{pages}."
    return f"{pages}, and borders between their documents are found with an F1 of {f1.value:.2f}."


def percent(share: float) -> str:
    """Return a share as people write it: with one digit behind the point, if there is any."""
    return f"{share:.1%}".replace(".0%", "%")


def text(value: Estimate, form: str = ".3f") -> str:
    """Return a figure with its interval and count."""
    if value.value is None or value.low is None or value.high is None:
        return f"-  (n={value.n})"
    return f"{value.value:{form}}  ({value.low:{form}} to {value.high:{form}}, n={value.n})"


def _figures(found: Evaluation) -> Iterator[tuple[str, str]]:
    yield "auto-rate", text(found.auto.rate)
    yield "  on held-out families", text(found.auto.held_out_rate)
    yield "  with a precision of", text(found.auto.held_out_precision)
    yield "accuracy", text(found.accuracy)
    yield "macro-F1", text(found.macro_f1)
    yield "best category is right", text(found.nearest)
    yield "none fits, told so", text(found.rejected_rightly)
    yield "fits, but rejected", text(found.rejected_wrongly)
    yield "calibration error", text(found.calibration.ece)
    yield "  debiased", text(found.calibration.debiased)
    yield "Brier score", text(found.calibration.brier)
    yield "single ones split up", text(found.split_singles)
    if found.packets:
        yield "packets: right pages", text(found.packets.revised_accuracy)
        yield "  each page alone", text(found.packets.page_accuracy)
        yield "  F1 of borders", text(found.packets.border_f1)
        yield "  parts found", f"{found.packets.parts} where there are {found.packets.true_parts}"
    yield "time, pages", f"{found.cost.seconds:.1f} s of jobs, {found.cost.pages} pages"
    if found.cost.model_calls:
        price = "" if found.cost.cost is None else f", cost {found.cost.cost:.6g}"
        tokens = f"{found.cost.input_tokens} tokens in, {found.cost.output_tokens} out"
        yield "models", f"{found.cost.model_calls} calls, {tokens}{price}"


def _split(name: str, slices: tuple[Slice, ...]) -> Iterator[str]:
    yield f"{f'by {name}':<26}{'accuracy':<34}macro-F1"
    for each in slices[:_MOST_SLICES]:
        yield f"  {each.value[:22]:<24}{text(each.accuracy):<34}{text(each.macro_f1)}"
    if len(slices) > _MOST_SLICES:
        yield f"  ... and {len(slices) - _MOST_SLICES} more in the report"


def _compared(comparison: Comparison) -> Iterator[str]:
    if comparison.difference.n:
        yield from _compared_documents(comparison)
    else:
        yield f"against {comparison.name}"
    if comparison.packets:
        yield from _compared_packets(comparison.packets)


def _compared_documents(comparison: Comparison) -> Iterator[str]:
    yield f"against {comparison.name}: accuracy {text(comparison.difference, '+.3f')}"
    yield (
        f"  {len(comparison.mended)} mended, {len(comparison.broken)} broken, "
        f"{len(comparison.other)} wrong in another way; p = {comparison.chance:.3f}"
    )
    for word, changes in (("broken", comparison.broken), ("mended", comparison.mended)):
        for each in changes[:_MOST_SLICES]:
            yield f"  {word}: {each.path}: {each.truth}, {each.before} -> {each.after}"


def _compared_packets(found: PacketComparison) -> Iterator[str]:
    before, now = found.border_f1_before, found.border_f1
    yield f"  pages in packets: right {text(found.difference, '+.3f')}"
    yield (
        f"  {len(found.mended)} pages mended, {len(found.broken)} broken, {len(found.other)} wrong "
        f"in another way"
    )
    if before.value is not None and now.value is not None:
        yield f"  F1 of borders {before.value:.3f} -> {now.value:.3f}"
    for word, changes in (("broken", found.broken), ("mended", found.mended)):
        for each in changes[:_MOST_SLICES]:
            about = f"{each.path} page {each.page}: {each.truth}"
            yield f"  {word}: {about}, {each.before} -> {each.after}"
