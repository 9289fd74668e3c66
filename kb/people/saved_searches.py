"""Saved searches: how many records they find that were not there when somebody last looked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from kb.models import SavedSearch, SearchEntry
from kb.search.results.find import matches

_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A saved search as the home page shows it."""

    saved: SavedSearch
    new: int
    total: int


def save_search(owner: User, name: str, query: str) -> SavedSearch:
    """Saves a query under a name; the same name again replaces what it stood for."""
    saved, _ = SavedSearch.objects.update_or_create(
        owner=owner, name=name, defaults={"query": query, "seen": _latest(), "looked_at": timezone.now()}
    )
    return saved


def look_at(saved: SavedSearch) -> None:
    """From now on, only what comes later is new."""
    saved.seen, saved.looked_at = _latest(), timezone.now()
    saved.save(update_fields=["seen", "looked_at"])


def saved_rows(owner: User, today: dt.date) -> list[SavedRow]:
    return [_row(saved, today) for saved in SavedSearch.objects.filter(owner=owner)]


def _row(saved: SavedSearch, today: dt.date) -> SavedRow:
    found = matches(saved.query, today)
    newest = list(found.ids())[-_MOST_COUNTED:]
    rows = SearchEntry.objects.filter(pk__in=newest).values_list("kind", "object_id")
    new = sum(1 for kind, number in rows if number > saved.seen.get(str(kind), 0))
    return SavedRow(saved, new, found.total)


def _latest() -> dict[str, int]:
    rows = SearchEntry.objects.values("kind").annotate(latest=Max("object_id")).values_list("kind", "latest")
    return {str(kind): latest for kind, latest in rows}
