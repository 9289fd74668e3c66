"""A small index with rows, made without reading logs: each test says which entries it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kb.models import EntryKind, SearchEntry
from kb.search.index import Reader
from kb.search.index.entry_tokens import passage_tokens, record_tokens
from kb.search.index.facet_tokens import EVERYTHING, day_tokens
from kb.search.index.postings import NewPostings
from kb.search.index.reading import snapshot
from kb.search.index.sessions import add_entry
from kb.search.index.writing import write_segment
from sessions.models import Log, Project, SessionLog


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be indexed. Drafts with the same session name are of one session."""

    title: str
    body: str = ""
    kind: EntryKind = EntryKind.ERROR
    facets: tuple[str, ...] = ()
    day: dt.date | None = None
    session: str = ""


Build = Callable[..., list[Reader]]


@pytest.fixture
def build_index(db: None) -> Build:
    """Writes entries with the ids 1, 2, … in segments of a few: build_index(Draft("…"), …, a_segment=3)."""
    return _build


def _build(*drafts: Draft, a_segment: int = 3) -> list[Reader]:
    project = Project.objects.create(name="harbor")
    sessions: dict[str, SessionLog] = {}
    for start in range(0, len(drafts), a_segment):
        postings = NewPostings()
        for number, draft in enumerate(drafts[start : start + a_segment], start + 1):
            name = draft.session or f"session {number}"
            session = sessions.get(name) or _session(project, name, draft.day)
            sessions[name] = session
            SearchEntry.objects.create(
                id=number,
                kind=draft.kind,
                object_id=number,
                session=session,
                line=1,
                title=draft.title,
                body=draft.body,
            )
            tokens_of = passage_tokens if draft.kind == EntryKind.PASSAGE else record_tokens
            tokens, facets = tokens_of(draft.title, draft.body), [EVERYTHING, *day_tokens(draft.day), *draft.facets]
            add_entry(postings, number, draft.kind, tokens, facets)
        write_segment(postings)
    return snapshot().readers


def _session(project: Project, name: str, day: dt.date | None) -> SessionLog:
    log = Log.objects.create(sha256=name.ljust(64, "."), size=0, text="")
    return SessionLog.objects.create(
        log=log, project=project, key=name, position=0, title=name, date=day, first_line=1, last_line=1
    )
