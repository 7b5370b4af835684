"""The last few values that were made, for those who soon ask for the same."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

V = TypeVar("V")


class Recent(Generic[V]):
    """Hold the `size` values kept last; whoever finds one must not change it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def find(self, key: Hashable) -> V | None:
        """Return the value of a key; None where it is not held."""
        return self._values.get(key)

    def keep(self, key: Hashable, value: V) -> None:
        """Hold a value, in place of the one not kept for the longest."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._size:
            self._values.popitem(last=False)
