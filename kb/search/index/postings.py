"""What the index knows of a token: the entries that hold it, and those that hold it in their title.

Sets of entry ids are roaring bitmaps (Lemire et al., "Roaring Bitmaps", 2016): two of half a million ids are
intersected in a fifth of a millisecond, so every count is exact. They are of 64 bits, as ids are. A block holds
consecutive tokens as MessagePack.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgpack
from pyroaring import BitMap64

from kb.search.index.analysis import ANALYSER_VERSION

FORMAT_VERSION = 2  # raise it when what is stored of a token, a block or a segment changes
INDEX_VERSION = f"{FORMAT_VERSION}.{ANALYSER_VERSION}"

# A posting as stored: [entries] where no title holds the token, [entries, titles], or [entries, True] where all do.
# Few ids are a list of numbers, more a serialised bitmap.
Stored = list[Any]
_FEW = 6
TOKENS_A_BLOCK = 256
_BYTES_A_BLOCK = 24_000


class BlockError(ValueError):
    """A block that does not hold what was written; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Posting:
    """The entries that hold a token, in title or body; `titles` are those that hold it in the title."""

    entries: BitMap64 = field(default_factory=BitMap64)
    titles: BitMap64 = field(default_factory=BitMap64)


NOWHERE = Posting()


def stored(posting: Posting) -> Stored:
    if not posting.titles:
        return [_packed(posting.entries)]
    return [_packed(posting.entries), posting.titles == posting.entries or _packed(posting.titles)]


def restored(value: Stored) -> Posting:
    entries = _unpacked(value[0])
    if len(value) == 1:
        return Posting(entries)
    return Posting(entries, entries if value[1] is True else _unpacked(value[1]))


def joined(postings: Iterable[Posting]) -> Posting:
    """What holds any of several tokens."""
    found = list(postings)
    if len(found) <= 1:
        return found[0] if found else NOWHERE
    return Posting(BitMap64.union(*(p.entries for p in found)), BitMap64.union(*(p.titles for p in found)))


def without(value: Stored, removed: BitMap64) -> Stored | None:
    """A posting less some entries; None if nothing is left of it."""
    posting = restored(value)
    left = Posting(posting.entries - removed, posting.titles - removed)
    return stored(left) if left.entries else None


def blocks(tokens: Iterable[tuple[str, Stored]]) -> Iterator[tuple[str, bytes]]:
    """Cuts tokens in their order into blocks: the first token of each and its bytes."""
    held: dict[str, Stored] = {}
    size = 0
    for token, value in tokens:
        held[token] = value
        size += sum(len(part) for part in value if isinstance(part, bytes))
        if len(held) >= TOKENS_A_BLOCK or size >= _BYTES_A_BLOCK:
            yield next(iter(held)), packed_block(held)
            held, size = {}, 0
    if held:
        yield next(iter(held)), packed_block(held)


def packed_block(tokens: Mapping[str, Stored]) -> bytes:
    return bytes(msgpack.packb(tokens))


def checksum(data: bytes | memoryview) -> int:
    return zlib.crc32(data)


def unpacked_block(data: bytes | memoryview, expected: int) -> dict[str, Stored]:
    """The tokens of a block, in their order. Raises BlockError if its checksum is not the expected one."""
    if checksum(data) != expected:
        raise BlockError("its checksum is wrong")
    try:
        tokens: dict[str, Stored] = msgpack.unpackb(data)
    except ValueError as problem:
        raise BlockError(f"it cannot be decoded ({problem})") from problem
    return tokens


def packed_ids(ids: BitMap64) -> bytes:
    ids.run_optimize()
    return bytes(ids.serialize())


def unpacked_ids(data: bytes | memoryview) -> BitMap64:
    return BitMap64.deserialize(bytes(data))


def _packed(ids: BitMap64) -> list[int] | bytes:
    return list(ids) if len(ids) <= _FEW else packed_ids(ids)


def _unpacked(part: list[int] | bytes) -> BitMap64:
    return BitMap64.deserialize(part) if isinstance(part, bytes) else BitMap64(part)
