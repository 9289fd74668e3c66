"""Facets: what the results can be narrowed to, each value with its exact count and the query that does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.models import EntryKind, SearchEntry
from kb.search.index.facet_tokens import facet_name, facet_token
from kb.search.language.filters import COUNTED_FACETS
from kb.search.language.query import Query
from kb.search.results.matching import Matches
from sessions.models import Error, FileChange, Project

_MOST_VALUES = 8
_TITLES = {"type": "kind", "p": "priority", "lang": "language"}
_FILES_LOOKED_AT = 2000
_KINDS = {kind.filter_value: kind.label for kind in EntryKind}  # "step": "next step"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, as it is shown, its exact count, and the query's text with it switched on or off."""

    label: str
    shown: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    values: tuple[FacetValue, ...]

    @property
    def title(self) -> str:
        return _TITLES.get(self.name, self.name)


def count_facets(text: str, query: Query, found: Matches, best: Sequence[int]) -> tuple[Facet, ...]:
    """The facets of what was found. Exceptions and files are those of the best entries, counted over all."""
    facets = []
    told = _told_by(best)
    for name in COUNTED_FACETS:
        labels = dict.fromkeys(told[name] if name in told else _labels(name, found))
        values = [_value(text, query, name, label, found) for label in labels]
        kept = sorted((v for v in values if v.count or v.chosen), key=lambda v: (not v.chosen, -v.count, v.label))
        if kept:
            facets.append(Facet(name, tuple(kept[:_MOST_VALUES])))
    return tuple(facets)


def _labels(name: str, found: Matches) -> Iterable[str]:
    if name == "project":
        return Project.objects.order_by("name").values_list("name", flat=True)
    return (facet_name(token)[1] for token in found.values(name))


def _told_by(best: Sequence[int]) -> dict[str, list[str]]:
    """The exceptions of entries that are errors, and the files of all their sessions, as they are written there."""
    rows = list(SearchEntry.objects.filter(pk__in=best).values_list("kind", "object_id", "session_id"))
    errors = [number for kind, number, _ in rows if kind == EntryKind.ERROR]
    exceptions = Error.objects.filter(pk__in=errors).exclude(exception="").values_list("exception", flat=True)
    sessions = {session for *_, session in rows}
    paths = FileChange.objects.filter(session__in=sessions).values_list("path", flat=True)[:_FILES_LOOKED_AT]
    return {
        "exception": _commonest(name.rsplit(".", 1)[-1] for name in exceptions),
        "file": _commonest(path.rstrip("/").rsplit("/", 1)[-1] for path in paths),
    }


def _commonest(labels: Iterable[str]) -> list[str]:
    return [label for label, _ in Counter(labels).most_common(2 * _MOST_VALUES)]


def _value(text: str, query: Query, name: str, label: str, found: Matches) -> FacetValue:
    token = facet_token(name, label)
    part = next((part for part in query.parts if part.is_filter and part.token == token), None)
    typed = f'{name}:"{label}"' if " " in label else f"{name}:{label}"
    toggled = query.without(part) if part else f"{text.strip()} {typed}".strip()
    return FacetValue(label, _shown(name, label), found.count(token), token in query.facets, toggled)


def _shown(name: str, label: str) -> str:
    """A value as other pages say it: "P0" for p:0, "next step" for type:step, "in progress" for status:in_progress."""
    match name:
        case "p":
            return f"P{label}"
        case "type":
            return _KINDS.get(label, label)
        case "status":
            return label.replace("_", " ")
    return label
