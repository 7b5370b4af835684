"""The rules of the event stream, seen by a client on a real connection."""

import asyncio

import grpc
import pytest
from eventually import eventually
from job_parts import Gate, ScriptedEngine, submission
from rpc_server import (
    DURABLE,
    Calls,
    connected,
    durable,
    events,
    fold,
    kind_of,
    next_of,
    request,
    served,
)

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.documents.model import PageContent
from docsort_server.engine.model import Category, CriterionMark, Outcome, PageVerdict, Question

SHOWS_TOTAL = classification.Criterion(text="shows a total")
MANY_CRITERIA = [
    classification.Category(
        name=f"Category {number}",
        criteria=[classification.Criterion(text=f"criterion {n} " + "x" * 60) for n in range(10)],
    )
    for number in range(4)
]


async def test_rule_1_durable_events_come_in_order() -> None:
    """`accepted` first with sequence 1, pages in between, `finished` last and once."""
    async with served() as server:
        found = durable(await events(server.calls.classify(request(7))))
    kinds = [kind_of(event) for event in found]
    assert kinds == ["accepted", *["page_result"] * 7, "finished"]
    assert found[0].sequence == 1
    assert sorted(event.page_result.page for event in found[1:-1]) == list(range(1, 8))


async def test_rule_1_sequences_rise_and_may_skip() -> None:
    """Two jobs that take turns in one store see gaps, and still count from 1 upwards."""
    async with served() as server:
        streams = await asyncio.gather(
            *(events(server.calls.classify(request(12))) for _ in range(2))
        )
    for stream in streams:
        sequences = [event.sequence for event in durable(stream)]
        assert sequences[0] == 1
        assert sequences == sorted(set(sequences))
        assert sequences[-1] > len(sequences)


async def test_rule_1_ephemeral_events_repeat_the_last_sequence() -> None:
    """Progress, provisional answers and heartbeats carry the last durable event's number."""
    gate = Gate()
    found = []
    last = 0
    async with served(ScriptedEngine(gate)) as server:
        async for response in server.calls.classify(request(6)):
            found.append(response.event)
            if kind_of(response.event) == "progress":
                gate.let(1)
    for event in found:
        if kind_of(event) in DURABLE:
            last = event.sequence
        assert event.sequence == last
    assert {kind_of(event) for event in found} >= {"progress", "provisional"}


