"""Brings the index in step with the records again: after an upgrade, after damage, or when somebody asks for it.

Sessions are indexed anew one by one, each in a short transaction that takes its old words away: search finds every
session once, as it was or as it is, and what others import meanwhile is theirs. A rebuild that was stopped is
finished by the next one, which looks for the sessions that are not in the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from pyroaring import BitMap64

from kb.models import SearchEntry, Segment
from kb.search.index.database import segments_held
from kb.search.index.merging import discard, live_parts, merge_segments
from kb.search.index.postings import INDEX_VERSION
from kb.search.index.sessions import index_session
from kb.search.index.writing import remove_entries
from sessions.models import SessionLog

_MERGED_EVERY = 10  # sessions
_AT_ONCE = 500  # ids in a query
_NOTHING_IS_PURGED = 1.0  # what a rebuild replaces is all gone in the end


def all_sessions() -> list[int]:
    """The sessions that are to be in the index."""
    return list(SessionLog.objects.filter(in_log=True).order_by("pk").values_list("pk", flat=True))


def missing_sessions() -> list[int]:
    """The sessions of which something is not in the index, or twice."""
    missing = set(SessionLog.objects.filter(in_log=True, search_entries=None).values_list("pk", flat=True))
    once, twice = living()
    if twice or len(once) != SearchEntry.objects.count():
        rows = SearchEntry.objects.filter(session__in_log=True).values_list("pk", "session").iterator()
        missing |= {session for entry, session in rows if entry not in once or entry in twice}
    return sorted(missing)


def living() -> tuple[BitMap64, BitMap64]:
    """The entries that the index holds, and those among them that it holds twice."""
    sets = [part.entries - part.removed for part in live_parts()]
    twice, once = BitMap64(), BitMap64()
    for one in sets:
        twice |= once & one
        once |= one
    return once, twice


def index_anew(sessions: Iterable[int], told: Callable[[int], object] = int) -> tuple[int, int]:
    """Indexes sessions one by one; `told` is called after each. How many there were, and their entries."""
    count = entries = 0
    for number in sessions:
        with transaction.atomic():
            session = SessionLog.objects.select_related("project").filter(pk=number, in_log=True).first()
            if session:  # it may have gone meanwhile
                entries += index_session(session)
                count += 1
        told(number)
        if count % _MERGED_EVERY == 0:
            merge_segments(_NOTHING_IS_PURGED)
    return count, entries


def drop_unreadable() -> bool:
    """Deletes segments that are damaged or of another version, once all they held is indexed anew; whether it was."""
    unreadable = Segment.objects.filter(state=Segment.State.DAMAGED) | Segment.objects.filter(
        state=Segment.State.LIVE
    ).exclude(version=INDEX_VERSION)
    keys = list(unreadable.values_list("pk", flat=True))
    return discard(keys) if keys else True


def drop_strays() -> int:
    """Removes entries from the index that no row belongs to; how many there were."""
    doubtful = strays()
    if not doubtful:
        return 0
    with segments_held(alone=True):
        found = without_row(living()[0] & doubtful)
        remove_entries(found)
    return len(found)


def strays() -> BitMap64:
    """Entries of the index that seem to have no row; they may be about to go."""
    held = living()[0]
    return held - BitMap64(SearchEntry.objects.values_list("pk", flat=True).iterator())


def without_row(entries: BitMap64) -> BitMap64:
    """Those of some entries that have no row."""
    ids, left = list(entries), entries.copy()
    for at in range(0, len(ids), _AT_ONCE):
        left -= BitMap64(SearchEntry.objects.filter(pk__in=ids[at : at + _AT_ONCE]).values_list("pk", flat=True))
    return left
