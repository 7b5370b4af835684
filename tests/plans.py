"""An estimate and findings that tests of the client play."""

import docsort

ESTIMATE = docsort.Estimate(
    total_pages=9,
    pages=4,
    engine="openai",
    pages_read=3,
    model_calls=docsort.CountRange(0, 4),
    input_tokens=docsort.CountRange(100, 900),
    output_tokens=docsort.CountRange(8, 200),
    cost=docsort.CostRange(0.25, 0.5),
    time=docsort.TimeRange(1.5, 20.0),
    notes=("A note.",),
)
CHECK = docsort.CategoriesCheck(
    findings=(
        docsort.Finding(
            docsort.FindingKind.DUPLICATE_CRITERIA,
            docsort.Severity.WARNING,
            (docsort.FindingSubject("categories[0].criteria[1]", "Invoice", "has a total"),),
            "A reason.",
            "A suggestion.",
        ),
    ),
    samples_judged=1,
)
