"""Updates the index with the records: the entries of sessions are replaced together, in the same transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import transaction

from kb.conf.meaning import encoder
from kb.models import EntryKind, SearchEntry
from kb.search.index.analysis import index_tokens
from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token, size_tokens
from kb.search.index.findables import Findable, findables
from kb.search.index.postings import Posting
from kb.search.index.texts import SessionTexts, stored_texts, vectors_within
from kb.search.index.writing import remove_entries, write_segment
from sessions.meaning.codes import Codes
from sessions.models import FileChange, SessionLog

_MAX_TITLE = 1000
_MAX_BODY = 4000
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
    records = findables(sessions, said)
    entries = _sync_entries(sessions, records)
    common = {session.pk: _common_facets(session) for session in sessions}
    for session, facets in _file_facets(sessions):
        common[session].append(facets)
    postings: defaultdict[str, Posting] = defaultdict(Posting)
    for entry, record in zip(entries, records, strict=True):
        add_entry(postings, entry, [*common[record.session], *record.facets])
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
    entries: Sequence[SearchEntry],
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
        entry.pk: vectors[record.session][record.meant]
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


def _sync_entries(sessions: Collection[SessionLog], records: Sequence[Findable]) -> list[SearchEntry]:
    """Updates, adds and deletes entries to match the records. Returns the entries in the order of the records.

    What a segment says of the former entries is removed from it.
    """
    known = list(SearchEntry.objects.filter(session__in=sessions))
    remove_entries(row.pk for row in known)
    former = {(row.session_id, row.kind, row.object_id): row for row in known}
    rows, changed = [], []
    for session, kind, object_id, line, title, body, *_ in records:
        row = former.pop((session, kind, object_id), None)
        row = row or SearchEntry(kind=kind, object_id=object_id, session_id=session)
        values = (line, _storable(title)[:_MAX_TITLE], _storable(body)[:_MAX_BODY])
        if row.pk and values != (row.line, row.title, row.body):
            changed.append(row)
        row.line, row.title, row.body = values
        rows.append(row)
    if former:
        SearchEntry.objects.filter(pk__in=[row.pk for row in former.values()]).delete()
    SearchEntry.objects.bulk_update(changed, ["line", "title", "body"], batch_size=100)
    SearchEntry.objects.bulk_create([row for row in rows if not row.pk], batch_size=500)
    return rows


def add_entry(postings: defaultdict[str, Posting], entry: SearchEntry, facets: list[str]) -> None:
    """Adds an entry to the postings of its tokens: those of its title and body, its kind, its length and its facets."""
    title, body = index_tokens(entry.title), index_tokens(entry.body)
    kind = facet_token("type", EntryKind(entry.kind).filter_value)
    if entry.kind == EntryKind.PASSAGE:  # it is all text: no word of it is a title
        title, body = [], [*title, *body]
    for token in (*body, kind, *facets, *size_tokens(len(title), len(body))):
        postings[token].entries.add(entry.id)
    for token in title:
        postings[token].entries.add(entry.id)
        postings[token].titles.add(entry.id)


def _common_facets(session: SessionLog) -> list[str]:
    """Returns the facets of all that a session says, except for its files."""
    return [EVERYTHING, facet_token("project", session.project.name), *day_tokens(session.date)]


def _file_facets(sessions: Collection[SessionLog]) -> Iterator[tuple[int, str]]:
    """Yields the facets of the files that sessions changed, by whole path and by name, with their session."""
    turns: Counter[int] = Counter()
    for session, path in FileChange.objects.filter(session__in=sessions).values_list("session", "path"):
        turns[session] += 1
        if turns[session] <= _MAX_FILES:
            whole = path.rstrip("/")
            for name in dict.fromkeys((whole, whole.rsplit("/", 1)[-1])):
                yield session, facet_token("file", name)


def _storable(text: str) -> str:
    """Replaces NUL characters, which PostgreSQL does not accept."""
    return text.replace("\x00", "\ufffd")
