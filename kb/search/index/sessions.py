"""Updates the index with the records: the entries of sessions are replaced together, in the same transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Prefetch

from kb.models import EntryKind, SearchEntry
from kb.search.index.analysis import index_tokens
from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token, size_tokens
from kb.search.index.postings import Posting
from kb.search.index.writing import remove_entries, write_segment
from sessions.models import (
    Command,
    Commit,
    Decision,
    Error,
    FileChange,
    Fix,
    Learning,
    NextStep,
    Record,
    SessionLog,
)

_MAX_TITLE = 1000
_MAX_BODY = 4000
_MAX_FILES = 200


class Findable(NamedTuple):
    """A record as the index needs it. `facets` are those of its own, besides its session's."""

    session: int
    kind: EntryKind
    object_id: int
    line: int
    title: str
    body: str
    facets: Sequence[str] = ()


def index_session(session: SessionLog) -> int:
    """Replaces a session's entries, in the caller's transaction. Returns how many there are.

    An entry keeps its id as long as its record exists.
    """
    return index_sessions([session])


def index_sessions(sessions: Sequence[SessionLog]) -> int:
    """Replaces the entries of sessions, in the caller's transaction, and writes one segment for all of them.

    Returns how many entries there are. The number of queries does not depend on that of the sessions.
    """
    if not sessions:
        return 0
    _lock(sessions)
    records = _findable_records(sessions)
    entries = _sync_entries(sessions, records)
    common = {session.pk: _common_facets(session) for session in sessions}
    for session, facets in _file_facets(sessions):
        common[session].append(facets)
    postings: defaultdict[str, Posting] = defaultdict(Posting)
    for entry, record in zip(entries, records, strict=True):
        add_entry(postings, entry, [*common[record.session], *record.facets])
    write_segment(postings)
    return len(entries)


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
    for session, kind, object_id, line, title, body, _ in records:
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
    for token in (*body, kind, *facets, *size_tokens(len(title), len(body))):
        postings[token].entries.add(entry.id)
    for token in title:
        postings[token].entries.add(entry.id)
        postings[token].titles.add(entry.id)


def _findable_records(sessions: Sequence[SessionLog]) -> list[Findable]:
    """Returns what can be found of sessions: session by session, each with its records kind by kind."""
    found: dict[int, list[Findable]] = {session.pk: [_of_session(session)] for session in sessions}
    for records in (
        _errors(sessions),
        *(map(of, model._default_manager.filter(session__in=sessions)) for model, of in _KINDS),
    ):
        for record in records:
            found[record.session].append(record)
    return [record for of_session in found.values() for record in of_session]


def _of_session(session: SessionLog) -> Findable:
    status = [facet_token("status", session.status)] if session.status else []
    summary = f"{session.summary}\n{session.type}"
    return Findable(session.pk, EntryKind.SESSION, session.pk, session.first_line, session.title, summary, status)


def _of_fix(fix: Fix) -> Findable:
    return Findable(fix.session_id, EntryKind.FIX, fix.pk, fix.line, fix.title, fix.detail)


def _of_command(command: Command) -> Findable:
    facets = [facet_token("lang", command.language)] if command.language else []
    about = (command.pk, command.line, command.text, command.purpose)
    return Findable(command.session_id, EntryKind.COMMAND, *about, facets)


def _of_step(step: NextStep) -> Findable:
    facets = _step_facets(step)
    return Findable(step.session_id, EntryKind.NEXT_STEP, step.pk, step.line, step.text, step.detail, facets)


def _of_file(file: FileChange) -> Findable:
    return Findable(file.session_id, EntryKind.FILE, file.pk, file.line, file.path, file.description)


def _of_learning(learning: Learning) -> Findable:
    title = learning.text.split("\n")[0]
    return Findable(learning.session_id, EntryKind.LEARNING, learning.pk, learning.line, title, learning.text)


def _of_decision(decision: Decision) -> Findable:
    title, body = decision.text.split("\n")[0], f"{decision.text}\n{decision.rationale}"
    return Findable(decision.session_id, EntryKind.DECISION, decision.pk, decision.line, title, body)


def _of_commit(commit: Commit) -> Findable:
    title = f"{commit.hash} {commit.message}".strip()
    return Findable(commit.session_id, EntryKind.COMMIT, commit.pk, commit.line, title, "")


# The kinds of records that need nothing but themselves, in the order in which they are indexed; errors come first.
_KINDS: tuple[tuple[type[Record], Callable[[Any], Findable]], ...] = (
    (Fix, _of_fix),
    (Command, _of_command),
    (NextStep, _of_step),
    (FileChange, _of_file),
    (Learning, _of_learning),
    (Decision, _of_decision),
    (Commit, _of_commit),
)


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


def _errors(sessions: Collection[SessionLog]) -> Iterator[Findable]:
    fixes = Prefetch("fixes", Fix.objects.order_by("attempts__position"))
    for error in Error.objects.filter(session__in=sessions, in_log=True).prefetch_related(fixes):
        tried = list(error.fixes.all())
        exception = "" if error.exception in f"{error.title} {error.message}" else error.exception
        texts = [exception, error.message, error.root_cause, *(fix.title for fix in tried)]
        body = "\n".join(text for text in dict.fromkeys(texts) if text)
        about = (EntryKind.ERROR, error.pk, error.line, error.title, body)
        yield Findable(error.session_id, *about, _error_facets(error, tried))


def _error_facets(error: Error, tried: list[Fix]) -> list[str]:
    facets = [facet_token("status", error.status)]
    if error.status in (Error.Status.OPEN, Error.Status.PARTIAL):
        facets.append(facet_token("is", "open"))
    if tried:
        facets.append(facet_token("has", "fix"))
    if any(fix.outcome == Fix.Outcome.WORKED for fix in tried):
        facets.append(facet_token("has", "workingfix"))
    if error.root_cause:
        facets.append(facet_token("has", "cause"))
    if error.exception:
        names = {error.exception, error.exception.rsplit(".", 1)[-1]}
        facets += [facet_token("exception", name) for name in sorted(names)]
    return facets


def _step_facets(step: NextStep) -> list[str]:
    facets = [facet_token("is", "done" if step.done else "open")]
    if step.priority:
        facets.append(facet_token("p", step.priority[1:]))
    if step.blocker:
        facets.append(facet_token("is", "blocker"))
    return facets


def _storable(text: str) -> str:
    """Replaces NUL characters, which PostgreSQL does not accept."""
    return text.replace("\x00", "\ufffd")
