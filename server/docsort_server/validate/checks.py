"""The rules for categories that are only looked at, and for what they are tried on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason, Violation
from docsort_server.validate.rules import raise_any, too_long, unknown
from docsort_server.validate.submissions import categories_rule, document_rule, size_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort.v1.schema_service_pb2 import CheckCategoriesRequest, Sample


def check_categories(request: CheckCategoriesRequest, *, samples: int, chars: int) -> None:
    """Raise `Fault` INVALID_REQUEST naming the fields at fault.

    At most `samples` samples are allowed (`check_samples`), with texts of at most `chars`
    characters (`page_chars`).
    """
    sent = sum(sample.ByteSize() for sample in request.samples)
    raise_any(size_rule(request.ByteSize() - sent, "categories"))
    if len(request.samples) > samples:
        raise _too_many(len(request.samples), samples)
    names = {category.name.strip().casefold() for category in request.categories}
    raise_any(
        chain(
            categories_rule(request.categories),
            *(
                _sample(f"samples[{number}]", sample, names, chars)
                for number, sample in enumerate(request.samples)
            ),
        )
    )


def _sample(path: str, sample: Sample, names: set[str], chars: int) -> Iterator[Violation]:
    yield from unknown(path, sample)
    match sample.WhichOneof("content"):
        case "text":
            if len(sample.text) > chars:
                yield too_long(f"{path}.text", sample.text, chars)
        case "document":
            yield from document_rule(sample.document, f"{path}.document")
            if sample.document.uri:
                text = "must be the document itself or one that was uploaded"
                yield Violation(f"{path}.document.uri", text)
        case None:
            yield Violation(f"{path}.content", "must be set: `text` or `document`")
    if sample.category and sample.category.strip().casefold() not in names:
        yield Violation(f"{path}.category", "must be the name of one of the categories")


def _too_many(count: int, most: int) -> Fault:
    text = f"must have at most {most} entries (check_samples), has {count}"
    return Fault(
        Reason.INVALID_REQUEST,
        f"samples: {text}",
        metadata={"limit": "check_samples", "value": str(most), "actual": str(count)},
        violations=(Violation("samples", text),),
    )
