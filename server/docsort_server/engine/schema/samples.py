"""What samples tell about categories and criteria, as the embedded engine judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.model import Category

# Samples from which one may conclude anything; and from which a warning is due.
_FEWEST, _TELLING = 2, 3


@dataclass(frozen=True, slots=True)
class SampleVerdict:
    """A sample as it was judged.

    `given` is the number of the category that it is said to belong to, `best` of that it fits best;
    None where none is given, or none fits. `met[i][j]` belongs to criterion j of category i.
    """

    sample: int
    given: int | None
    best: int | None
    met: tuple[tuple[bool, ...], ...]

    @property
    def home(self) -> int | None:
        """The category that it counts for."""
        return self.best if self.given is None else self.given


def judge(
    categories: Sequence[Category], verdicts: Sequence[SampleVerdict], *, rest: bool
) -> Iterator[Finding]:
    """Yield what is found; `rest` tells that a category takes what fits nowhere else."""
    for verdict in verdicts:
        if verdict.given is not None and verdict.best != verdict.given:
            yield _elsewhere(categories, verdict)
    homeless = [each for each in verdicts if each.home is None]
    if homeless and not rest:
        yield _missing(homeless)
    for number, category in enumerate(categories):
        for place, text in enumerate(category.criteria):
            yield from _criterion(Place(number, place), text, verdicts)


def _criterion(place: Place, text: str, verdicts: Sequence[SampleVerdict]) -> Iterator[Finding]:
    met = {each.sample for each in verdicts if each.met[place.category][place.criterion]}
    own = [each for each in verdicts if each.home == place.category]
    if len(own) >= _FEWEST and not any(each.sample in met for each in own):
        yield Finding(
            Kind.CRITERION_NEVER_MET,
            Severity.WARNING if len(own) >= _TELLING else Severity.NOTE,
            (place,),
            f"None of the {len(own)} samples of its category meets {quoted(text)}.",
            "Say it in the words that stand on such pages, or leave it out.",
        )
    homes = {each.home for each in verdicts}
    if len(verdicts) >= _TELLING and len(homes) > 1 and len(met) == len(verdicts):
        yield Finding(
            Kind.CRITERION_ALWAYS_MET,
            Severity.WARNING,
            (place,),
            f"All {len(verdicts)} samples meet {quoted(text)}, those of other categories too.",
            "Say what only documents of this category have.",
        )


def _elsewhere(categories: Sequence[Category], verdict: SampleVerdict) -> Finding:
    assert verdict.given is not None
    goes = "fits none of the categories"
    advice = "Describe the category in words that such documents have, or give it examples"
    places = [Place(verdict.given)]
    if verdict.best is not None:
        goes = f"goes to {quoted(categories[verdict.best].name)}"
        advice = "Say in the descriptions of the two what only one of them has"
        places.append(Place(verdict.best))
    return Finding(
        Kind.SAMPLE_ELSEWHERE,
        Severity.NOTE,
        (*places, Place(verdict.given, sample=verdict.sample)),
        f"A sample of {quoted(categories[verdict.given].name)} {goes}, by the embedded engine.",
        f"{advice}; or try the categories with a model.",
    )


def _missing(homeless: Sequence[SampleVerdict]) -> Finding:
    count = f"{len(homeless)} samples fit" if len(homeless) > 1 else "A sample fits"
    return Finding(
        Kind.MISSING_CATCH_ALL,
        Severity.WARNING,
        tuple(Place(sample=each.sample) for each in homeless),
        f"{count} none of the categories: such documents are NO_MATCH, and have the nearest one in "
        "formats that know no outcome.",
        "Add a category for them, or a catch-all such as Other.",
    )
