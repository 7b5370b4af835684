"""What holds for every method of every service."""

import inspect
from abc import ABCMeta

import pytest

from docsort.v1 import (
    classification_service_pb2,
    document_service_pb2,
    job_service_pb2,
    schema_service_pb2,
)
from docsort_server.services.classification import ClassificationService
from docsort_server.services.documents import DocumentService
from docsort_server.services.jobs import JobService
from docsort_server.services.schema import SchemaService

SERVICES = {
    ClassificationService: classification_service_pb2.DESCRIPTOR,
    DocumentService: document_service_pb2.DESCRIPTOR,
    JobService: job_service_pb2.DESCRIPTOR,
    SchemaService: schema_service_pb2.DESCRIPTOR,
}


@pytest.mark.parametrize("servicer", SERVICES)
def test_every_handler_is_async(servicer: ABCMeta) -> None:
    """A plain function would hold up the event loop, and hang when its call is cancelled."""
    (service,) = SERVICES[servicer].services_by_name.values()
    for method in service.methods:
        handler = servicer.__dict__[method.name]
        if method.server_streaming:
            assert inspect.isasyncgenfunction(handler), method.full_name
        else:
            assert inspect.iscoroutinefunction(handler), method.full_name
