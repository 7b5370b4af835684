"""What people read: short, true, and harmless to their terminal."""

import io

import pytest

import docsort
from docsort._cli.report import PlainReport
from docsort._cli.texts import number, printable
from docsort._cli.words import page_cells, summary

MET, NOT_MET = docsort.Verdict.MET, docsort.Verdict.NOT_MET


def page(**values: object) -> docsort.PageResult:
    """Return a page classified as Invoice."""
    settings: dict[str, object] = {
        "page": 3,
        "success": True,
        "classification": "Invoice",
        "confidence": 0.7,
        "outcome": docsort.Outcome.MATCHED,
        "category_scores": (
            docsort.CategoryScore("Letter", 0.1),
            docsort.CategoryScore("Invoice", 0.7),
            docsort.CategoryScore("Contract", 0.2),
        ),
    }
    return docsort.PageResult(**{**settings, **values})  # type: ignore[arg-type]


def test_page_quotes_its_evidence() -> None:
    """A line that meets a criterion of the page's own category is the reason given."""
    criteria = (
        docsort.CriterionResult("Contract", "Is signed", MET, evidence="Signed by"),
        docsort.CriterionResult("Invoice", "Has a date", NOT_MET),
        docsort.CriterionResult("Invoice", "Has a number", MET, evidence="Invoice No. 7"),
    )
    cells = page_cells(page(criteria=criteria))
    assert cells == ("3", "Invoice", "0.70", "matched", '"Invoice No. 7"')


def test_what_a_page_and_a_document_look_like_is_told() -> None:
    """Where none of the categories fits."""
    looks = docsort.Suggestion("bank_statement", "bank statement", 0.93)
    page = docsort.PageResult(1, outcome=docsort.Outcome.NO_MATCH, suggestion=looks)
    assert page_cells(page)[-1] == "looks like bank statement, 0.93"
    result = docsort.ClassificationResult(outcome=docsort.Outcome.NO_MATCH, suggestion=looks)
    lines = dict(summary(docsort.Job("j", docsort.JobStatus.COMPLETED, result=result)))
    assert lines["looks like"] == "bank statement, 0.93"
    plain = docsort.ClassificationResult(outcome=docsort.Outcome.NO_MATCH)
    assert "looks like" not in dict(summary(docsort.Job("j", result=plain)))


def test_page_without_evidence_names_the_next_categories() -> None:
    """Without a quoted line the runners-up tell how clear the answer is."""
    assert page_cells(page())[-1] == "Contract 0.20, Letter 0.10"


def test_the_bound_that_is_missed_is_told() -> None:
    """Of a page before what it rests on, of a segment and a document behind their outcome."""
    missed = docsort.Shortfall(docsort.Bound.THRESHOLD, 0.8, 0.7)
    ambiguous = docsort.Outcome.AMBIGUOUS
    cells = page_cells(page(shortfall=missed, outcome=ambiguous))
    assert cells[-1] == "0.10 below threshold 0.8; Contract 0.20, Letter 0.10"
    assert page_cells(page(shortfall=missed, category_scores=()))[-1] == "0.10 below threshold 0.8"
    hair = docsort.Shortfall(docsort.Bound.MIN_CONFIDENCE, 0.4, 0.3999)
    result = docsort.ClassificationResult(
        confidence=0.3999,
        outcome=ambiguous,
        shortfall=hair,
        segments=(docsort.Segment(1, 2, "Invoice", 0.7, outcome=ambiguous, shortfall=missed),),
    )
    lines = dict(summary(docsort.Job("j", docsort.JobStatus.COMPLETED, result=result)))
    assert lines["confidence"] == "0.40, ambiguous: <0.01 below min confidence 0.4"
    assert lines["segments"] == "1-2       Invoice 0.70, ambiguous: 0.10 below threshold 0.8"


def test_a_lead_of_the_belief_in_none_is_told() -> None:
    """Rather than how far a lead that is below nothing is below its bound."""
    missed = docsort.Shortfall(docsort.Bound.MIN_MARGIN, 0.05, -0.06)
    cells = page_cells(page(shortfall=missed, category_scores=()))
    assert cells[-1] == '"none fits" leads by 0.06'