async def test_rule_1_ephemeral_events_are_not_replayed() -> None:
    """Whoever watches a finished job gets its durable events and nothing else."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(5))
        first = await anext(aiter(call))
        live = [first.event, await next_of(call, "progress")]
        gate.open()
        live += await events(call)
        again = await events(server.calls.watch(first.event.job_id))
    assert again == durable(live)


async def test_rule_1_silence_is_broken_by_heartbeats() -> None:
    """While nothing happens a stream shows life, and then goes on."""
    gate = Gate()
    async with served(ScriptedEngine(gate), heartbeat=0.02) as server:
        call = server.calls.classify(request(2))
        accepted = await next_of(call, "accepted")
        beats = [await next_of(call, "heartbeat") for _ in range(3)]
        gate.open()
        rest = await events(call)
    assert {beat.sequence for beat in beats} == {accepted.sequence}
    assert kind_of(rest[-1]) == "finished"


async def test_rule_1_the_provisional_answer_changes_with_its_leader() -> None:
    """One event when the first category leads and one when another takes over, no more."""

    async def answer(page: PageContent, _: Question) -> PageVerdict:
        scores = (0.8, 0.1, 0.1) if page.number == 1 else (0.01, 0.98, 0.01)
        await gate(page, _)
        return PageVerdict(Outcome.MATCHED, scores, no_match_score=0.0)

    gate = Gate()
    async with served(ScriptedEngine(answer), pages=1) as server:
        call = server.calls.classify(request(5))
        leaders = []
        for _ in range(5):
            gate.let(1)
            await next_of(call, "page_result")
            async for response in call:
                event = response.event
                if kind_of(event) == "provisional":
                    leaders.append((event.provisional.classification, event.provisional.pages_seen))
                if kind_of(event) in ("progress", "finished"):
                    break
    assert leaders[0] == ("Invoice", 1)
    assert [name for name, _ in leaders] == ["Invoice", "Contract"]


@pytest.mark.parametrize("pages", [1, 6])
async def test_rule_2_the_fold_is_the_final_job(pages: int) -> None:
    """The stream adds up to its own last event, and GetJob answers the same."""
    async with served() as server:
        found = await events(server.calls.classify(request(pages)))
        job = await server.calls.get(found[0].job_id)
    assert fold(found) == found[-1].finished.job == job
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert [page.page for page in job.result.page_results] == list(range(1, pages + 1))
    assert (job.pages_total, job.pages_done) == (pages, pages)


async def test_rule_3_page_results_are_included_while_they_fit() -> None:
    """Just below 512 KiB the finished job holds its pages, without the mark of omission."""
    async with served(settings=None) as server:
        found = await events(server.calls.classify(request(90, MANY_CRITERIA)))
        job = await server.calls.get(found[0].job_id)
    assert 256 * 1024 < job.ByteSize() <= 512 * 1024
    assert len(job.result.page_results) == 90
    assert not job.result.page_results_omitted


async def test_rule_3_page_results_are_left_out_when_they_do_not_fit() -> None:
    """Above 512 KiB the job says so, and the stream has every page."""
    async with served() as server:
        found = await events(server.calls.classify(request(150, MANY_CRITERIA)))
        job = await server.calls.get(found[0].job_id)
    assert job == found[-1].finished.job
    assert job.result.page_results_omitted
    assert not job.result.page_results
    assert fold(found).ByteSize() > 512 * 1024
    assert len(fold(found).result.page_results) == 150


async def test_rule_3_ten_thousand_pages_fit_default_limits() -> None:
    """The longest document, with criteria and a segment for every page, on a plain channel."""
    categories = tuple(Category(name, "", ("shows a total",)) for name in ("A", "B", "C"))
    asked = submission(10_000, question=Question(categories), detached=True)
    async with served(ScriptedEngine(span=16), spans=2, pages=2) as server:
        key = await server.jobs.intake.submit(asked)
        await eventually(lambda: len(server.engine.seen) == 10_000, seconds=50)
        await server.jobs.runner.idle()
        job = await server.calls.get(key.job_id)
        rest = await events(server.calls.watch(key.job_id, after=9_990))
    assert rest[-1].finished.job == job
    assert kind_of(rest[0]) == "page_result"
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert len(job.result.segments) == len(job.result.aggregation.pages) == 10_000
    assert job.result.page_results_omitted


async def test_rule_5_a_failed_job_ends_its_call_with_ok() -> None:
    """What becomes of a job is in `finished`; the call itself did its work."""

    async def broken(_: PageContent, __: Question) -> PageVerdict:
        raise LookupError("a secret sentence")

    async with served(ScriptedEngine(broken)) as server:
        call = server.calls.classify(request(2))
        found = await events(call)
        code = await call.code()
    job = found[-1].finished.job
    assert code is grpc.StatusCode.OK
    assert job.status == job_pb2.JOB_STATUS_FAILED
    assert not job.HasField("result")
    assert "secret" not in str(found)


async def test_rule_5_one_failed_page_is_not_a_failed_job() -> None:
    """The page tells its failure under an error id; the others make the result."""

    async def broken(page: PageContent, question: Question) -> PageVerdict:
        if page.number == 2:
            raise LookupError("a secret sentence")
        return PageVerdict(Outcome.MATCHED, (0.8, 0.1, 0.1), no_match_score=0.0)

    async with served(ScriptedEngine(broken)) as server:
        found = await events(server.calls.classify(request(3)))
    job = found[-1].finished.job
    failed = job.result.page_results[1]
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert (failed.success, failed.outcome) == (False, classification.OUTCOME_FAILED)
    assert not failed.HasField("confidence")
    assert failed.failure.metadata["error_id"]
    assert "secret" not in str(found)
    assert [warning.code for warning in job.result.warnings] == [
        classification.WARNING_CODE_PAGES_FAILED
    ]


async def test_rule_6_unknown_jobs() -> None:
    """A job that never was is NOT_FOUND before any event."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(server.calls.watch("00000000-0000-4000-8000-000000000000"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_rule_7_a_slow_watcher_holds_up_nobody() -> None:
    """Watchers who stop reading cost others nothing, and later get all they have missed."""
    small = (("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536))
    async with served() as server, connected(server.address, *small) as channel:
        call = server.calls.classify(request(120, MANY_CRITERIA))
        accepted = await next_of(call, "accepted")
        idlers = [Calls(channel).watch(accepted.job_id) for _ in range(8)]
        for idler in idlers:
            await next_of(idler, "accepted")
        found = await events(server.calls.watch(accepted.job_id))
        late = await events(idlers[0])
        for idler in idlers[1:]:
            idler.cancel()
    assert kind_of(found[-1]) == "finished"
    assert durable(late) == durable(found)[1:]


async def test_criteria_and_evidence_reach_the_client() -> None:
    """Marks come with names, verdict, confidence and quote; the document's are met on any page."""

    async def answer(page: PageContent, _: Question) -> PageVerdict:
        marks = ((CriterionMark(page.number == 2, 0.75, "a quoted line"),), ())
        return PageVerdict(Outcome.MATCHED, (0.7, 0.3), marks, no_match_score=0.0)

    categories = [
        classification.Category(name="Invoice", criteria=[SHOWS_TOTAL]),
        classification.Category(name="Letter"),
    ]
    async with served(ScriptedEngine(answer)) as server:
        found = await events(server.calls.classify(request(2, categories)))
    result = found[-1].finished.job.result
    (mark,) = result.page_results[1].criteria
    assert (mark.category, mark.criterion, mark.evidence) == (
        "Invoice",
        "shows a total",
        "a quoted line",
    )
    assert (mark.verdict, mark.confidence) == (classification.VERDICT_MET, 0.75)
    invoice, letter = result.response_confidence.categories
    assert invoice.confidence == 1.0
    assert not letter.HasField("confidence")
