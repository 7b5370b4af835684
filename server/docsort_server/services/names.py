"""The full names of the services, as health checks and reflection tell them."""

from __future__ import annotations

from docsort.v1 import (
    classification_service_pb2,
    document_service_pb2,
    job_service_pb2,
    schema_service_pb2,
)

SERVICES = (
    classification_service_pb2.DESCRIPTOR.services_by_name["ClassificationService"].full_name,
    job_service_pb2.DESCRIPTOR.services_by_name["JobService"].full_name,
    document_service_pb2.DESCRIPTOR.services_by_name["DocumentService"].full_name,
    schema_service_pb2.DESCRIPTOR.services_by_name["SchemaService"].full_name,
)
