"""Orders the candidates the same way on both databases: by how and where the words stand, then newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kb.models import Kind, SearchEntry
from kb.search.analysis import index_tokens
from kb.search.query import Query

_TITLE, _BODY, _PREFIX = 3.0, 1.0, 0.5
_ALL_IN_TITLE = 2.0
_KIND = {Kind.ERROR: 1.25, Kind.FIX: 1.15, Kind.LEARNING: 1.1, Kind.SESSION: 1.05, Kind.FILE: 0.9, Kind.COMMIT: 0.85}
_HELD_FIX = 1.2  # an error with a fix that worked is what the reader came for
_HITS_A_SESSION = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    entry: SearchEntry
    score: float


def rank(entries: Sequence[SearchEntry], query: Query, with_working_fix: frozenset[int]) -> list[Ranked]:
    """Entries best first; ties newest first. A session's fourth hit waits until others had their turn."""
    scored = [Ranked(entry, _score(entry, query, entry.id in with_working_fix)) for entry in entries]
    scored.sort(key=lambda ranked: (-ranked.score, -ranked.entry.id))
    return _diverse(scored)


def _score(entry: SearchEntry, query: Query, has_working_fix: bool) -> float:
    if not query.terms:
        return 0.0
    title, body = set(index_tokens(entry.title)), set(index_tokens(entry.body))
    score = sum(_word_score(word, title, body, query.typing) for word in query.terms) / len(query.terms)
    if all(word in title for word in query.terms):
        score += _ALL_IN_TITLE / (1 + len(title) / 30)
    return round(score * _KIND.get(Kind(entry.kind), 1.0) * (_HELD_FIX if has_working_fix else 1.0), 6)


def _word_score(word: str, title: set[str], body: set[str], typing: str) -> float:
    exact = _TITLE * (word in title) + _BODY * (word in body)
    if exact or word != typing:
        return exact
    in_title = any(token.startswith(word) for token in title)
    return _PREFIX * (_TITLE if in_title else _BODY)


def _diverse(ranked: list[Ranked]) -> list[Ranked]:
    seen: Counter[int] = Counter()
    first: list[Ranked] = []
    later: list[Ranked] = []
    for one in ranked:
        seen[one.entry.session_id] += 1
        (first if seen[one.entry.session_id] <= _HITS_A_SESSION else later).append(one)
    return first + later
