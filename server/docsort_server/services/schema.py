"""SchemaService: what is likely to go wrong with categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort.v1.classification_pb2 import ClassificationOptions
from docsort.v1.schema_service_pb2_grpc import SchemaServiceServicer
from docsort_server.convert.documents import given_document_from_proto
from docsort_server.convert.findings import findings_to_proto
from docsort_server.convert.requests import question_from_proto
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.samples import GivenSample, named
from docsort_server.validate import check_categories

if TYPE_CHECKING:
    from docsort.v1.schema_service_pb2 import (
        CheckCategoriesRequest,
        CheckCategoriesResponse,
        Sample,
    )
    from docsort_server.engine.schema.checker import Checker
    from docsort_server.interceptors.handlers import Context
    from docsort_server.jobs.samples import Samples
    from docsort_server.services.counter import Counter


@dataclass(frozen=True, slots=True)
class CheckTerms:
    """What a check may use: samples, and characters of each that is a text."""

    samples: int
    chars: int


class SchemaService(SchemaServiceServicer):
    """Look at categories, and try them on samples."""

    def __init__(
        self, checker: Checker, samples: Samples, counter: Counter, terms: CheckTerms
    ) -> None:
        self._checker = checker
        self._samples = samples
        self._counter = counter
        self._terms = terms

    async def CheckCategories(  # noqa: N802 - the name is the contract's
        self, request: CheckCategoriesRequest, context: Context
    ) -> CheckCategoriesResponse:
        """Return what is found."""
        check_categories(request, samples=self._terms.samples, chars=self._terms.chars)
        question = question_from_proto(request.categories, ClassificationOptions(evidence=False))
        names = {each.name.strip().casefold(): n for n, each in enumerate(question.categories)}
        given = []
        for number, sample in enumerate(request.samples):
            with named(number):
                given.append(await self._given(sample, names))
        verdicts = await self._samples.judge(DEFAULT_TENANT, question, given)
        report = await self._checker.check(question, verdicts)
        return findings_to_proto(report, request, len(verdicts))

    async def _given(self, sample: Sample, names: dict[str, int]) -> GivenSample:
        category = names.get(sample.category.strip().casefold())
        if sample.WhichOneof("content") == "text":
            return GivenSample(sample.text, category)
        if not sample.document.document_id:
            await self._counter.fit(sample.document)
        return GivenSample(given_document_from_proto(sample.document), category)
