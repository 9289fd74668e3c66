"""Updates the index with the records: the entries of sessions are replaced together, in the same transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from django.db import transaction

from kb.conf.meaning import encoder
from kb.models import EntryKind, SearchEntry
from kb.search.index.entry_tokens import EntryTokens, stored_body, stored_title
from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token
from kb.search.index.findables import Findable, findables
from kb.search.index.postings import NewPostings
from kb.search.index.texts import SessionTexts, stored_texts, vectors_within
from kb.search.index.writing import remove_entries, write_segment
from sessions.meaning.codes import Codes
from sessions.models import FileChange, SessionLog
from sessions.storing.bulk import insert_rows

_COLUMNS = ("kind", "object_id", "session_id", "line", "title", "body")
_MAX_FILES = 200


def index_session(session: SessionLog, texts: SessionTexts | None = None) -> int:
    """Replaces a session's entries, in the caller's transaction. Returns how many there are."""
    return index_sessions([session], {session.pk: texts} if texts else {})


def index_sessions(sessions: Sequence[SessionLog], texts: Mapping[int, SessionTexts] | None = None) -> int:
    """Replaces the entries of sessions, in the caller's transaction, and writes one segment for all of them.

    An entry keeps its id as long as its record exists. Returns how many there are. The number of queries does not
    depend on that of the sessions.

    texts  those that reading made, by the key of their session; the others are made here
    """
    if not sessions:
        return 0
    _lock(sessions)
    said = _all_texts(sessions, texts or {})
    told = findables(sessions, said)
    records = [record for record, _tokens in told]
    entries = _sync_entries(sessions, records)
    postings = NewPostings()
    entries_of: defaultdict[int, list[int]] = defaultdict(list)
    for entry, (record, tokens) in zip(entries, told, strict=True):
        add_entry(postings, entry, record.kind, tokens, record.facets)
        entries_of[record.session].append(entry)
    for session, facets in _common_facets(sessions).items():
        postings.add_all(entries_of[session], facets)
    write_segment(postings, _vectors(sessions, said, entries, records))
    return len(entries)


def _all_texts(sessions: Sequence[SessionLog], known: Mapping[int, SessionTexts]) -> dict[int, SessionTexts]:
    missing = {session.pk: session for session in sessions if session.pk not in known}
    made = {}
    if missing:
        for key, text in SessionLog.objects.filter(pk__in=missing).order_by().values_list("pk", "log__text"):
            made[key] = stored_texts(text, missing[key].first_line, missing[key].last_line)
    return {**known, **made}


def _vectors(
    sessions: Sequence[SessionLog],
    texts: Mapping[int, SessionTexts],
    entries: Sequence[int],
    records: Sequence[Findable],
) -> dict[int, Codes]:
    """Returns the vectors of entries. Those of texts that were not read with the log are made now."""
    missing: defaultdict[int, list[str]] = defaultdict(list)
    for record in records:
        if record.meant not in texts[record.session].vectors:
            missing[record.session].append(record.meant)
    vectors = {
        session.pk: {**texts[session.pk].vectors, **vectors_within(session.title, missing[session.pk], encoder())}
        for session in sessions
    }
    return {
        entry: vectors[record.session][record.meant]
        for entry, record in zip(entries, records, strict=True)
        if record.meant in vectors[record.session]
    }


def remove_session(session: SessionLog) -> None:
    """Removes a session's entries, in the caller's transaction."""
    _lock([session])
    if ids := list(SearchEntry.objects.filter(session=session).values_list("id", flat=True)):
        remove_entries(ids)
        SearchEntry.objects.filter(pk__in=ids).delete()


def forget_session(sender: type[SessionLog], instance: SessionLog, **_signal: object) -> None:
    """Removes the entries of a session that is about to be deleted."""
    with transaction.atomic():
        remove_session(instance)


def _lock(sessions: Collection[SessionLog]) -> None:
    """Keeps other processes from indexing the same sessions until the transaction ends."""
    numbers = [session.pk for session in sessions]
    list(SessionLog.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))


def _sync_entries(sessions: Collection[SessionLog], records: Sequence[Findable]) -> list[int]:
    """Updates, adds and deletes entries to match the records. Returns their ids in the order of the records.

    What a segment says of the former entries is removed from it.
    """
    known = list(SearchEntry.objects.filter(session__in=sessions))
    remove_entries(row.pk for row in known)
    former = {(row.session_id, row.kind, row.object_id): row for row in known}
    new, changed = [], []
    ids: dict[tuple[int, int], int] = {}
    for session, kind, object_id, line, title, body, *_ in records:
        values = (line, stored_title(title), stored_body(body))
        row = former.pop((session, kind, object_id), None)
        if row is None:
            new.append((kind, object_id, session, *values))
            continue
        ids[kind, object_id] = row.pk
        if values != (row.line, row.title, row.body):
            row.line, row.title, row.body = values
            changed.append(row)
    if former:
        SearchEntry.objects.filter(pk__in=[row.pk for row in former.values()]).delete()
    SearchEntry.objects.bulk_update(changed, ["line", "title", "body"], batch_size=100)
    for (kind, object_id, *_), key in zip(new, insert_rows(SearchEntry, _COLUMNS, new), strict=True):
        ids[kind, object_id] = key
    return [ids[record.kind, record.object_id] for record in records]


def add_entry(postings: NewPostings, entry: int, kind: int, tokens: EntryTokens, facets: Collection[str] = ()) -> None:
    """Adds an entry to the postings of its words, its kind, its length and its facets."""
    postings.add(entry, (*tokens.words, _kind_token(kind), *tokens.sizes, *facets), tokens.titles)


@cache
def _kind_token(kind: int) -> str:
    return facet_token("type", EntryKind(kind).filter_value)


def _common_facets(sessions: Collection[SessionLog]) -> dict[int, list[str]]:
    """Returns the facets of all that each session says."""
    common = {s.pk: [EVERYTHING, facet_token("project", s.project.name), *day_tokens(s.date)] for s in sessions}
    for session, facet in _file_facets(sessions):
        common[session].append(facet)
    return {session: list(dict.fromkeys(facets)) for session, facets in common.items()}


def _file_facets(sessions: Collection[SessionLog]) -> Iterator[tuple[int, str]]:
    """Yields the facets of the files that sessions changed, by whole path and by name, with their session."""
    turns: Counter[int] = Counter()
    for session, path in FileChange.objects.filter(session__in=sessions).values_list("session", "path"):
        turns[session] += 1
        if turns[session] <= _MAX_FILES:
            whole = path.rstrip("/")
            for name in dict.fromkeys((whole, whole.rsplit("/", 1)[-1])):
                yield session, facet_token("file", name)
