"""All that is looked at in a set of categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.local import lexicon
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.schema import categories as pairs
from docsort_server.engine.schema import criteria, samples, single, thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Category
    from docsort_server.engine.schema.findings import Finding
    from docsort_server.engine.schema.samples import SampleVerdict


def check(categories: Sequence[Category], verdicts: Sequence[SampleVerdict] = ()) -> list[Finding]:
    """Return what is found, the gravest first, then in the order of the categories.

    It takes up to seconds of a processor for the largest sets, so servers ask a `Checker`.
    """
    words = lexicon.load()
    known = concepts.load()
    found = pairs.profiles(categories, words, known.fillers)
    rest = any(each.rest for each in found)
    findings = [
        *pairs.compare(found, words),
        *single.judge(categories, found, words),
        *criteria.judge(categories, known),
        *samples.judge(categories, verdicts, rest=rest),
        *thresholds.judge(categories),
    ]
    return sorted(findings, key=lambda each: (-each.severity, each.places))
