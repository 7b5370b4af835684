"""The feed of all jobs, for one caller after the other."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.job_service_pb2 import WatchJobsRequest, WatchJobsResponse
from docsort_server.convert.jobs import brief_to_proto
from docsort_server.convert.times import timestamp
from docsort_server.jobs.feed import ChangeKind, Place
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.services.lists import filter_from_proto
from docsort_server.services.tokens import Token

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.feed import JobFeed, Notice


class FeedRelay:
    """Turn requests into places of the feed, and its notices into messages with tokens."""

    def __init__(self, feed: JobFeed) -> None:
        self._feed = feed

    async def watch(self, request: WatchJobsRequest) -> AsyncGenerator[WatchJobsResponse, None]:
        """Stream the chosen changes after the token, for ever."""
        chosen = filter_from_proto(request.filter)
        scope = [DEFAULT_TENANT, sorted(chosen.statuses), sorted(chosen.labels.items())]
        token = Token("feed", scope, "resume_token")
        place = _place(token, request.resume_token) if request.resume_token else None
        notices = self._feed.notices(DEFAULT_TENANT, chosen, place, from_start=request.from_start)
        async with aclosing(notices):
            async for notice in notices:
                yield _message(notice, token)


def _place(token: Token, text: str) -> Place:
    log, position, untold = token.read(text, str, int, int)
    return Place(str(log), int(position), int(untold))


def _message(notice: Notice, token: Token) -> WatchJobsResponse:
    place = notice.place
    message = WatchJobsResponse(
        resume_token=token.write(place.log, place.position, place.untold),
        event_time=timestamp(notice.time),
    )
    if notice.change is None:
        message.heartbeat.SetInParent()
        return message
    job = brief_to_proto(notice.change.job_id, notice.change.brief)
    match notice.change.kind:
        case ChangeKind.ACCEPTED:
            message.accepted.CopyFrom(job)
        case ChangeKind.FINISHED:
            message.finished.CopyFrom(job)
        case ChangeKind.DELETED:
            message.deleted.CopyFrom(job)
    return message
