"""Updates the index with the records: a session's entries are replaced together, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import Prefetch
from numpy.typing import NDArray

from kb.conf.meaning import encoder
from kb.models import EntryKind, SearchEntry
from kb.search.index.analysis import index_tokens
from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token, size_tokens
from kb.search.index.postings import Posting
from kb.search.index.texts import SessionTexts, meant_of, stored_texts, vectors_within
from kb.search.index.writing import remove_entries, write_segment
from sessions.meaning.passages import Passage
from sessions.models import Error, Fix, NextStep, SessionLog

_MAX_TITLE = 1000
_MAX_BODY = 4000
_MAX_FILES = 200
_MEANT = (
    *(EntryKind.SESSION, EntryKind.ERROR, EntryKind.FIX, EntryKind.NEXT_STEP),
    *(EntryKind.LEARNING, EntryKind.DECISION, EntryKind.PASSAGE),
)
_PASSAGES_A_SESSION = 2**20  # of which the id of a passage is made, besides its session's


class Findable(NamedTuple):
    """A record or a passage as the index needs it. `facets` are those of its own, besides its session's."""

    kind: EntryKind
    object_id: int
    line: int
    title: str
    body: str
    facets: Sequence[str] = ()
    is_code: bool = False

    @property
    def meant(self) -> str:
        """The text that its vector is made of."""
        return meant_of(self.title) if self.kind in _MEANT and not self.is_code else ""


def index_session(session: SessionLog, texts: SessionTexts | None = None) -> int:
    """Replaces a session's entries, in the caller's transaction. Returns how many there are.

    An entry keeps its id as long as its record exists. Without `texts`, which reading made, they are made here.
    """
    _lock(session)
    remove_entries(_entry_ids(session))
    texts = texts or stored_texts(session.log.text, session.first_line, session.last_line)
    records = list(_findable_records(session))
    records += _findable_passages(session, texts.passages, records)
    entries = _sync_entries(session, records)
    common = [EVERYTHING, facet_token("project", session.project.name), *day_tokens(session.date), *_files(session)]
    postings: defaultdict[str, Posting] = defaultdict(Posting)
    for entry, record in zip(entries, records, strict=True):
        add_entry(postings, entry, [*common, *record.facets])
    write_segment(postings, _vectors(session, texts, entries, records))
    return len(entries)


def _vectors(
    session: SessionLog, texts: SessionTexts, entries: Sequence[SearchEntry], records: Sequence[Findable]
) -> dict[int, NDArray[np.int8]]:
    missing = [record.meant for record in records if record.meant not in texts.vectors]
    vectors = {**texts.vectors, **vectors_within(session.title, missing, encoder())}
    return {
        entry.pk: vectors[record.meant]
        for entry, record in zip(entries, records, strict=True)
        if record.meant in vectors
    }


def remove_session(session: SessionLog) -> None:
    """Removes a session's entries, in the caller's transaction."""
    _lock(session)
    if ids := _entry_ids(session):
        remove_entries(ids)
        SearchEntry.objects.filter(pk__in=ids).delete()


def forget_session(sender: type[SessionLog], instance: SessionLog, **_signal: object) -> None:
    """Removes the entries of a session that is about to be deleted."""
    with transaction.atomic():
        remove_session(instance)


def _lock(session: SessionLog) -> None:
    """Keeps other processes from indexing the same session until the transaction ends."""
    SessionLog.objects.select_for_update().filter(pk=session.pk).order_by().values_list("pk").first()


def _entry_ids(session: SessionLog) -> list[int]:
    return list(SearchEntry.objects.filter(session=session).values_list("id", flat=True))


def _sync_entries(session: SessionLog, records: Sequence[Findable]) -> list[SearchEntry]:
    """Updates, adds and deletes entries to match the records. Returns the entries in the order of the records."""
    former = {(row.kind, row.object_id): row for row in SearchEntry.objects.filter(session=session)}
    rows, changed = [], []
    for kind, object_id, line, title, body, *_ in records:
        row = former.pop((kind, object_id), None) or SearchEntry(kind=kind, object_id=object_id, session=session)
        values = (line, _storable(title)[:_MAX_TITLE], _storable(body)[:_MAX_BODY])
        if row.pk and values != (row.line, row.title, row.body):
            changed.append(row)
        row.line, row.title, row.body = values
        rows.append(row)
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


def _findable_records(session: SessionLog) -> Iterator[Findable]:
    status = [facet_token("status", session.status)] if session.status else []
    summary = f"{session.summary}\n{session.type}"
    yield Findable(EntryKind.SESSION, session.pk, session.first_line, session.title, summary, status)
    yield from _errors(session)
    for fix in session.fix_set.all():
        yield Findable(EntryKind.FIX, fix.pk, fix.line, fix.title, fix.detail)
    for command in session.command_set.all():
        facets = [facet_token("lang", command.language)] if command.language else []
        yield Findable(EntryKind.COMMAND, command.pk, command.line, command.text, command.purpose, facets)
    for step in session.nextstep_set.all():
        yield Findable(EntryKind.NEXT_STEP, step.pk, step.line, step.text, step.detail, _step_facets(step))
    for file in session.filechange_set.all():
        yield Findable(EntryKind.FILE, file.pk, file.line, file.path, file.description)
    for learning in session.learning_set.all():
        yield Findable(EntryKind.LEARNING, learning.pk, learning.line, learning.text.split("\n")[0], learning.text)
    for decision in session.decision_set.all():
        body = f"{decision.text}\n{decision.rationale}"
        yield Findable(EntryKind.DECISION, decision.pk, decision.line, decision.text.split("\n")[0], body)
    for commit in session.commit_set.all():
        yield Findable(EntryKind.COMMIT, commit.pk, commit.line, f"{commit.hash} {commit.message}".strip(), "")


def _findable_passages(
    session: SessionLog, passages: Sequence[Passage], records: Sequence[Findable]
) -> Iterator[Findable]:
    """Yields the passages that say more than a record of the same line."""
    told: defaultdict[int, set[str]] = defaultdict(set)
    for record in records:
        told[record.line].update(index_tokens(f"{record.title}\n{record.body}"))
    for number, said in enumerate(passages[:_PASSAGES_A_SESSION]):
        if said.line not in told or _says_more(said, told[said.line]):
            key = session.pk * _PASSAGES_A_SESSION + number
            yield Findable(EntryKind.PASSAGE, key, said.line, said.text, said.source, is_code=said.is_code)


def _says_more(passage: Passage, told: set[str]) -> bool:
    tokens = index_tokens(f"{passage.text}\n{passage.source}")
    return any(token not in told and not token.isdigit() for token in tokens)


def _files(session: SessionLog) -> list[str]:
    """Returns the facets of the files a session changed, by whole path and by name."""
    paths = [path.rstrip("/") for path in session.filechange_set.values_list("path", flat=True)[:_MAX_FILES]]
    return [facet_token("file", name) for path in paths for name in dict.fromkeys((path, path.rsplit("/", 1)[-1]))]


def _errors(session: SessionLog) -> Iterator[Findable]:
    fixes = Prefetch("fixes", Fix.objects.order_by("attempts__position"))
    for error in session.error_set.filter(in_log=True).prefetch_related(fixes):
        tried = list(error.fixes.all())
        exception = "" if error.exception in f"{error.title} {error.message}" else error.exception
        texts = [exception, error.message, error.root_cause, *(fix.title for fix in tried)]
        body = "\n".join(text for text in dict.fromkeys(texts) if text)
        yield Findable(EntryKind.ERROR, error.pk, error.line, error.title, body, _error_facets(error, tried))


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
