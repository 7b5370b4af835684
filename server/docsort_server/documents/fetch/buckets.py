"""Fetching from object stores, with obstore and the credentials of the server's environment."""

from __future__ import annotations

import importlib  # an extra
from typing import TYPE_CHECKING, Any

from docsort_server.documents.fetch.policy import not_allowed, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from yarl import URL

_CHUNK = 1024 * 1024


async def fetch_object(url: URL) -> AsyncGenerator[bytes, None]:
    """Yield an object's content in chunks.

    Raises the Faults URI_NOT_ALLOWED without the library, and URI_UNREACHABLE for what is not there
    or not to be read.
    """
    try:
        obstore = importlib.import_module("obstore")
        stores = importlib.import_module("obstore.store")
    except ImportError:
        raise not_allowed("object stores need the extra docsort[stores]") from None
    errors = importlib.import_module("obstore.exceptions")
    try:
        store, path = _place(stores, url)
        found = await obstore.get_async(store, path)
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)
    except FileNotFoundError:
        raise unreachable("there is no such object", status="404") from None
    except (OSError, ValueError, errors.BaseError) as error:
        raise unreachable(f"its store refuses it ({type(error).__name__})") from None


def _place(stores: Any, url: URL) -> tuple[Any, str]:  # noqa: ANN401 - an extra's module and store
    """Return the store and the path in it; an Azure store is a container of the account named."""
    path = url.path.lstrip("/")
    if url.scheme.lower() != "az":
        return stores.from_url(f"{url.scheme}://{url.raw_host}"), path
    container, _, path = path.partition("/")
    return stores.AzureStore(container_name=container, account_name=url.raw_host), path
