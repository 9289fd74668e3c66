"""Completes filters: their names, and the values that exist."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kb.search.index import Reader, with_snapshot
from kb.search.index.facet_tokens import facet_name, facet_token
from kb.search.language.filters import DATE_FILTERS, FILTER_VALUES, FILTERS
from sessions.models import Project
from sessions.parsing.vocabulary import fold

_MAX_VALUES = 12
_DAYS_AGO = ("1d", "7d", "2w", "1m", "3m", "1y")


def filter_names() -> dict[str, str]:
    """Returns the names of all filters, each with its meaning."""
    return {**FILTERS, **DATE_FILTERS}


def filter_values(name: str, prefix: str) -> list[str]:
    """Returns up to twelve values of a filter that start with a prefix, or none if there is no such filter."""
    if name in DATE_FILTERS:
        return [value for value in _DAYS_AGO if value.startswith(prefix)]
    if name not in FILTERS:
        return []
    if name in FILTER_VALUES:
        return [value for value in FILTER_VALUES[name] if value.startswith(prefix.lower())]
    if name == "project":
        projects = Project.objects.filter(name__istartswith=prefix).order_by("name")
        return list(projects.values_list("name", flat=True)[:_MAX_VALUES])
    if prefix and not fold(prefix):
        return []
    return with_snapshot(lambda index: _indexed_values(facet_token(name, prefix), index.readers))


def _indexed_values(prefix: str, readers: Sequence[Reader]) -> list[str]:
    """Returns the values of the shortest facet tokens that start with a prefix and belong to an entry."""
    tokens = sorted({token for reader in readers for token in reader.tokens(prefix)}, key=lambda t: (len(t), t))
    used = (token for token in tokens if any(reader.count(reader.entries(token)) for reader in readers))
    return [facet_name(token)[1] for token in islice(used, _MAX_VALUES)]
