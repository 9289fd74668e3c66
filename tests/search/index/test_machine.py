"""The index against a plain dictionary: whatever is added, edited, removed, merged, rebuilt or interrupted.

Two connections take part: the steps run in a thread with a connection of its own, and the answers are compared on
the connection of the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kb.models import Block, MergeLease, Removal, SearchEntry, Segment
from kb.search.index import Snapshot, index_session, merge_segments, merging, postings, with_snapshot
from kb.search.index.checking import check_index
from kb.search.index.lease import Lease
from kb.search.index.merging import merge_all, purge
from kb.search.index.rebuilding import all_sessions, delete_unreadable_segments, missing_sessions, reindex_sessions
from sessions.models import Learning, Log, Project, SessionLog

WORDS = ("zebra", "quagga", "okapi", "gnu", "oryx")


class Cut(BaseException):
    """The process was killed and does nothing more."""


def forget_everything() -> None:
    for model in (SearchEntry, Removal, Block, Segment, MergeLease, SessionLog, Log, Project):
        model._default_manager.all().delete()


class IndexMachine(RuleBasedStateMachine):
    """`expected` is what the index should contain: the words of each session's only learning."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = ThreadPoolExecutor(1)
        self.expected: dict[int, tuple[str, ...]] = {}
        forget_everything()
        self.project = Project.objects.create(name="harbor")

    def teardown(self) -> None:
        self.worker.submit(connections.close_all).result()
        self.worker.shutdown()

    def elsewhere(self, step: Callable[..., Any], *values: Any) -> Any:
        """Does a step on the other connection."""
        return self.worker.submit(step, *values).result()

    @rule(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), here=st.booleans())
    def add(self, words: list[str], here: bool) -> None:
        number = self._add(words) if here else self.elsewhere(self._add, words)
        self.expected[number] = tuple(words)

    @rule(words=st.sampled_from(WORDS), count=st.integers(9, 11))
    def add_many(self, words: str, count: int) -> None:
        for _ in range(count):
            self.expected[self._add([words])] = (words,)

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True))
    def edit(self, data: st.DataObject, words: list[str]) -> None:
        number = data.draw(st.sampled_from(sorted(self.expected)))
        self.elsewhere(self._edit, number, words)
        self.expected[number] = tuple(words)

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), many=st.booleans())
    def remove(self, data: st.DataObject, many: bool) -> None:
        chosen = sorted(self.expected) if many else [data.draw(st.sampled_from(sorted(self.expected)))]
        for number in chosen[:15]:
            self.elsewhere(lambda key: SessionLog.objects.get(pk=key).delete(), number)
            del self.expected[number]

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), words=st.sampled_from(WORDS), step=st.sampled_from((merge_segments, merge_all, purge)))
    def change_during_a_merge(self, data: st.DataObject, words: str, step: Callable[[], object]) -> None:
        """While a merge has read its inputs but not swapped them, others edit and remove."""
        edited, removed = (data.draw(st.sampled_from(sorted(self.expected))) for _ in range(2))

        def meanwhile() -> None:
            self._edit(edited, [words])
            SessionLog.objects.filter(pk=removed).delete()

        with before_the_swap(lambda: self.elsewhere(meanwhile)) as happened:
            step()
        if happened:
            self.expected[edited] = (words,)
            self.expected.pop(removed)

    @rule(step=st.sampled_from((merge_segments, merge_all, purge)))
    def merge(self, step: Callable[[], object]) -> None:
        self.elsewhere(step)

    @rule(step=st.sampled_from((merge_segments, merge_all, purge)), swapped=st.booleans())
    def cut_a_merge_off(self, step: Callable[[], object], swapped: bool) -> None:
        with instead_of_sweeping() if swapped else before_the_swap(_cut):
            self._cut_off(step)

    @rule(all_of_them=st.booleans())
    def rebuild(self, all_of_them: bool) -> None:
        self.elsewhere(self._rebuild, all_of_them)

    @rule(after=st.integers(0, 5))
    def cut_a_rebuild_off(self, after: int) -> None:
        self._cut_off(lambda: reindex_sessions(all_sessions(), _cut_after(after)))

    @rule()
    def upgrade(self) -> None:
        """Another version wrote the index; the rebuild is interrupted once, then finished."""
        Segment.objects.update(version="0.0")
        self._cut_off(lambda: reindex_sessions(missing_sessions(), _cut_after(2)))
        self._rebuild(all_of_them=False)

    @invariant()
    def finds_what_is_expected(self) -> None:
        found = {word: with_snapshot(partial(_sessions, word=word)) for word in WORDS}
        sessions = {word: {n for n, words in self.expected.items() if word in words} for word in WORDS}
        assert found == sessions

    @invariant()
    def has_no_fault(self) -> None:
        assert check_index().faults == []

    def _add(self, words: list[str]) -> int:
        with transaction.atomic():
            log = Log.objects.create(sha256=f"{Log.objects.count()}-{id(words)}-{len(self.expected)}", size=0, text="")
            session = SessionLog.objects.create(
                log=log, project=self.project, key="s", position=0, first_line=1, last_line=1
            )
            Learning.objects.create(
                session=session, key="l", position=0, line=1, first_line=1, last_line=1, text=" ".join(words)
            )
            index_session(session)
        return session.pk

    def _edit(self, number: int, words: list[str]) -> None:
        with transaction.atomic():
            session = SessionLog.objects.select_related("project").get(pk=number)
            Learning.objects.filter(session=session).update(text=" ".join(words))
            index_session(session)

    def _rebuild(self, all_of_them: bool) -> None:
        reindex_sessions(all_sessions() if all_of_them else missing_sessions())
        assert delete_unreadable_segments()

    def _cut_off(self, step: Callable[[], object]) -> None:
        """Runs a step that may be killed, and lets the minute pass after which others take over."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kb.search.index.lease.Lease.__exit__", lambda *_: False)
            with suppress(Cut):
                step()
        MergeLease.objects.update(until="2000-01-01T00:00:00Z")


def _cut() -> None:
    raise Cut


def _cut_after(count: int) -> Callable[[int], None]:
    """Cuts a rebuild off after this many sessions."""
    left = iter(range(count))

    def after_each(_session: int) -> None:
        if next(left, None) is None:
            raise Cut

    return after_each


@contextmanager
def before_the_swap(action: Callable[[], object]) -> Iterator[list[bool]]:
    """Does something once when a merge has read its inputs and not yet replaced them."""
    happened: list[bool] = []
    swap = merging.Merge.swap

    def interrupted(merge: merging.Merge) -> None:
        if not happened:
            happened.append(True)
            action()
        swap(merge)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging.Merge, "swap", interrupted)
        yield happened


@contextmanager
def instead_of_sweeping() -> Iterator[None]:
    """Interrupts a merge after its swap, with its inputs still to be deleted."""
    sweep = merging.sweep

    def cut(lease: Lease) -> None:
        if Segment.objects.filter(state=Segment.State.GARBAGE).exists():
            raise Cut
        sweep(lease)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "sweep", cut)
        yield


def _sessions(index: Snapshot, word: str) -> set[int]:
    """The sessions of the entries that contain a word; fails if an entry is found twice."""
    found = [entry for reader in index.readers for entry in reader.entries(word) - reader.removed]
    assert len(found) == len(set(found))
    return set(SearchEntry.objects.filter(pk__in=found).values_list("session", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_index_contains_what_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "BYTES_AT_ONCE", 300)
    monkeypatch.setattr(postings, "TOKENS_A_BLOCK", 6)
    bounds = settings(
        max_examples=12,
        stateful_step_count=18,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # shrinking takes minutes; the steps of a failure are printed either way
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(IndexMachine, settings=bounds)
