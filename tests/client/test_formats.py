"""The two bodies, equal to their documentation: keys, their order, and the text of numbers."""

import json

import pytest
from client_scripts import finished, script

import docsort
from docsort import formats
from docsort._convert import job_to_proto
from docsort.v1 import classification_pb2, job_pb2

COMPLETED = """{
  "job_id": "97ba5215-2367-47f8-9298-da43c0722d20",
  "status": "completed",
  "progress": "Classification completed",
  "error": null,
  "result": {
    "success": true,
    "classification": "Invoice",
    "confidence": 0.9999994487765023,
    "total_pages": 1,
    "processed_pages": 1,
    "page_results": [
      {
        "page": 1,
        "success": true,
        "classification": "Invoice",
        "raw_result": "Invoice",
        "confidence": 0.9999994487765023
      }
    ]
  }
}"""
SUBMITTED = """{
  "job_id": "660e8400-e29b-41d4-a716-446655440001",
  "status": "processing",
  "message": "Classification started",
  "quota_remaining": 400
}"""
PROCESSING = """{
  "job_id": "660e8400-e29b-41d4-a716-446655440001",
  "status": "processing",
  "progress": "Analyzing document...",
  "error": null
}"""
FAILED = """{
  "job_id": "660e8400-e29b-41d4-a716-446655440001",
  "status": "failed",
  "progress": "Classification failed",
  "error": "Invalid PDF format"
}"""
CRITERIA = """{
  "job_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
  "result": {
    "category": "invoice"
  },
  "response_confidence": {
    "categories": [
      {
        "category": "invoice",
        "confidence": 1.0,
        "criteria_confidence": [
          {"criterion": "contains billing information", "confidence": "high"},
          {"criterion": "has itemized charges", "confidence": "high"},
          {"criterion": "includes payment details or amounts due", "confidence": "high"}
        ]
      },
      {
        "category": "contract",
        "confidence": 0.33,
        "criteria_confidence": [
          {"criterion": "contains legal terms and conditions", "confidence": "low"},
          {"criterion": "includes signature lines or parties involved", "confidence": "low"},
          {"criterion": "references obligations or agreements", "confidence": "high"}
        ]
      }
    ]
  },
  "duration": 1.23
}"""
JOB_ID = "660e8400-e29b-41d4-a716-446655440001"


def parsed(text: str) -> object:
    """Return JSON with the order of its keys and the text of its numbers."""
    return json.loads(text, object_pairs_hook=list, parse_float=str, parse_int=str)


def same(body: object, documented: str) -> bool:
    """Tell whether a body prints as documented."""
    return parsed(json.dumps(body)) == parsed(documented)


def test_completed() -> None:
    """A completed job prints every digit of its confidences."""
    page = docsort.PageResult(
        page=1,
        success=True,
        classification="Invoice",
        raw_result="Invoice",
        confidence=0.9999994487765023,
        outcome=docsort.Outcome.MATCHED,
    )
    result = docsort.ClassificationResult(
        success=True,
        classification="Invoice",
        confidence=0.9999994487765023,
        total_pages=1,
        processed_pages=1,
        page_results=(page,),
    )
    job = docsort.Job(
        "97ba5215-2367-47f8-9298-da43c0722d20",
        docsort.JobStatus.COMPLETED,
        "Classification completed",
        result=result,
    )
    assert same(formats.pages(job), COMPLETED)
    assert same(formats.pages(job_to_proto(job)), COMPLETED)


def test_submitted() -> None:
    """A job just submitted is processing, with the quota that is left."""
    job = docsort.Job(JOB_ID, docsort.JobStatus.QUEUED, "Queued")
    assert same(formats.submitted(job, quota_remaining=400), SUBMITTED)
    assert same(formats.submitted(job_to_proto(job), quota_remaining=400), SUBMITTED)


@pytest.mark.parametrize("status", [docsort.JobStatus.QUEUED, docsort.JobStatus.PROCESSING])
def test_processing(status: docsort.JobStatus) -> None:
    """A job that runs has no result, not even an empty one."""
    job = docsort.Job(JOB_ID, status, "Analyzing document...")
    assert same(formats.pages(job), PROCESSING)


def test_failed() -> None:
    """A failed job tells its error."""
    job = docsort.Job(
        JOB_ID, docsort.JobStatus.FAILED, "Classification failed", error="Invalid PDF format"
    )
    assert same(formats.pages(job), FAILED)


def test_cancelled_is_failed() -> None:
    """Readers of the pages format know no cancelled job, so it has failed."""
    job = docsort.Job(JOB_ID, docsort.JobStatus.CANCELLED, "Cancelled", error="Nobody watched.")
    body = formats.pages(job)
    assert (body["status"], body["error"]) == ("failed", "Classification cancelled")


def test_failed_page_has_no_label() -> None:
    """A page that failed prints nulls and none of the caller's categories."""
    failure = docsort.Failure(docsort.ErrorReason.PARSER_CRASHED, "It crashed.")
    page = docsort.PageResult(2, outcome=docsort.Outcome.FAILED, failure=failure)
    result = docsort.ClassificationResult(page_results=(page,))
    body = formats.pages(docsort.Job(JOB_ID, docsort.JobStatus.COMPLETED, result=result))
    assert json.dumps(body).endswith(
        '{"page": 2, "success": false, "classification": null, '
        '"raw_result": null, "confidence": null}]}}'
    )


def criteria_job() -> job_pb2.Job:
    """Return the job of the documented criteria body."""
    documented = json.loads(CRITERIA)
    job = job_pb2.Job(job_id=documented["job_id"], status=job_pb2.JOB_STATUS_COMPLETED)
    job.duration.FromNanoseconds(1_234_567_890)
    job.result.classification = "invoice"
    fractions = {"invoice": 1.0, "contract": 1 / 3}
    for entry in documented["response_confidence"]["categories"]:
        category = job.result.response_confidence.categories.add(
            category=entry["category"], confidence=fractions[entry["category"]]
        )
        for item in entry["criteria_confidence"]:
            met = item["confidence"] == "high"
            verdict = classification_pb2.VERDICT_MET if met else classification_pb2.VERDICT_NOT_MET
            category.criteria_confidence.add(criterion=item["criterion"], confidence=verdict)
    return job


def test_criteria() -> None:
    """Fractions and the duration are rounded to two decimals here, and nowhere before."""
    job = criteria_job()
    assert same(formats.criteria(job), CRITERIA)
    assert job.result.response_confidence.categories[1].confidence == 1 / 3


def test_category_without_criteria_prints_its_score() -> None:
    """Where nothing can be counted, the score stands in for the fraction."""
    job = criteria_job()
    job.result.response_confidence.categories.add(category="other")
    job.result.category_scores.add(category="other", score=0.125)
    entry = formats.criteria(job)["response_confidence"]
    assert isinstance(entry, dict)
    assert entry["categories"][-1] == {
        "category": "other",
        "confidence": 0.125,
        "criteria_confidence": [],
    }


def test_no_criteria_at_all() -> None:
    """Without criteria the breakdown is null."""
    job = job_pb2.Job(job_id=JOB_ID)
    job.result.classification = "invoice"
    assert same(
        formats.criteria(job),
        f'{{"job_id": "{JOB_ID}", "result": {{"category": "invoice"}}, '
        '"response_confidence": null, "duration": null}',
    )


def test_one_job_yields_both() -> None:
    """The same native job has a body in either format."""
    job = finished(script()).job
    assert formats.pages(job)["status"] == "completed"
    assert formats.criteria(job)["result"] == {"category": "Invoice"}
