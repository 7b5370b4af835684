"""The SchemaService of a scripted server."""

from collections.abc import Awaitable, Callable

import grpc.aio
from google.protobuf.message import Message

from docsort._convert import check_to_proto
from docsort._planning import CategoriesCheck
from docsort.v1 import schema_service_pb2, schema_service_pb2_grpc

_Context = grpc.aio.ServicerContext[Message, Message]


class ScriptedSchema(schema_service_pb2_grpc.SchemaServiceServicer):
    """Answer every check of categories with the same findings."""

    def __init__(
        self,
        check: CategoriesCheck,
        note: Callable[[Message], Awaitable[None]],
        refuse: Callable[[_Context, str], Awaitable[None]],
    ) -> None:
        self._check = check
        self._note = note
        self._refuse = refuse

    async def CheckCategories(  # noqa: N802 - named by the contract
        self, request: schema_service_pb2.CheckCategoriesRequest, context: _Context
    ) -> schema_service_pb2.CheckCategoriesResponse:
        """Answer with the findings of the script."""
        await self._note(request)
        await self._refuse(context, "CheckCategories")
        return check_to_proto(self._check)
