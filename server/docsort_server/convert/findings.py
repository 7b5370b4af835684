"""Findings about categories as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import schema_service_pb2 as messages

if TYPE_CHECKING:
    from docsort_server.engine.schema.findings import Finding, Place, Report

_KIND = "FINDING_KIND_"


def findings_to_proto(
    report: Report, request: messages.CheckCategoriesRequest, judged: int
) -> messages.CheckCategoriesResponse:
    """Return what was found about a request."""
    return messages.CheckCategoriesResponse(
        findings=[_finding(each, request) for each in report.findings],
        findings_omitted=report.omitted,
        samples_judged=judged,
    )


def _finding(finding: Finding, request: messages.CheckCategoriesRequest) -> messages.Finding:
    return messages.Finding(
        kind=messages.FindingKind.Value(f"{_KIND}{finding.kind}"),
        severity=messages.Severity.Value(f"SEVERITY_{finding.severity.name}"),
        subjects=[_subject(place, request) for place in finding.places],
        reason=finding.reason,
        suggestion=finding.suggestion,
    )


def _subject(place: Place, request: messages.CheckCategoriesRequest) -> messages.FindingSubject:
    if place.sample >= 0:
        field = f"samples[{place.sample}]"
        return messages.FindingSubject(field=field, category=request.samples[place.sample].category)
    category = request.categories[place.category]
    field = f"categories[{place.category}]"
    if place.criterion < 0:
        return messages.FindingSubject(field=field, category=category.name)
    return messages.FindingSubject(
        field=f"{field}.criteria[{place.criterion}]",
        category=category.name,
        criterion=category.criteria[place.criterion].text,
    )