def test_the_attached_file_is_named() -> None:
    """Before what its page rests on, and behind the reason why its segment starts."""
    cells = page_cells(page(attachment_name="scan of the signed offer.pdf", category_scores=()))
    assert cells[-1] == "scan of the signed offe…"
    assert page_cells(page(attachment_name="a.pdf"))[-1] == "a.pdf: Contract 0.20, Letter 0.10"
    segment = docsort.Segment(
        2,
        2,
        "Invoice",
        0.7,
        docsort.BoundaryReason.ATTACHMENT,
        attachment_name="a\x1b.pdf",
    )
    result = docsort.ClassificationResult(segments=(segment,))
    lines = dict(summary(docsort.Job("j", result=result)))
    assert lines["segments"] == "2         Invoice 0.70 (attachment, a .pdf)"


def test_scores_that_read_nothing_are_left_out() -> None:
    """A page whose other categories have next to no score has no reason to show."""
    scores = (docsort.CategoryScore("Invoice", 0.99), docsort.CategoryScore("Letter", 0.004))
    assert page_cells(page(category_scores=scores))[-1] == ""


def test_many_segments_are_counted() -> None:
    """The summary lists twenty segments and tells how many more there are."""
    segments = tuple(docsort.Segment(n, n, "Invoice", 0.9) for n in range(1, 301))
    result = docsort.ClassificationResult(classification="Invoice", segments=segments)
    job = docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result)
    lines = [text for _, text in summary(job)]
    assert sum("Invoice 0.90" in line for line in lines) == 20
    assert "... and 280 more" in lines


def test_a_segment_that_is_not_sure_says_so() -> None:
    """Its category and confidence look like those of any other."""
    segment = docsort.Segment(1, 2, "Invoice", 0.5, outcome=docsort.Outcome.AMBIGUOUS)
    result = docsort.ClassificationResult(classification="Invoice", segments=(segment,))
    job = docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result)
    assert ("segments", "1-2       Invoice 0.50, ambiguous") in summary(job)


def test_failed_page_tells_why() -> None:
    """A page that failed has no category but a reason."""
    failure = docsort.Failure(docsort.ErrorReason.PARSER_TIMEOUT, "It took too long.")
    cells = page_cells(docsort.PageResult(4, outcome=docsort.Outcome.FAILED, failure=failure))
    assert cells == ("4", "-", "-", "failed", "PARSER_TIMEOUT: It took too long.")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.0, "0.00"), (0.994, "0.99"), (0.9999, ">0.99"), (1.0, "1.00")],
)
def test_number(value: float | None, text: str) -> None:
    """A confidence is never rounded up to certainty."""
    assert number(value) == text


def test_control_characters_are_taken_out() -> None:
    """What a document holds cannot drive the terminal, nor break the line."""
    assert printable("a\x1b]0;title\x07b\n\tc\u202e") == "a ]0;title b c"
    long = docsort.CriterionResult("Invoice", "c", MET, evidence="x" * 500)
    assert len(page_cells(page(criteria=(long,)))[-1]) == 60


def test_pages_that_neighbours_tell_something_else_of_are_listed() -> None:
    """With what they are alone, unless that is not at hand."""
    revised = (
        docsort.RevisedPage(3, "Letter", 0.62, docsort.Outcome.AMBIGUOUS, 0.1),
        docsort.RevisedPage(4, "Letter", 0.2, docsort.Outcome.NO_MATCH, 0.6),
    )
    result = docsort.ClassificationResult(page_results=(page(),), revised_pages=revised)
    lines = list(summary(docsort.Job("job-1", result=result)))
    assert ("revised", "3         Letter 0.62, ambiguous (alone: Invoice 0.70)") in lines
    assert ("", "4         no match") in lines


