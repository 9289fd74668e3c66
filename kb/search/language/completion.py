"""Completion of filters: their names with what they mean, and the values that are there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kb.search.index import Reader, with_snapshot
from kb.search.index.facet_tokens import facet_name, facet_token
from kb.search.language.filters import FILTER_VALUES, FILTERS
from sessions.models import Project
from sessions.parsing.vocabulary import fold

_MOST = 12
_DATES = {"after": "first day: 2026-02-01, or 7d for seven days ago", "before": "first day left out: 2026-02-01, or 2w"}
_DAYS_AGO = ("1d", "7d", "2w", "1m", "3m", "1y")


def filter_names() -> dict[str, str]:
    """Every filter and what it means."""
    return {**FILTERS, **_DATES}


def values_of(name: str, begin: str) -> list[str]:
    """Values of a filter that begin with some letters, at most twelve; none for a name that is no filter."""
    if name in _DATES:
        return [value for value in _DAYS_AGO if value.startswith(begin)]
    if name not in FILTERS:
        return []
    if name in FILTER_VALUES:
        return [value for value in FILTER_VALUES[name] if value.startswith(begin.lower())]
    if name == "project":
        return list(
            Project.objects.filter(name__istartswith=begin).order_by("name").values_list("name", flat=True)[:_MOST]
        )
    letters = facet_token(name, begin)
    return with_snapshot(lambda index: _held(letters, index.readers)) if fold(begin) or not begin else []


def _held(letters: str, readers: Sequence[Reader]) -> list[str]:
    """The values of the shortest tokens that begin with these letters and that an entry holds."""
    tokens = sorted({token for reader in readers for token in reader.tokens(letters)}, key=lambda t: (len(t), t))
    held = (token for token in tokens if any(reader.count(reader.entries(token)) for reader in readers))
    return [facet_name(token)[1] for token in islice(held, _MOST)]
