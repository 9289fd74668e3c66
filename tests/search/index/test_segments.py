"""Segments: whatever is written, removed and merged, a token's entries are those that contain it."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from pyroaring import BitMap64

from kb.models import Block, Segment
from kb.search.index import Posting, Reader, merge_segments, union_of
from kb.search.index.merging import MOST_SEGMENTS, MOST_WHILE_IMPORTING
from kb.search.index.postings import NewPostings
from kb.search.index.reading import snapshot
from kb.search.index.writing import remove_entries, write_segment

WORDS = ["column", "columns", "colour", "co", "zebra", "§type=error", "数据", "über", "a", "\U0001f600", "x" * 80]
ENTRIES_A_SESSION = 6
Contents = dict[str, set[int]]


def write(sessions: int, seed: int, first_session: int = 0) -> Contents:
    """Writes sessions of entries with random words. Returns the entries by word."""
    chance = random.Random(seed)
    contents: defaultdict[str, set[int]] = defaultdict(set)
    for session in range(first_session, first_session + sessions):
        first = session * ENTRIES_A_SESSION + 1
        ids = range(first, first + ENTRIES_A_SESSION)
        postings = NewPostings()
        for entry in ids:
            words = [*chance.sample(WORDS, 4), f"rare{entry}"]
            postings.add(entry, words, words if entry % 2 else ())
            for word in words:
                contents[word].add(entry)
        write_segment(postings)
    return contents


def live_posting(token: str) -> Posting:
    return union_of(_less_removed(reader, reader.posting(token)) for reader in snapshot().readers)


def entries_with_prefix(letters: str) -> set[int]:
    return {entry for reader in snapshot().readers for entry in reader.prefix_posting(letters).entries - reader.removed}


def _less_removed(reader: Reader, posting: Posting) -> Posting:
    return Posting(posting.entries - reader.removed, posting.titles - reader.removed)


@pytest.mark.django_db
@pytest.mark.parametrize("sessions", [1, 9, 10, 57, 111])
def test_merging_changes_no_answer(sessions: int) -> None:
    contents = write(sessions, seed=sessions)
    removed = set(random.Random(7).sample(range(1, sessions * ENTRIES_A_SESSION), 3))
    remove_entries(sorted(removed))
    for _ in range(2):
        for word, entries in contents.items():
            assert set(live_posting(word).entries) == entries - removed
            assert set(live_posting(word).titles) == {entry for entry in entries - removed if entry % 2}
        for letters in ("co", "col", "colu", "rare1", "ü", "数"):
            expected = {e for word in contents if word.startswith(letters) for e in contents[word]}
            assert entries_with_prefix(letters) == expected - removed
        merge_segments()
    assert Segment.objects.count() <= min(sessions, MOST_SEGMENTS)


@pytest.mark.django_db
def test_a_merge_leaves_few_segments_and_writes_large_ones_seldom() -> None:
    written = 0
    for session in range(1, 101):
        before = set(Segment.objects.values_list("pk", flat=True))
        write(1, seed=session, first_session=session)
        merge_segments()
        written += sum(Segment.objects.exclude(pk__in=before).values_list("size", flat=True))
        assert Segment.objects.count() <= MOST_SEGMENTS
    assert written <= 5 * 100 * ENTRIES_A_SESSION


@pytest.mark.django_db
def test_segments_wait_for_a_merge_while_many_logs_are_imported() -> None:
    for session in range(1, MOST_WHILE_IMPORTING + 1):
        write(1, seed=session, first_session=session)
        merge_segments(most=MOST_WHILE_IMPORTING)
        assert Segment.objects.count() == session
    merge_segments()
    assert Segment.objects.count() == 1


@pytest.mark.django_db
def test_a_merge_forgets_what_was_removed() -> None:
    write(10, seed=1)
    remove_entries(list(range(1, 10 * ENTRIES_A_SESSION + 1)))
    merge_segments()
    assert not Segment.objects.exists()
    assert not Block.objects.exists()


@pytest.mark.django_db
def test_no_word_is_found_where_nothing_is_indexed() -> None:
    assert snapshot().readers == []
    assert live_posting("column").entries == BitMap64()