def test_summary_of_a_result() -> None:
    """The summary has the answer, its segments, the winner's criteria, warnings and the time."""
    met = docsort.CriterionConfidence("Has a number", MET)
    missed = docsort.CriterionConfidence("Has a date", NOT_MET)
    other = docsort.CategoryConfidence("Letter", 1.0, (docsort.CriterionConfidence("x", MET),))
    result = docsort.ClassificationResult(
        classification="Invoice",
        confidence=0.61,
        outcome=docsort.Outcome.NO_MATCH,
        total_pages=5,
        processed_pages=4,
        response_confidence=docsort.ResponseConfidence(
            (other, docsort.CategoryConfidence("Invoice", 0.5, (met, missed)))
        ),
        segments=(
            docsort.Segment(1, 3, "Invoice", 0.9),
            docsort.Segment(
                4, 4, None, None, docsort.BoundaryReason.PAGE_NUMBER, docsort.Outcome.NO_MATCH
            ),
        ),
        warnings=(docsort.ResultWarning(docsort.WarningCode.PAGES_FAILED, "A page failed."),),
    )
    job = docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result, duration=1.5)
    assert list(summary(job)) == [
        ("category", "Invoice"),
        ("confidence", "0.61, no match"),
        ("pages", "4 of 5 read and judged"),
        ("segments", "1-3       Invoice 0.90"),
        ("", "4         no match (page number)"),
        ("criteria", "met     -     Has a number"),
        ("", "not met -     Has a date"),
        ("warnings", "A page failed."),
        ("time", "1.50 s"),
        ("job", "job-1"),
    ]


def test_summary_of_a_job_without_a_result() -> None:
    """A job that runs or failed has its state for a summary."""
    running = docsort.Job("job-1", docsort.JobStatus.PROCESSING, "Processing page 2 of 9")
    assert list(summary(running)) == [("status", "processing: Processing page 2 of 9")]


def test_summary_of_a_job_that_ended_early() -> None:
    """Pages that were finished before can be seen, and where is told."""
    stopped = docsort.Job("job-1", docsort.JobStatus.CANCELLED, "Cancelled", pages_done=3)
    assert list(summary(stopped)) == [
        ("status", "cancelled: Cancelled"),
        ("pages", "3 finished; see them with: docsort watch job-1"),
    ]


def test_plain_report_prints_pages_that_never_came_as_events() -> None:
    """A job that is read rather than watched is printed with its pages."""
    result = docsort.ClassificationResult(classification="Invoice", page_results=(page(),))
    out = io.StringIO()
    PlainReport(out, many=False).finish(
        docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result)
    )
    lines = out.getvalue().splitlines()
    assert lines[1].split()[:4] == ["3", "Invoice", "0.70", "matched"]
    assert lines[2].startswith("category    Invoice")


def test_a_model_that_does_not_tell_has_a_dash() -> None:
    """A page or document without a confidence shows none, whatever its outcome."""
    assert page_cells(page(confidence=None, category_scores=()))[2:4] == ("-", "matched")
    result = docsort.ClassificationResult(classification="Invoice", outcome=docsort.Outcome.MATCHED)
    lines = dict(summary(docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result)))
    assert lines["confidence"] == "-, matched"


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (docsort.Usage(3), None),
        (docsort.Usage(1, 1, 150, 8), "1 model call, 150 tokens in, 8 out"),
        (docsort.Usage(3, 4, 600, 32, 100), "4 model calls, 600 tokens in (100 cached), 32 out"),
        (
            docsort.Usage(3, 3, 450, 24, cost=0.00069),
            "3 model calls, 450 tokens in, 24 out, cost 0.00069",
        ),
        (
            docsort.Usage(3, 0, cached_pages=3),
            "0 model calls, 0 tokens in, 0 out; 3 of 3 pages answered before",
        ),
        (
            docsort.Usage(3, 1, 150, 8, local_pages=2),
            "1 model call, 150 tokens in, 8 out; 2 of 3 pages without a model",
        ),
    ],
)
def test_what_a_model_used_is_told(usage: docsort.Usage, line: str | None) -> None:
    """Calls, tokens and, with prices, the cost; nothing where no model was asked."""
    result = docsort.ClassificationResult(classification="Invoice", usage=usage)
    job = docsort.Job("job-1", docsort.JobStatus.COMPLETED, result=result)
    assert dict(summary(job)).get("usage") == line
