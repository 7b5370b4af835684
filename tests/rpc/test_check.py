"""Categories that are looked at before any document is classified with them."""

from collections.abc import Sequence

import grpc
import pytest
from model_served import document
from pdf_files import pdf
from rpc_server import RealServer, refusal, served
from source_tree import ROOT

from docsort.v1 import document_pb2 as documents
from docsort.v1 import schema_service_pb2 as schema
from docsort.v1.document_pb2 import DocumentSource
from docsort_server.engine.schema.findings import Kind, Severity
from docsort_server.jobs.loans import GivenDocument

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVOICE = "Invoice no. 417\nBill to: Harrow and Finch\nTotal due: 96.00 EUR within thirty days"
LETTER = "Dear Ms Harrow,\nthank you for your letter.\nYours sincerely,\nA. Finch"


def asked(
    *names: str, samples: Sequence[schema.Sample] = (), criteria: Sequence[str] = ()
) -> schema.CheckCategoriesRequest:
    """Return a request; the criteria are the first category's."""
    message = schema.CheckCategoriesRequest(samples=samples)
    for name in names:
        message.categories.add(name=name)
    for text in criteria:
        message.categories[0].criteria.add(text=text)
    return message


def text(content: str, category: str = "") -> schema.Sample:
    """Return a sample that is a text."""
    return schema.Sample(text=content, category=category)


def inline(content: bytes) -> schema.Sample:
    """Return a sample that is a document."""
    return schema.Sample(document=DocumentSource(content=content))


def given(pages: Sequence[str], category: str) -> schema.Sample:
    """Return a sample that is a document of these pages, and its category."""
    return schema.Sample(document=DocumentSource(content=pdf(*pages)), category=category)


async def test_findings_name_fields_in_the_words_of_the_contract(real: RealServer) -> None:
    """Paths are those of the request; names and texts come with them."""
    answer = await real.calls.check(asked("Invoice", "Bill", criteria=["Looks important"]))
    found = {finding.kind: finding for finding in answer.findings}
    duplicate = found[schema.FINDING_KIND_DUPLICATE_CATEGORIES]
    untestable = found[schema.FINDING_KIND_UNTESTABLE_CRITERION]
    assert [each.field for each in duplicate.subjects] == ["categories[0]", "categories[1]"]
    (subject,) = untestable.subjects
    assert subject.field == "categories[0].criteria[0]"
    assert (subject.category, subject.criterion) == ("Invoice", "Looks important")
    assert untestable.severity == schema.SEVERITY_WARNING
    assert all(finding.reason and finding.suggestion for finding in answer.findings)


async def test_samples_are_judged_by_the_real_engine(real: RealServer) -> None:
    """Texts and documents alike; what cannot be judged is not counted."""
    samples = [text(INVOICE), text(LETTER, "Letter"), inline(document(9)), text(" ")]
    answer = await real.calls.check(
        asked("Invoice", "Letter", samples=samples, criteria=["Bears a royal seal of approval"])
    )
    assert answer.samples_judged == 3
    (finding,) = answer.findings
    assert finding.kind == schema.FINDING_KIND_CRITERION_NEVER_MET
    assert finding.subjects[0].criterion == "Bears a royal seal of approval"
    assert real.app.jobs.admission.running == 0


async def test_a_sample_is_judged_as_a_document_is(real: RealServer) -> None:
    """A category that requires what the sample has not is out, so that nothing fits it."""
    message = asked("Invoice", "Letter", samples=[text(INVOICE)], criteria=["Bears a royal seal"])
    freely = {finding.kind for finding in (await real.calls.check(message)).findings}
    message.categories[0].criteria[0].required = True
    strictly = {finding.kind for finding in (await real.calls.check(message)).findings}
    assert strictly - freely == {schema.FINDING_KIND_MISSING_CATCH_ALL}


async def test_the_same_request_has_the_same_findings(real: RealServer) -> None:
    """A build that checks categories does not change its mind."""
    message = asked("Invoice", "Bill", "Report", "Report card", samples=[text(LETTER)])
    assert await real.calls.check(message) == await real.calls.check(message)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (asked(), "categories"),
        (asked("Invoice", "invoice"), "categories[1].name"),
        (asked("Invoice", samples=[schema.Sample()]), "samples[0].content"),
        (asked("Invoice", samples=[text("x", "Letter")]), "samples[0].category"),
        (asked("Invoice", samples=[text("x" * 32_769)]), "samples[0].text"),
        (asked("Invoice", samples=[text("x")] * 21), "samples"),
        (
            asked("A b", samples=[schema.Sample(document=DocumentSource(uri="https://a.b/c"))]),
            "samples[0].document.uri",
        ),
        (
            asked("A b", samples=[schema.Sample(document=documents.DocumentSource())]),
            "samples[0].document.source",
        ),
    ],
)
async def test_what_classify_refuses_is_refused(
    real: RealServer, message: schema.CheckCategoriesRequest, field: str
) -> None:
    """Invalid categories are no finding; limits are named with their settings."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await real.calls.check(message)
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_REQUEST",
    )
    assert found.text.startswith(f"{field}: ")
    if field == "samples":
        assert dict(found.info.metadata) == {
            "limit": "check_samples",
            "value": "20",
            "actual": "21",
        }


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"%PDF-1.7\n" + bytes(64), "CORRUPT_DOCUMENT"), (bytes(64), "UNSUPPORTED_DOCUMENT")],
)
async def test_a_sample_that_cannot_be_read_is_refused(
    real: RealServer, content: bytes, reason: str
) -> None:
    """A check that silently left it out would be believed; it is told which sample it is."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await real.calls.check(asked("Invoice", samples=[text(LETTER), inline(content)]))
    found = refusal(caught.value)
    assert (found.info.reason, found.info.metadata["field"]) == (reason, "samples[1]")


async def test_only_the_first_pages_of_a_sample_are_read(real: RealServer) -> None:
    """A document of more pages than a job may have is a sample; what comes late is not seen."""
    late = [*[LETTER] * 3, *[INVOICE] * 38]
    early = late[::-1]
    goes = [
        [each.kind for each in (await real.calls.check(message)).findings]
        for message in (
            asked("Invoice", "Letter", samples=[given(pages, "Letter")]) for pages in (late, early)
        )
    ]
    assert goes == [[], [schema.FINDING_KIND_SAMPLE_ELSEWHERE]]


async def test_a_check_without_samples_takes_no_place() -> None:
    """Looking at words alone is possible on a server that is full."""
    async with (
        served(max_jobs=1) as server,
        server.jobs.loans.lent("default", GivenDocument(b"x")),
    ):
        answer = await server.calls.check(asked("Invoice", "Bill"))
    assert len(answer.findings) == 1


async def test_kinds_and_severities_are_those_of_the_contract() -> None:
    """What the server finds and what the contract names are one list, documented one by one."""
    kinds = [
        name.removeprefix("FINDING_KIND_") for name in schema.FindingKind.DESCRIPTOR.values_by_name
    ]
    severities = [
        name.removeprefix("SEVERITY_") for name in schema.Severity.DESCRIPTOR.values_by_name
    ]
    assert ["UNSPECIFIED", *(kind.value for kind in Kind)] == kinds
    assert ["UNSPECIFIED", *(each.name for each in Severity)] == severities
    page = (ROOT / "docs/planning.md").read_text()
    assert [kind for kind in Kind if kind.value not in page] == []
