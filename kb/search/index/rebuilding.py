"""Rebuilds the index from the records: after an upgrade, after damage, or on request.

Sessions are reindexed one by one, each in a short transaction that replaces its old words: search finds every session
once, old or new, and imports continue meanwhile. If a rebuild is stopped, the next one finishes it, since it looks
for sessions that are not in the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from pyroaring import BitMap64

from kb.models import SearchEntry, Segment
from kb.search.index.database import lock_segments
from kb.search.index.merging import delete_segments, live_parts, merge_segments
from kb.search.index.postings import INDEX_VERSION
from kb.search.index.sessions import index_session
from kb.search.index.writing import remove_entries
from sessions.models import SessionLog

_SESSIONS_A_MERGE = 10
_IDS_A_QUERY = 500
_KEEP_REMOVED = 1.0  # do not rewrite segments that the rebuild replaces as a whole in the end


def all_sessions() -> list[int]:
    """Returns the sessions that belong in the index."""
    return list(SessionLog.objects.filter(in_log=True).order_by("pk").values_list("pk", flat=True))


def missing_sessions() -> list[int]:
    """Returns the sessions with an entry that is not in the index, or there twice."""
    missing = set(SessionLog.objects.filter(in_log=True, search_entries=None).values_list("pk", flat=True))
    entries, duplicates = live_entries()
    if duplicates or len(entries) != SearchEntry.objects.count():
        rows = SearchEntry.objects.filter(session__in_log=True).values_list("pk", "session").iterator()
        missing |= {session for entry, session in rows if entry not in entries or entry in duplicates}
    return sorted(missing)


def live_entries() -> tuple[BitMap64, BitMap64]:
    """Returns the entries in the index, and those that are there twice."""
    entries, duplicates = BitMap64(), BitMap64()
    for part in live_parts():
        present = part.entries - part.removed
        duplicates |= entries & present
        entries |= present
    return entries, duplicates


def reindex_sessions(sessions: Iterable[int], after_each: Callable[[int], object] = int) -> tuple[int, int]:
    """Reindexes sessions one by one. Returns how many there were, and how many entries they have."""
    count = entries = 0
    for number in sessions:
        with transaction.atomic():
            session = SessionLog.objects.select_related("project", "log").filter(pk=number, in_log=True).first()
            if session:  # it may have been deleted in the meantime
                entries += index_session(session)
                count += 1
        after_each(number)
        if count % _SESSIONS_A_MERGE == 0:
            merge_segments(_KEEP_REMOVED)
    return count, entries


def delete_unreadable_segments() -> bool:
    """Deletes damaged and outdated segments once their sessions are reindexed. Returns False if a merge prevents it."""
    unreadable = Segment.objects.filter(state=Segment.State.DAMAGED) | Segment.objects.filter(
        state=Segment.State.LIVE
    ).exclude(version=INDEX_VERSION)
    keys = list(unreadable.values_list("pk", flat=True))
    return delete_segments(keys) if keys else True


def remove_orphans() -> int:
    """Removes entries without a row from the index. Returns how many there were."""
    candidates = orphaned_entries()
    if not candidates:
        return 0
    with lock_segments(exclusive=True):
        orphans = without_row(live_entries()[0] & candidates)
        remove_entries(orphans)
    return len(orphans)


def orphaned_entries() -> BitMap64:
    """Returns entries of the index that seem to have no row; an import may be about to remove them."""
    return live_entries()[0] - BitMap64(SearchEntry.objects.values_list("pk", flat=True).iterator())


def without_row(entries: BitMap64) -> BitMap64:
    """Returns those entries that have no row."""
    ids, orphans = list(entries), entries.copy()
    for at in range(0, len(ids), _IDS_A_QUERY):
        orphans -= BitMap64(SearchEntry.objects.filter(pk__in=ids[at : at + _IDS_A_QUERY]).values_list("pk", flat=True))
    return orphans
