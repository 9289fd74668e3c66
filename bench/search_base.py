"""A knowledge base of any size for timing search: invented sessions whose words follow Zipf's law, like real logs."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sessions.meaning.codes import Codes

RECORDS_A_SESSION = 23
LINES_A_SESSION = 90  # that became no record
SESSIONS_A_SET = 4  # imported together, about as MOST_COST allows
BATCH = 500  # sessions written in one transaction
WORDS = 150_000
_SYLLABLES = [c + v + e for c in "bcdfghklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s", "t", "l")]
_EXTENSIONS = ("py", "ts", "go", "rs", "sql", "yml")
_EXCEPTIONS = ("KeyError", "ValueError", "TimeoutError", "UndefinedColumn", "TypeError", "ConnectionRefusedError")
_NOISE = 1.2  # of length, beside a centre of length 1: cosines of about .64
_KINDS = (2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 8, 9)


class Words:
    """A vocabulary with Zipf's frequencies: the n-th word is about 1/n as common as the first."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < WORDS:
            words["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4)))] = None
        self.words = list(words)
        self._weights = list(accumulate(1 / (n + 10) for n in range(WORDS)))
        self.chance = chance

    def some(self, least: int, most: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self._weights, k=self.chance.randint(least, most))

    def text(self, least: int, most: int) -> str:
        """Returns words, some of the time with an identifier, a path or a hexadecimal id among them."""
        words = self.some(least, most)
        chance = self.chance.random()
        if chance < 0.2:
            words.insert(0, "_".join(self.some(2, 3)))
        elif chance < 0.35:
            words.append("/".join(self.some(2, 4)) + "." + self.chance.choice(_EXTENSIONS))
        elif chance < 0.5:
            words.append(f"{self.chance.getrandbits(32):08x}")
        return " ".join(words)


def fill(sessions: int, words: Words, verbose: bool = True) -> None:
    """Writes sessions with their entries, their vectors and their index, in segments as importing leaves them."""
    start = 0
    for count in segments_of(sessions):
        draft = Draft(int(count > SESSIONS_A_SET))
        for first in range(start, start + count, BATCH):
            _write(first, min(BATCH, start + count - first), words, draft)
        draft.write()
        start += count
        if verbose and count > SESSIONS_A_SET:
            print(f"  {start} sessions written", flush=True)


def segments_of(sessions: int) -> list[int]:
    """Returns how many sessions each segment has once so many were imported in sets, with merges as they come."""
    from kb.search.index.merging import MOST_SEGMENTS, to_merge

    sizes: list[int] = []
    for start in range(0, sessions, SESSIONS_A_SET):
        sizes.append(min(SESSIONS_A_SET, sessions - start))
        while len(sizes) > MOST_SEGMENTS:
            merged = to_merge(sizes)
            sizes = [size for at, size in enumerate(sizes) if at not in merged] + [sum(sizes[at] for at in merged)]
    return sizes


def write(sessions: int, words: Words, verbose: bool = True) -> None:
    """Writes sessions in segments of BATCH, without lines."""
    for start in range(0, sessions, BATCH):
        draft = Draft(1, lines=0)
        _write(start, min(BATCH, sessions - start), words, draft)
        draft.write()
        if verbose and start % (20 * BATCH) == 0:
            print(f"  {start} sessions written", flush=True)


def _write(start: int, count: int, words: Words, draft: Draft) -> None:
    from django.db import transaction

    from kb.models import SearchEntry
    from sessions.models import Error, Log, Project, SessionLog

    with transaction.atomic():
        projects = [Project.objects.get_or_create(name=f"project{number}")[0] for number in range(20)]
        logs = Log.objects.bulk_create(
            Log(sha256=f"{n:064x}", text="", encoding="utf-8", size=0) for n in range(start, start + count)
        )
        days = [dt.date(2023, 1, 1) + dt.timedelta(days=words.chance.randrange(1300)) for _ in logs]
        sessions = SessionLog.objects.bulk_create(
            SessionLog(
                log=log,
                project=projects[n % 20],
                key="s",
                position=0,
                date=day,
                title=words.text(3, 8),
                first_line=1,
                last_line=9,
            )
            for n, (log, day) in enumerate(zip(logs, days, strict=True))
        )
        errors = Error.objects.bulk_create(
            Error(
                session=one,
                key=f"e{n}",
                position=n,
                line=1,
                first_line=1,
                last_line=1,
                title="",
                exception=words.chance.choice(_EXCEPTIONS),
            )
            for one in sessions
            for n in range(3)
        )
        rows = _entries(sessions, iter(errors), words, draft.lines)
        entries = SearchEntry.objects.bulk_create(rows, batch_size=2000)
        draft.add(entries, {one.pk: one for one in sessions}, words)


def _entries(sessions: Sequence, errors: Iterator, words: Words, lines: int) -> Iterator:  # type: ignore[type-arg]
    from kb.models import EntryKind, SearchEntry

    for one in sessions:
        yield SearchEntry(kind=EntryKind.SESSION, object_id=one.pk, session=one, line=1, title=one.title, body="")
        for number, kind in enumerate(_KINDS):
            key = next(errors).pk if kind == EntryKind.ERROR else one.pk * 100 + number
            yield SearchEntry(
                kind=kind, object_id=key, session=one, line=1, title=words.text(3, 9), body=words.text(5, 30)
            )
        for number in range(lines):
            key = one.pk * 2**20 + number
            yield SearchEntry(kind=EntryKind.PASSAGE, object_id=key, session=one, line=number, title=words.text(4, 20))


class Draft:
    """A segment that is being made of the entries of many sessions. `lines`: passages of a session."""

    def __init__(self, level: int, lines: int = LINES_A_SESSION) -> None:
        from kb.search.index.postings import NewPostings

        self._level, self.lines = level, lines
        self._postings = NewPostings()
        self._ids: list[int] = []
        self._vectors: list[Codes] = []

    def add(self, entries: Sequence, sessions: dict, words: Words) -> None:  # type: ignore[type-arg]
        from kb.models import EntryKind
        from kb.search.index.entry_tokens import passage_tokens, record_tokens
        from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token
        from kb.search.index.sessions import add_entry

        for entry in entries:
            session = sessions[entry.session_id]
            facets = [EVERYTHING, facet_token("project", session.project.name), *day_tokens(session.date)]
            tokens = (passage_tokens if entry.kind == EntryKind.PASSAGE else record_tokens)(entry.title, entry.body)
            add_entry(self._postings, entry.pk, entry.kind, tokens, [*facets, *_own_facets(entry, words)])
        self._ids += [entry.pk for entry in entries]
        if self.lines:
            self._vectors.append(invented_vectors(len(entries), words.chance.getrandbits(32)))

    def write(self) -> None:
        from django.db import transaction
        from pyroaring import BitMap64

        from kb.models import Block, Segment
        from kb.search.index.postings import blocks
        from kb.search.index.prefixes import with_prefixes
        from kb.search.index.vectors import VectorRows, by_cell, vector_blocks
        from kb.search.index.writing import new_block, new_segment

        vectors = dict(zip(self._ids, np.concatenate(self._vectors), strict=True)) if self._vectors else {}
        segment = new_segment(self._level, BitMap64(self._ids), Segment.State.LIVE)
        tokens = self._postings.stored()
        parts = chain(
            blocks(with_prefixes(tokens) if self._level else tokens), vector_blocks(by_cell(VectorRows.of(vectors)))
        )
        rows = [new_block(segment, first, data) for first, data in parts]
        segment.block_count = len(rows)
        with transaction.atomic():
            segment.save(force_insert=True)
            Block.objects.bulk_create(rows, batch_size=500)


def invented_vectors(count: int, seed: int) -> Codes:
    """Returns the codes of rows, each about as far from the centre of its cell as those of real passages are."""
    from sessions.meaning.codes import codes_of
    from sessions.meaning.passage_vectors import DIMENSIONS, passage_compression

    chance = np.random.default_rng(seed)
    centres = passage_compression().centres
    noise = chance.standard_normal((count, DIMENSIONS)).astype(np.float32) / DIMENSIONS**0.5
    rows = centres[chance.integers(len(centres), size=count)] + _NOISE * noise
    return codes_of(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _own_facets(entry, words: Words) -> Iterator[str]:  # type: ignore[no-untyped-def]
    from kb.models import EntryKind
    from kb.search.index.facet_tokens import facet_token

    if entry.kind == EntryKind.ERROR:
        yield facet_token("status", words.chance.choice(("fixed", "open", "unknown")))
        yield facet_token("exception", words.chance.choice(_EXCEPTIONS))
        if words.chance.random() < 0.5:
            yield facet_token("has", "workingfix")
    if entry.kind == EntryKind.NEXT_STEP:
        yield facet_token("p", words.chance.choice("0123"))
    if entry.kind == EntryKind.COMMAND:
        yield facet_token("lang", words.chance.choice(("bash", "sql", "powershell")))
