"""Every reason has its class, whether a call is refused or a job fails."""

import grpc
import pytest
from client_scripts import CATEGORIES, failing, script, serving

import docsort
from docsort import ErrorReason, FieldViolation
from docsort._faults import BY_REASON
from docsort.testing import Cut, Server
from docsort.v1 import error_reason_pb2

REASONS = [reason for reason in ErrorReason if reason]


def test_every_reason_of_the_contract_is_known() -> None:
    """The client has a member and a class for each reason of the contract."""
    names = error_reason_pb2.ErrorReason.keys()
    wanted = {name.removeprefix("ERROR_REASON_") for name in names} - {"UNSPECIFIED"}
    assert {str(reason) for reason in BY_REASON} == {str(reason) for reason in REASONS} == wanted
    assert len(set(BY_REASON.values())) == len(BY_REASON)


@pytest.mark.parametrize("reason", REASONS)
async def test_refused_call(reason: ErrorReason) -> None:
    """The reason in the details of a status selects the class, whatever the code."""
    refusal = Cut(
        code=grpc.StatusCode.FAILED_PRECONDITION,
        message="No.",
        reason=reason,
        metadata={"error_id": "e1"},
    )
    async with serving(Server(refusals={"GetJob": refusal})) as client:
        with pytest.raises(docsort.DocsortError) as caught:
            await client.get_job("job-9")
    error = caught.value
    assert type(error) is BY_REASON[reason]
    assert (error.reason, error.message, error.job_id) == (reason, "No.", "job-9")
    assert error.code is grpc.StatusCode.FAILED_PRECONDITION
    assert error.metadata == {"error_id": "e1"}


@pytest.mark.parametrize("reason", REASONS)
async def test_failed_job(reason: ErrorReason) -> None:
    """The failure inside a job raises the same class, without a status code."""
    async with serving(Server(failing(reason))) as client:
        with pytest.raises(BY_REASON[reason]) as caught:
            await client.classify(b"%PDF-1.4", CATEGORIES)
    error = caught.value
    assert (error.reason, error.message, error.job_id) == (reason, "It failed.", "job-1")
    assert error.code is None
    assert error.metadata == {"limit": "pages"}


async def test_failed_job_is_no_error_of_its_stream() -> None:
    """The stream of a failed job ends with Finished and raises nothing."""
    async with serving(Server(failing(ErrorReason.ENCRYPTED_DOCUMENT))) as client:
        events = [event async for event in client.stream(b"%PDF-1.4", CATEGORIES)]
    assert isinstance(events[-1], docsort.Finished)
    assert events[-1].job.status is docsort.JobStatus.FAILED


async def test_invalid_request_names_the_fields() -> None:
    """The violations of a refused request come with it."""
    violations = (FieldViolation("categories[1].name", "is given twice"),)
    cut = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        reason=ErrorReason.INVALID_REQUEST,
        violations=violations,
    )
    async with serving(Server(script(), cuts=[cut])) as client:
        with pytest.raises(docsort.InvalidRequestError) as caught:
            await client.classify(b"%PDF-1.4", CATEGORIES)
    assert caught.value.violations == violations


async def test_internal_error_has_an_id() -> None:
    """The id under which the server logged a fault can be quoted."""
    cut = Cut(
        code=grpc.StatusCode.INTERNAL, reason=ErrorReason.INTERNAL, metadata={"error_id": "e42"}
    )
    async with serving(Server(refusals={"GetJob": cut})) as client:
        with pytest.raises(docsort.InternalError) as caught:
            await client.get_job("job-1")
    assert caught.value.error_id == "e42"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, docsort.InvalidRequestError),
        (grpc.StatusCode.NOT_FOUND, docsort.NotFoundError),
        (grpc.StatusCode.ALREADY_EXISTS, docsort.ConflictError),
        (grpc.StatusCode.DEADLINE_EXCEEDED, docsort.APITimeoutError),
        (grpc.StatusCode.INTERNAL, docsort.InternalError),
        (grpc.StatusCode.UNIMPLEMENTED, docsort.DocsortError),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_unknown_reason_goes_by_its_code(
    code: grpc.StatusCode, expected: type[docsort.DocsortError]
) -> None:
    """A reason of a newer server keeps its name; the code selects the class."""
    refusal = Cut(code=code, message="No.", reason=ErrorReason("NEW_REASON"))
    async with serving(Server(refusals={"GetJob": refusal})) as client:
        with pytest.raises(expected) as caught:
            await client.get_job("job-1")
    assert type(caught.value) is expected
    assert caught.value.reason == "NEW_REASON"


async def test_status_without_details_names_the_server() -> None:
    """Where nothing tells the reason, the target does."""
    refusal = Cut(code=grpc.StatusCode.PERMISSION_DENIED, message="proxy says no")
    server = Server(refusals={"CancelJob": refusal})
    async with serving(server) as client:
        with pytest.raises(docsort.DocsortError, match=f"{server.target}: proxy says no"):
            await client.cancel_job("job-1")


async def test_cancel_job_returns_the_cancelled_job() -> None:
    """Cancelling answers with the job."""
    async with serving(Server(script())) as client:
        job = await client.cancel_job("job-1")
    assert (job.job_id, job.status) == ("job-1", docsort.JobStatus.CANCELLED)
