"""What holds any word of the same first letters, for letters that many words share: made when segments are merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.search.index.facet_tokens import FACET
from kb.search.index.postings import Posting, Stored, joined, restored, stored
from kb.search.index.reading import BEGINNING, READY

_MANY = 200  # words


def with_beginnings(tokens: Iterator[tuple[str, Stored]]) -> Iterator[tuple[str, Stored]]:
    """The tokens, and after them what holds any word of the same first letters."""
    ready: dict[str, Stored] = {}
    shared: dict[int, tuple[str, list[Posting]]] = {length: ("", []) for length in READY}
    for token, value in tokens:
        yield token, value
        if token.startswith(FACET):
            continue
        posting = restored(value)
        for length in READY:
            letters, same = shared[length]
            if token[:length] != letters:
                _make_ready(ready, letters, same)
                same = []
                shared[length] = token[:length], same
            same.append(posting)
    for letters, same in shared.values():
        _make_ready(ready, letters, same)
    yield from ((BEGINNING + letters, ready[letters]) for letters in sorted(ready))


def _make_ready(ready: dict[str, Stored], letters: str, same: Sequence[Posting]) -> None:
    if len(same) >= _MANY and letters not in ready:
        ready[letters] = stored(joined(same))
