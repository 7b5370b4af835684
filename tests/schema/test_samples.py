"""What samples tell about categories and criteria."""

from __future__ import annotations

import pytest

from docsort_server.engine.model import Category
from docsort_server.engine.schema import samples
from docsort_server.engine.schema.findings import Finding, Kind, Severity
from docsort_server.engine.schema.samples import SampleVerdict

CATEGORIES = (
    Category("Invoice", criteria=("states a total", "is stamped")),
    Category("Letter", criteria=("opens with a salutation",)),
)
OTHERS = ((True, False), (False,))


def verdict(
    number: int,
    best: int | None,
    met: tuple[tuple[bool, ...], ...] = OTHERS,
    given: int | None = None,
) -> SampleVerdict:
    """Return a verdict on a sample."""
    return SampleVerdict(number, given, best, met)


def judged(*verdicts: SampleVerdict, rest: bool = False) -> list[Finding]:
    """Return what is found."""
    return list(samples.judge(CATEGORIES, verdicts, rest=rest))


def test_a_criterion_that_no_sample_of_its_category_meets() -> None:
    """Two samples make a note, three a warning; one tells nothing."""
    severities = []
    for count in (1, 2, 3):
        found = judged(*(verdict(number, 0) for number in range(count)))
        severities.append([each.severity for each in found if each.places[0].criterion == 1])
    assert severities == [[], [Severity.NOTE], [Severity.WARNING]]


def test_a_criterion_that_all_samples_meet() -> None:
    """It tells nothing where other categories meet it too; alike samples prove nothing."""
    met = ((True, True), (True,))
    mixed = judged(verdict(0, 0, met), verdict(1, 1, met), verdict(2, 1, met))
    alike = judged(verdict(0, 0, met), verdict(1, 0, met), verdict(2, 0, met))
    assert {finding.kind for finding in mixed} == {Kind.CRITERION_ALWAYS_MET}
    assert len(mixed) == 3
    assert alike == []


def test_a_sample_without_a_category_asks_for_a_catch_all() -> None:
    """Unless there is one, or it is said where the sample belongs."""
    (finding,) = judged(verdict(0, None))
    assert (finding.kind, finding.places[0].sample) == (Kind.MISSING_CATCH_ALL, 0)
    assert judged(verdict(0, None), rest=True) == []
    assert [each.kind for each in judged(verdict(0, None, given=1))] == [Kind.SAMPLE_ELSEWHERE]


@pytest.mark.parametrize(
    ("best", "goes", "advice"),
    [
        (1, "goes to “", "Say in the descriptions of the two"),
        (None, "fits none of the categories, by", "Describe the category in words"),
    ],
)
def test_the_advice_is_about_the_categories_there_are(
    best: int | None, goes: str, advice: str
) -> None:
    """There are no two to tell apart where a sample fits none."""
    (finding,) = judged(verdict(4, best, given=0))
    assert goes in finding.reason
    assert finding.suggestion.startswith(advice)


def test_a_sample_that_goes_elsewhere_names_both() -> None:
    """The categories come first, the sample last."""
    (finding,) = judged(verdict(4, 1, given=0))
    assert finding.kind is Kind.SAMPLE_ELSEWHERE
    assert [each.category for each in finding.places] == [0, 1, 0]
    assert finding.places[-1].sample == 4
