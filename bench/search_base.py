"""A knowledge base of any size for timing search: invented sessions whose words follow Zipf's law, like real logs."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

RECORDS_A_SESSION = 23
BATCH = 500  # sessions written as one segment
WORDS = 150_000
_SYLLABLES = [c + v + e for c in "bcdfghklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s", "t", "l")]
_EXTENSIONS = ("py", "ts", "go", "rs", "sql", "yml")
_EXCEPTIONS = ("KeyError", "ValueError", "TimeoutError", "UndefinedColumn", "TypeError", "ConnectionRefusedError")
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
    """Writes sessions with their entries and their index, batch by batch, then merges the index."""
    from kb.search.index import merge_segments

    write(sessions, words, verbose)
    merge_segments()


def write(sessions: int, words: Words, verbose: bool = True) -> None:
    """Writes sessions like `fill`, but leaves their segments unmerged."""
    for start in range(0, sessions, BATCH):
        _write(start, min(BATCH, sessions - start), words)
        if verbose and start % (20 * BATCH) == 0:
            print(f"  {start} sessions written", flush=True)


def _write(start: int, count: int, words: Words) -> None:
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
        entries = SearchEntry.objects.bulk_create(_entries(sessions, iter(errors), words), batch_size=2000)
        _index(entries, {one.pk: one for one in sessions}, words)


def _entries(sessions: Sequence, errors: Iterator, words: Words) -> Iterator:  # type: ignore[type-arg]
    from kb.models import EntryKind, SearchEntry

    for one in sessions:
        yield SearchEntry(kind=EntryKind.SESSION, object_id=one.pk, session=one, line=1, title=one.title, body="")
        for number, kind in enumerate(_KINDS):
            key = next(errors).pk if kind == EntryKind.ERROR else one.pk * 100 + number
            yield SearchEntry(
                kind=kind, object_id=key, session=one, line=1, title=words.text(3, 9), body=words.text(5, 30)
            )


def _index(entries: Sequence, sessions: dict, words: Words) -> None:  # type: ignore[type-arg]
    from pyroaring import BitMap64

    from kb.models import Block, EntryKind, Segment
    from kb.search.index import Posting
    from kb.search.index.facet_tokens import EVERYTHING, day_tokens, facet_token
    from kb.search.index.postings import blocks, encode
    from kb.search.index.prefixes import with_prefixes
    from kb.search.index.sessions import add_entry
    from kb.search.index.writing import new_block, new_segment

    postings: defaultdict[str, Posting] = defaultdict(Posting)
    for entry in entries:
        session = sessions[entry.session_id]
        facets = [EVERYTHING, facet_token("project", session.project.name), *day_tokens(session.date)]
        if entry.kind == EntryKind.ERROR:
            facets.append(facet_token("status", words.chance.choice(("fixed", "open", "unknown"))))
            facets.append(facet_token("exception", words.chance.choice(_EXCEPTIONS)))
            if words.chance.random() < 0.5:
                facets.append(facet_token("has", "workingfix"))
        if entry.kind == EntryKind.NEXT_STEP:
            facets.append(facet_token("p", words.chance.choice("0123")))
        if entry.kind == EntryKind.COMMAND:
            facets.append(facet_token("lang", words.chance.choice(("bash", "sql", "powershell"))))
        add_entry(postings, entry, facets)
    segment = new_segment(1, BitMap64([entry.pk for entry in entries]), Segment.State.LIVE)
    tokens = ((token, encode(postings[token])) for token in sorted(postings))
    rows = [new_block(segment, first, data) for first, data in blocks(with_prefixes(tokens))]
    segment.block_count = len(rows)
    segment.save(force_insert=True)
    Block.objects.bulk_create(rows)
