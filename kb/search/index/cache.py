"""What a process caches of the index, bounded by bytes; the least recently used value is dropped first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple

from django.conf import settings

_Value = TypeVar("_Value")
_Arguments = TypeVarTuple("_Arguments")


class ByteCache:
    """Values by key, with an estimate of the bytes each takes. The limit is `SEARCH_CACHE_BYTES`."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def peek(self, key: Hashable) -> Any:
        """Returns the value of a key, or None if it is not cached."""
        cached = self._values.get(key)
        if cached is None:
            return None
        try:  # noqa: SIM105  suppress() costs more than the look-up
            self._values.move_to_end(key)
        except KeyError:  # another thread has just dropped it
            pass
        return cached[0]

    def get(
        self,
        key: Hashable,
        size_of: Callable[[_Value], int],
        make: Callable[[*_Arguments], _Value],
        *arguments: *_Arguments,
    ) -> _Value:
        """Returns the value of a key, calling `make` if it is not cached. An exception is not cached."""
        value: _Value | None = self.peek(key)
        if value is None:
            value = make(*arguments)
            self._keep(key, value, size_of(value))
        return value

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            former = self._values.pop(key, None)
            self._values[key] = value, size
            self.size += size - (former[1] if former else 0)
            while self.size > settings.SEARCH_CACHE_BYTES and self._values:
                _, (_, freed) = self._values.popitem(last=False)
                self.size -= freed

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.size = 0
