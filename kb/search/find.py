"""Search: a query's text in, a page of hits out, with exact counts and facets."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from kb.models import Kind, SearchEntry
from kb.search.backend import backend
from kb.search.facets import FILTER_VALUES, SHOWN, facet_token
from kb.search.query import Problem, Query, parse_query
from kb.search.ranking import Ranked, rank
from kb.search.snippets import Parts, highlight, snippet
from sessions.models import Attempt, Fix, Project, SessionLog

_CANDIDATES = 500  # newest matches that are ranked; a page beyond them is newest first as well


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. The parts are (text, matches) pairs; `score` tells why it stands where it does."""

    entry: SearchEntry
    title: Parts
    snippet: Parts
    score: float
    has_working_fix: bool

    @property
    def kind(self) -> str:
        return Kind(self.entry.kind).label


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: its exact count, and the query's text with it switched on or off."""

    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search found. `any_word`: no entry held all words, so these hold some of them."""

    query: Query
    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    problems: tuple[Problem, ...]
    any_word: bool
    took_ms: float


def search(text: str, *, limit: int = 20, offset: int = 0, typing: bool = False) -> SearchPage:
    """The hits of a query, best first. An empty query finds nothing."""
    start = time.perf_counter()
    query = parse_query(text, dt.date.today(), typing=typing)
    if query.is_empty:
        return SearchPage(query, (), 0, (), _chips(query), query.problems, False, 0.0)
    index, any_word = backend(), False
    total = index.count(query)
    if not total and len(query.terms) > 1:
        any_word, total = True, index.count(query, any_word=True)
    ids = index.candidates(query, max(_CANDIDATES, offset + limit), any_word=any_word) if total else []
    hits = _hits(ids, query, offset, limit)
    facets = _facets(text, query, any_word) if total else ()
    took = (time.perf_counter() - start) * 1000
    return SearchPage(query, hits, total, facets, _chips(query), query.problems, any_word, took)


def _hits(ids: list[int], query: Query, offset: int, limit: int) -> tuple[Hit, ...]:
    entries = list(SearchEntry.objects.filter(id__in=ids))
    working = _with_working_fix(entries)
    page = rank(entries, query, working)[offset : offset + limit]
    sessions = SessionLog.objects.select_related("project").in_bulk([one.entry.session_id for one in page])
    return tuple(_hit(one, query, sessions[one.entry.session_id], working) for one in page)


def _hit(one: Ranked, query: Query, session: SessionLog, working: frozenset[int]) -> Hit:
    one.entry.session = session
    body = one.entry.body.strip()
    shown = snippet(body, query) if body and body != one.entry.title else ()
    return Hit(one.entry, highlight(one.entry.title[:300], query), shown, one.score, one.entry.id in working)


def _with_working_fix(entries: list[SearchEntry]) -> frozenset[int]:
    """Ids of the entries that are errors with a fix that worked."""
    errors = {entry.object_id: entry.id for entry in entries if entry.kind == Kind.ERROR}
    worked = Attempt.objects.filter(error_id__in=errors, fix__outcome=Fix.Outcome.WORKED)
    return frozenset(errors[pk] for pk in worked.values_list("error_id", flat=True))


def _facets(text: str, query: Query, any_word: bool) -> tuple[Facet, ...]:
    facets = []
    for name in SHOWN:
        values = [_facet_value(text, query, name, value, any_word) for value in _values(name)]
        kept = tuple(value for value in values if value.count or value.chosen)
        if kept:
            facets.append(Facet(name, kept))
    return tuple(facets)


def _values(name: str) -> tuple[str, ...]:
    if name == "project":
        return tuple(Project.objects.order_by("name").values_list("name", flat=True)[:30])
    if name == "year":
        years = SessionLog.objects.filter(date__isnull=False).dates("date", "year", order="DESC")
        return tuple(str(day.year) for day in years[:10])
    return FILTER_VALUES[name]


def _facet_value(text: str, query: Query, name: str, value: str, any_word: bool) -> FacetValue:
    token = facet_token(name, value)
    chosen = token in query.facets
    typed = f'{name}:"{value}"' if " " in value else f"{name}:{value}"
    part = next(
        (p for p in query.parts if p.is_filter and p.text.lower().replace('"', "") == f"{name}:{value}".lower()), None
    )
    toggled = query.without(part) if chosen and part else f"{text.strip()} {typed}".strip()
    return FacetValue(value, backend().count(query, token, any_word=any_word), chosen, toggled)


def _chips(query: Query) -> tuple[Chip, ...]:
    return tuple(Chip(part.text, query.without(part)) for part in query.parts if part.is_filter)
