"""The memory store forgets the oldest finished jobs before it outgrows its bound."""

from docsort_server.jobs.store.memory import MemoryJobLog
from docsort_server.jobs.store.protocols import JobKey

KIB = 1024


def key(number: int) -> JobKey:
    """Return the name of a job."""
    return JobKey("default", f"job-{number}")


async def write(log: MemoryJobLog, number: int, *slots: str) -> None:
    """Write slots of 10 KiB each."""
    for slot in slots:
        assert await log.append(key(number), slot, bytes(10 * KIB), ttl=60)


async def kept(log: MemoryJobLog, numbers: range) -> list[int]:
    """Return the jobs that are still known."""
    return [number for number in numbers if await log.read(key(number), "accepted")]


async def test_the_oldest_finished_jobs_make_room() -> None:
    """A hundred KiB hold four jobs of two records; the fifth costs the first its place."""
    log = MemoryJobLog(max_bytes=100 * KIB)
    for number in range(4):
        await write(log, number, "accepted", "final")
    assert await kept(log, range(4)) == [0, 1, 2, 3]
    await write(log, 4, "accepted", "final")
    assert await kept(log, range(5)) == [1, 2, 3, 4]


async def test_running_jobs_stay_whatever_they_weigh() -> None:
    """Only what has ended may be forgotten early."""
    log = MemoryJobLog(max_bytes=50 * KIB)
    await write(log, 0, "accepted")
    for number in range(1, 5):
        await write(log, number, "accepted", "final")
    await write(log, 5, "accepted", "p.1", "p.2", "p.3")
    assert await kept(log, range(6)) == [0, 5]


async def test_a_watcher_of_a_forgotten_job_is_let_go() -> None:
    """Its tail ends instead of waiting for records that cannot come."""
    log = MemoryJobLog(max_bytes=30 * KIB)
    await write(log, 0, "accepted", "final")
    tail = log.tail(key(0))
    seen = [await anext(tail), await anext(tail)]
    await write(log, 1, "accepted", "final")
    assert [record.slot for record in seen if record] == ["accepted", "final"]
    assert await anext(tail, None) is None
