"""Postings: the entries that contain a token, and how they are stored.

Sets of entry ids are roaring bitmaps (Lemire et al., "Roaring Bitmaps", 2016), which intersect two sets of half a
million ids in a fifth of a millisecond, so every count is exact. They are 64 bits wide, like ids. A block stores
consecutive tokens as MessagePack.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgpack
from pyroaring import BitMap64

from kb.search.index.analysis import ANALYSER_VERSION

FORMAT_VERSION = 4  # increase it when the stored form of a posting, a block or a segment changes
INDEX_VERSION = f"{FORMAT_VERSION}.{ANALYSER_VERSION}"

# A posting as stored: [entries] if no title contains the token, [entries, True] if all do, else [entries, titles].
# A few ids are stored as a list of numbers, more as a serialised bitmap.
Stored = tuple[Any, ...]
_MAX_LISTED = 6
TOKENS_A_BLOCK = 64  # a search unpacks a block for one of its tokens
_BYTES_A_BLOCK = 8_000


class BlockError(ValueError):
    """A block is not what was written; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Posting:
    """The entries that contain a token, and those that contain it in the title."""

    entries: BitMap64 = field(default_factory=BitMap64)
    titles: BitMap64 = field(default_factory=BitMap64)


NOWHERE = Posting()


class NewPostings:
    """The postings of a segment that is being made: lists of entries, since a bitmap of a few ids costs far more."""

    def __init__(self) -> None:
        self._added: list[int] = []
        self._entries: defaultdict[str, list[int]] = defaultdict(list)
        self._titles: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, entry: int, tokens: Iterable[str], titles: Iterable[str] = ()) -> None:
        """Adds an entry to the postings of tokens. `titles`: those of them that its title contains."""
        self._added.append(entry)
        for token in tokens:
            self._entries[token].append(entry)
        for token in titles:
            self._titles[token].append(entry)

    def add_all(self, entries: Sequence[int], tokens: Iterable[str]) -> None:
        """Adds entries that were added already to the postings of further tokens."""
        for token in tokens:
            self._entries[token].extend(entries)

    @property
    def entries(self) -> BitMap64:
        return BitMap64(self._added)

    def stored(self) -> Iterator[tuple[str, Stored]]:
        """Yields the tokens in order, each with its posting as it is stored."""
        for token in sorted(self._entries):
            entries = _encode_listed(self._entries[token])
            if token in self._titles:
                titles = _encode_listed(self._titles[token])
                yield token, (entries, titles == entries or titles)
            else:
                yield token, (entries,)


def encode(posting: Posting) -> Stored:
    if not posting.titles:
        return (_encode_ids(posting.entries),)
    return _encode_ids(posting.entries), posting.titles == posting.entries or _encode_ids(posting.titles)


def decode(value: Stored) -> Posting:
    entries = _decode_ids(value[0])
    if len(value) == 1:
        return Posting(entries)
    return Posting(entries, entries if value[1] is True else _decode_ids(value[1]))


def union_of(postings: Iterable[Posting]) -> Posting:
    """Returns the entries that contain any of several tokens."""
    several = list(postings)
    if len(several) <= 1:
        return several[0] if several else NOWHERE
    return Posting(BitMap64.union(*(p.entries for p in several)), BitMap64.union(*(p.titles for p in several)))


def union_as_stored(values: Sequence[Stored]) -> Stored:
    """Returns the union of stored postings, as it is stored. Most are a few ids, and need no bitmap."""
    if len(values) == 1:
        return values[0]
    entries = _union_of_parts([value[0] for value in values])
    titles = [value[0] if value[1] is True else value[1] for value in values if len(value) > 1]
    if not titles:
        return (entries,)
    titled = _union_of_parts(titles)
    return entries, titled == entries or titled


def without(value: Stored, removed: BitMap64) -> Stored | None:
    """Returns a stored posting without some entries, or None if nothing is left."""
    posting = decode(value)
    rest = Posting(posting.entries - removed, posting.titles - removed)
    return encode(rest) if rest.entries else None


def blocks(tokens: Iterable[tuple[str, Stored]]) -> Iterator[tuple[str, bytes]]:
    """Cuts sorted tokens into blocks. Yields the first token of each and its bytes."""
    block: dict[str, Stored] = {}
    size = 0
    for token, value in tokens:
        block[token] = value
        for part in value:
            size += len(part) if type(part) is bytes else 0
        if len(block) >= TOKENS_A_BLOCK or size >= _BYTES_A_BLOCK:
            yield next(iter(block)), pack_block(block)
            block, size = {}, 0
    if block:
        yield next(iter(block)), pack_block(block)


def pack_block(tokens: Mapping[str, Stored]) -> bytes:
    return bytes(msgpack.packb(tokens))


def checksum(data: bytes | memoryview) -> int:
    return zlib.crc32(data)


def unpack_block(data: bytes | memoryview) -> dict[str, Stored]:
    """Returns the tokens of a block in order. Raises BlockError if it is none."""
    try:
        tokens: dict[str, Stored] = msgpack.unpackb(data, use_list=False)
    except ValueError as problem:
        raise BlockError(f"it cannot be decoded ({problem})") from problem
    return tokens


def pack_ids(ids: BitMap64) -> bytes:
    ids.run_optimize()
    return bytes(ids.serialize())


def unpack_ids(data: bytes | memoryview) -> BitMap64:
    return BitMap64.deserialize(bytes(data))


def union_of_ids(sets: Iterable[bytes | memoryview | None]) -> BitMap64:
    """Returns the union of serialised sets, skipping NULLs of an outer join."""
    ids = [unpack_ids(data) for data in sets if data is not None]
    return BitMap64.union(*ids) if ids else BitMap64()


def _encode_listed(ids: Sequence[int]) -> tuple[int, ...] | bytes:
    different = set(ids)
    return tuple(sorted(different)) if len(different) <= _MAX_LISTED else pack_ids(BitMap64(different))


def _union_of_parts(parts: Iterable[tuple[int, ...] | bytes]) -> tuple[int, ...] | bytes:
    listed: list[int] = []
    bitmaps = []
    for part in parts:
        if isinstance(part, bytes):
            bitmaps.append(BitMap64.deserialize(part))
        else:
            listed.extend(part)
    return _encode_ids(BitMap64.union(BitMap64(listed), *bitmaps)) if bitmaps else _encode_listed(listed)


def _encode_ids(ids: BitMap64) -> tuple[int, ...] | bytes:
    return tuple(ids) if len(ids) <= _MAX_LISTED else pack_ids(ids)


def _decode_ids(part: tuple[int, ...] | bytes) -> BitMap64:
    return BitMap64.deserialize(part) if isinstance(part, bytes) else BitMap64(part)
