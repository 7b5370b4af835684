"""Recognise a request that is sent again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from google.protobuf.json_format import MessageToDict

if TYPE_CHECKING:
    from docsort.v1.classification_service_pb2 import ClassifyRequest
    from docsort.v1.job_service_pb2 import SubmitJobRequest

# Part of every fingerprint: a change of this rule must not make old requests look different.
VERSION = "1"


def fingerprint(request: ClassifyRequest | SubmitJobRequest, document_digest: str) -> str:
    """Return the SHA-256 over canonical JSON of the fields that were set.

    The document counts by its digest; `request_id`, the password and the deadline do not count.
    Never over the protobuf bytes, which differ between languages and versions.
    """
    options = MessageToDict(request.options, preserving_proto_field_name=True)
    options.pop("deadline", None)
    plain = {
        "document": document_digest,
        "categories": [
            MessageToDict(category, preserving_proto_field_name=True)
            for category in request.categories
        ],
        "options": options,
    }
    canonical = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"{VERSION}:{hashlib.sha256(canonical.encode()).hexdigest()}"
