"""Saved searches, and how many of their matches are new since they were last opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from kb.models import SavedSearch, SearchEntry
from kb.search.results.find import find_matches

_MAX_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A saved search as the home page shows it."""

    saved: SavedSearch
    new: int
    total: int


def save_search(owner: User, name: str, query: str) -> SavedSearch:
    """Saves a query under a name, replacing the query that had this name."""
    saved, _ = SavedSearch.objects.update_or_create(
        owner=owner, name=name, defaults={"query": query, "seen": _latest(), "looked_at": timezone.now()}
    )
    return saved


def saved_search(owner: User, pk: int | None) -> SavedSearch | None:
    """Returns a saved search of this person, or None if there is none."""
    return SavedSearch.objects.filter(pk=pk, owner=owner).first() if pk else None


def mark_seen(saved: SavedSearch) -> None:
    """Only counts what is imported from now on as new."""
    saved.seen, saved.looked_at = _latest(), timezone.now()
    saved.save(update_fields=["seen", "looked_at"])


def saved_rows(owner: User, today: dt.date) -> list[SavedRow]:
    return [_row(saved, today) for saved in SavedSearch.objects.filter(owner=owner)]


def _row(saved: SavedSearch, today: dt.date) -> SavedRow:
    matches = find_matches(saved.query, today)
    newest = list(matches.ids())[-_MAX_COUNTED:]
    rows = SearchEntry.objects.filter(pk__in=newest).values_list("kind", "object_id")
    new = sum(1 for kind, object_id in rows if object_id > saved.seen.get(str(kind), 0))
    return SavedRow(saved, new, matches.total)


def _latest() -> dict[str, int]:
    """Returns the highest primary key of a record of each kind."""
    rows = SearchEntry.objects.values("kind").annotate(latest=Max("object_id")).values_list("kind", "latest")
    return {str(kind): latest for kind, latest in rows}
