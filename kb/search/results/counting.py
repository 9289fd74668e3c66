"""Facets: how results can be narrowed, each value with its exact count and the query that selects it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.models import EntryKind, SearchEntry
from kb.search.index.compiled import CompiledQuery
from kb.search.index.facet_tokens import facet_name, facet_token
from kb.search.language.filters import COUNTED_FACETS
from kb.search.language.query import Query
from kb.search.results.matching import Matches
from sessions.models import Error, FileChange, Project

_MAX_VALUES = 8
_MAX_FILES_READ = 2000
_TITLES = {"type": "kind", "p": "priority", "lang": "language"}
_ENTRIES = CompiledQuery(
    lambda ids: SearchEntry.objects.filter(pk__in=ids).values_list("kind", "object_id", "session_id")
)
_EXCEPTIONS = CompiledQuery(
    lambda errors: Error.objects.filter(pk__in=errors).exclude(exception="").values_list("exception")
)
_FILES = CompiledQuery(
    lambda sessions: FileChange.objects.filter(session__in=sessions).values_list("path")[:_MAX_FILES_READ]
)
_PROJECTS = CompiledQuery(lambda _: Project.objects.order_by("name").values_list("name"))
_KINDS = {kind.filter_value: kind.label for kind in EntryKind}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet. `value`: as it is typed; `label`: as pages show it; `query`: the text that toggles it."""

    value: str
    label: str
    count: int
    is_selected: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    values: tuple[FacetValue, ...]

    @property
    def title(self) -> str:
        return _TITLES.get(self.name, self.name)


def count_facets(text: str, query: Query, matches: Matches, best: Sequence[int]) -> tuple[Facet, ...]:
    """Counts all matches by facet. The exceptions and files are those of the best entries."""
    facets = []
    typical = _typical_values(best)
    for name in COUNTED_FACETS:
        names = dict.fromkeys(typical[name] if name in typical else _indexed_values(name, matches))
        counts = _counts(name, list(names), matches)
        values = [_facet_value(text, query, name, *counted) for counted in zip(names, counts, strict=True)]
        shown = sorted((v for v in values if v.count or v.is_selected), key=_selected_then_most_common)
        if shown:
            facets.append(Facet(name, tuple(shown[:_MAX_VALUES])))
    return tuple(facets)


def _counts(name: str, values: Sequence[str], matches: Matches) -> list[int]:
    """Counts each value. Lines are most of all entries, and are what no other kind is."""
    lines = EntryKind.PASSAGE.filter_value
    counts = matches.counts([facet_token(name, value) for value in values if (name, value) != ("type", lines)])
    if name == "type" and lines in values:
        counts.insert(values.index(lines), matches.total - sum(counts))
    return counts


def _selected_then_most_common(value: FacetValue) -> tuple[bool, int, str]:
    return not value.is_selected, -value.count, value.value


def _indexed_values(name: str, matches: Matches) -> Iterable[str]:
    if name == "project":
        return (project for (project,) in _PROJECTS.rows())
    return (facet_name(token)[1] for token in matches.facet_tokens(name))


def _typical_values(best: Sequence[int]) -> dict[str, list[str]]:
    """Returns the exceptions of those entries that are errors, and the files of all their sessions, as written."""
    rows = _ENTRIES.rows(best)
    errors = [object_id for kind, object_id, _ in rows if kind == EntryKind.ERROR]
    sessions = list({session for *_, session in rows})
    return {
        "exception": _most_common(name.rsplit(".", 1)[-1] for (name,) in _EXCEPTIONS.rows(errors)),
        "file": _most_common(path.rstrip("/").rsplit("/", 1)[-1] for (path,) in _FILES.rows(sessions)),
    }


def _most_common(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(values).most_common(2 * _MAX_VALUES)]


def _facet_value(text: str, query: Query, name: str, value: str, count: int) -> FacetValue:
    token = facet_token(name, value)
    part = next((part for part in query.parts if part.is_filter and part.facet == token), None)
    typed = f'{name}:"{value}"' if " " in value else f"{name}:{value}"
    toggled = query.without(part) if part else f"{text.strip()} {typed}".strip()
    return FacetValue(value, _label(name, value), count, token in query.facets, toggled)


def _label(name: str, value: str) -> str:
    """Returns a value as pages show it: "P0" for p:0, "next step" for type:step, "in progress" for in_progress."""
    match name:
        case "p":
            return f"P{value}"
        case "type":
            return _KINDS.get(value, value)
        case "status":
            return value.replace("_", " ")
    return value
