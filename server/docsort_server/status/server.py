"""Ask a server how it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from docsort_server.services.names import SERVICES
from docsort_server.status.facts import ServerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Seconds for all answers.
PATIENCE = 2.0
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - to be replaced, not bound to


async def server_facts(
    address: str | None, folder: Path | None, ready: Mapping[str, object]
) -> ServerFacts:
    """Return what the server of an address says; without one, that of what a folder's file tells.

    `ready` is the content of the file, empty where there is none.
    """
    known = _known(ready)
    if address is None and known is None:
        return ServerFacts("", problem=f"no server is ready in {folder}")
    if known is None or (address and address != known.address):
        known = ServerFacts(address or "")
    try:
        health = await _health(known.address)
    except grpc.aio.AioRpcError:
        return replace(known, problem=f"no server answers at {known.address}")
    serving = health.get("") == "SERVING"
    problem = None if serving else f"the server at {known.address} is not ready"
    return replace(known, health=health, problem=problem)


def _known(ready: Mapping[str, object]) -> ServerFacts | None:
    match ready:
        case {"address": str(address), "pid": int(pid), "version": str(version)}:
            role = ready.get("role")
            return ServerFacts(address, version, pid, role if isinstance(role, str) else None)
        case _:
            return None


async def _health(address: str) -> dict[str, str]:
    host, _, port = address.rpartition(":")
    async with grpc.aio.insecure_channel(f"{_ANYWHERE.get(host, host)}:{port}") as channel:
        stub = HealthStub(channel)
        names = ("", *SERVICES)
        found = await asyncio.gather(*(_status(stub, name) for name in names))
    return {name: status for name, status in zip(names, found, strict=True) if status}


async def _status(stub: HealthStub, name: str) -> str | None:
    try:
        request = HealthCheckRequest(service=name)
        answer = await stub.Check(request, timeout=PATIENCE)  # type: ignore[attr-defined]
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.NOT_FOUND:
            return None
        raise
    return HealthCheckResponse.ServingStatus.Name(answer.status)
