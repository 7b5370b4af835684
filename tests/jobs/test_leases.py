"""How often the leases of watched jobs are written."""

from typing import cast

from docsort_server.jobs.leases import Leases
from docsort_server.jobs.store.protocols import JobIndex, JobKey

KEY = JobKey("default", "a")


class Index:
    """Count the leases that are written."""

    def __init__(self) -> None:
        self.held: list[float] = []

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Take note of a lease."""
        self.held.append(ttl)


def leases(grace: float) -> tuple[Leases, Index]:
    """Return leases of so many seconds, and the index that they are written to."""
    index = Index()
    return Leases(cast("JobIndex", index), grace), index


async def test_a_watch_from_the_start_writes_no_second_lease() -> None:
    """A caller who submits and watches at once finds the lease as good as new."""
    kept, index = leases(60)
    await kept.start(KEY)
    async with kept.watching(KEY):
        assert index.held == [60]


async def test_a_later_watch_renews_the_lease() -> None:
    """Whoever watches when some of the lease has run, or was not there at the start, renews it."""
    kept, index = leases(0)
    await kept.start(KEY)
    async with kept.watching(KEY):
        assert len(index.held) == 2
    kept, index = leases(60)
    async with kept.watching(KEY):
        assert len(index.held) == 1


async def test_a_job_outlives_its_watchers_by_the_grace() -> None:
    """A watcher who leaves while the job runs renews the lease; after its end nothing is left."""
    kept, index = leases(60)
    await kept.start(KEY)
    async with kept.watching(KEY):
        pass
    assert len(index.held) == 2
    async with kept.watching(KEY) as watch:
        watch.ended = True
    assert len(index.held) == 2


async def test_who_watches_is_known() -> None:
    """A job is watched until the last of its watchers has left."""
    kept, _ = leases(60)
    async with kept.watching(KEY):
        async with kept.watching(KEY):
            assert kept.watched(KEY)
        assert kept.watched(KEY)
        assert not kept.watched(JobKey("default", "b"))
    assert not kept.watched(KEY)
