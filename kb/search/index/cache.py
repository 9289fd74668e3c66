"""What a process remembers of the index, bounded by bytes: the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, TypeVarTuple, cast

from django.conf import settings

_Value = TypeVar("_Value")
_Of = TypeVarTuple("_Of")


class ByteCache:
    """Values by key, with the bytes each is thought to take; the limit is `SEARCH_CACHE_BYTES`."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, key: Hashable, size_of: Callable[[_Value], int], make: Callable[[*_Of], _Value], *of: *_Of) -> _Value:
        """The value of a key; made of its parts, and kept with its size, if it is not here. An error is not kept."""
        held = self._held.get(key)
        if held is None:
            value = make(*of)
            self._keep(key, value, size_of(value))
            return value
        try:  # noqa: SIM105  suppress() costs more than the look-up
            self._held.move_to_end(key)
        except KeyError:  # another thread made room meanwhile
            pass
        return cast(_Value, held[0])

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            former = self._held.pop(key, None)
            self._held[key] = value, size
            self.size += size - (former[1] if former else 0)
            while self.size > settings.SEARCH_CACHE_BYTES and self._held:
                _, (_, freed) = self._held.popitem(last=False)
                self.size -= freed

    def clear(self) -> None:
        with self._lock:
            self._held.clear()
            self.size = 0
