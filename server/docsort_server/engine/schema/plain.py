"""Verdicts and findings as plain values, for the way to a worker process and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity
from docsort_server.engine.schema.samples import SampleVerdict

if TYPE_CHECKING:
    from collections.abc import Mapping


def verdict_to_plain(verdict: SampleVerdict) -> dict[str, Any]:
    """Return a verdict as JSON takes it; its many flags are a string of 0 and 1 a category."""
    met = ["".join("1" if each else "0" for each in row) for row in verdict.met]
    return {"sample": verdict.sample, "given": verdict.given, "best": verdict.best, "met": met}


def verdict_from_plain(plain: Mapping[str, Any]) -> SampleVerdict:
    """Return the verdict of `verdict_to_plain`."""
    met = tuple(tuple(flag == "1" for flag in row) for row in plain["met"])
    return SampleVerdict(plain["sample"], plain["given"], plain["best"], met)


def finding_to_plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON takes it."""
    return asdict(finding)


def finding_from_plain(plain: Mapping[str, Any]) -> Finding:
    """Return the finding of `finding_to_plain`."""
    return Finding(
        Kind(plain["kind"]),
        Severity(plain["severity"]),
        tuple(Place(**place) for place in plain["places"]),
        plain["reason"],
        plain["suggestion"],
    )
