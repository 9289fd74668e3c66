"""What the index promises: removed words are erased, locks are short, and searches never fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections, transaction
from django.test import Client

from kb.importing import Imported
from kb.importing.compose import in_transaction
from kb.models import Block, MergeLease, SearchEntry, Segment
from kb.search.index import INDEX_VERSION, index_session, merge_segments, merging, reading
from kb.search.index.cache import ByteCache
from kb.search.index.lease import Lease
from kb.search.index.merging import MOST_SEGMENTS
from kb.search.index.reading import SegmentGoneError, snapshot
from kb.search.index.rebuilding import live_entries
from kb.search.language.completion import filter_values
from kb.search.results.find import search
from sessions.models import Log, SessionLog
from tests.factories import log

ODD = log("2026-03-05").replace("psycopg2.errors.UndefinedColumn", "ZebraQuaggaError").replace("total", "zebroid")


@pytest.fixture
def logs(ingest: Callable[..., Imported]) -> None:
    for day in range(1, 6):
        ingest(log(f"2026-02-{day:02}"), path=f"harbor/{day}.md")


def reindex(*options: str) -> str:
    out = StringIO()
    call_command("reindex", *options, stdout=out)
    return out.getvalue()


def check(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_index", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def stored_bytes() -> tuple[int, int]:
    return len(live_entries()[0]), sum(len(data) for data in Block.objects.values_list("data", flat=True))


def words_in_blocks() -> bytes:
    return b"\n".join(bytes(data) for data in Block.objects.values_list("data", flat=True))


@pytest.mark.django_db
def test_rebuilding_leaves_nothing_behind(logs: None) -> None:
    reindex("--all")
    before = stored_bytes(), list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True))
    for _ in range(5):
        reindex("--all")
        assert (stored_bytes(), list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True))) == before
    assert check()[0] == 0


@pytest.mark.django_db
def test_the_words_of_a_deleted_log_are_erased(logs: None, ingest: Callable[..., Imported]) -> None:
    odd = ingest(ODD, path="harbor/odd.md").log
    reindex("--all")  # the odd log is a small part of a large segment
    assert filter_values("exception", "zebra") == ["zebraquaggaerror"]
    assert search("zebriod").corrections
    Log.objects.get(pk=odd.pk).delete()
    assert filter_values("exception", "zebra") == []
    page = search("zebriod total")
    assert page.corrections == ()
    assert [missing.word for missing in page.missing] == ["zebriod"]
    reindex()
    assert b"zebra" not in words_in_blocks()
    assert check()[0] == 0


@pytest.mark.django_db
def test_a_merge_erases_removed_words(ingest: Callable[..., Imported]) -> None:
    ingest(ODD)
    ingest(log("2026-03-05"))
    assert b"zebra" not in words_in_blocks()
    assert Segment.objects.count() == 1


@pytest.mark.django_db
def test_removed_entries_do_not_influence_scores(logs: None, ingest: Callable[..., Imported]) -> None:
    before = search("column total").hits[0].ranked.score
    odd = ingest(ODD.replace("zebroid", "total"), path="harbor/odd.md").log
    reindex("--all")
    odd.delete()
    assert search("column total").hits[0].ranked.score == before


@pytest.mark.django_db
def test_an_upgrade_rebuilds(logs: None) -> None:
    Segment.objects.update(version="0.1")
    page = search("total")
    assert (page.total, page.incomplete) == (0, True)
    assert "another version" in check()[1]
    assert "5 sessions" in reindex("--quiet")
    assert search("total").total
    assert not search("total").incomplete
    assert set(Segment.objects.values_list("version", flat=True)) == {INDEX_VERSION}
    assert reindex("--quiet") == ""


@pytest.mark.django_db
def test_the_page_says_that_the_index_is_incomplete(logs: None, signed_in: Client) -> None:
    assert "incomplete" not in signed_in.get("/search/?q=total").content.decode()
    Segment.objects.filter(pk=Segment.objects.first().pk).update(version="0.1")  # type: ignore[union-attr]
    assert "incomplete" in signed_in.get("/search/?q=total").content.decode()


def _flip_a_byte(block: Block) -> None:
    data = bytearray(block.data)
    data[len(data) // 2] ^= 0xFF
    Block.objects.filter(pk=block.pk).update(data=bytes(data))


DAMAGE: dict[str, Callable[[Block], object]] = {
    "a byte": _flip_a_byte,
    "cut short": lambda block: Block.objects.filter(pk=block.pk).update(data=bytes(block.data)[:-9]),
    "gone": lambda block: block.delete(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_block_is_found_and_repaired(
    logs: None, damage: Callable[[Block], object], caplog: pytest.LogCaptureFixture
) -> None:
    complete = search("total").total
    reading.clear_cache()
    damage(Block.objects.order_by("pk").first())  # type: ignore[arg-type]
    page = search("total")
    assert page.incomplete
    assert 0 < page.total < complete
    assert "Run manage.py check_index" in caplog.text
    assert filter_values("exception", "undefined") == ["undefinedcolumn"]
    status, output = check()
    assert (status, "--repair" in output) == (1, True)
    assert check("--repair")[0] == 0
    assert (search("total").total, search("total").incomplete) == (complete, False)


@pytest.mark.django_db
def test_a_damaged_segment_is_set_aside_by_a_merge(logs: None, ingest: Callable[..., Imported]) -> None:
    _flip_a_byte(Block.objects.order_by("pk").first())  # type: ignore[arg-type]
    for day in range(6, 7 + MOST_SEGMENTS):
        ingest(log(f"2026-02-{day:02}"), path=f"harbor/{day}.md")
    assert Segment.objects.filter(state=Segment.State.DAMAGED).count() == 1
    reindex()
    assert check() == (0, check()[1])
    assert search("type:session").total == 6 + MOST_SEGMENTS


@pytest.mark.django_db
def test_entries_without_a_row_are_found_and_repaired(logs: None) -> None:
    session = SessionLog.objects.earliest("pk")
    SearchEntry.objects.filter(session=session).delete()
    status, output = check()
    assert status == 1
    assert "no longer in the knowledge base" in output
    assert check("--repair")[0] == 0
    assert search("type:session").total == 5


@pytest.mark.django_db
def test_completion_and_search_outlast_merges(logs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a merge deletes what is being read, the last attempt keeps merges off."""
    calls: list[int] = []

    def first_times_gone(*_: object) -> object:
        calls.append(1)
        if len(calls) <= 3:
            raise SegmentGoneError
        return snapshot()

    monkeypatch.setattr("kb.search.index.reading.snapshot", first_times_gone)
    assert filter_values("exception", "undefined") == ["undefinedcolumn"]
    calls.clear()
    assert search("total").total


@pytest.mark.django_db
def test_of_two_mergers_one_does_the_work(logs: None, ingest: Callable[..., Imported]) -> None:
    with Lease() as first:
        assert first.held
        for day in range(6, 2 + MOST_SEGMENTS):
            ingest(log(f"2026-02-{day:02}"), path=f"harbor/{day}.md")
        assert Segment.objects.count() == 1 + MOST_SEGMENTS
    merge_segments()
    assert Segment.objects.count() < MOST_SEGMENTS


@pytest.mark.django_db
def test_a_lease_that_was_lost_ends_the_merge(logs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    swap = merging.Merge.swap

    def late(merge: merging.Merge) -> None:
        MergeLease.objects.update(holder="00000000-0000-0000-0000-000000000000")
        swap(merge)

    monkeypatch.setattr(merging.Merge, "swap", late)
    assert not merging.merge_all()
    assert search("type:session").total == 5


@pytest.mark.django_db
def test_a_busy_database_puts_a_merge_off(logs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.search.index.merging._is_needed", lambda _share, _most: busy())
    merge_segments()


class _Deadlock(Exception):
    pgcode = "40P01"


@pytest.mark.django_db
def test_an_import_in_the_way_of_another_is_taken_once_more(ingest: Callable[..., Imported]) -> None:
    imported, calls = ingest(log()), []

    def taking() -> Imported:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("deadlock detected") from _Deadlock()
        return imported

    assert in_transaction(taking) is imported
    with pytest.raises(OperationalError):
        in_transaction(busy)


def busy() -> Imported:
    raise OperationalError("database is locked")


def test_a_cache_keeps_to_its_bytes(settings: object) -> None:
    settings.SEARCH_CACHE_BYTES = 100  # type: ignore[attr-defined]
    cache = ByteCache()
    for key in range(50):
        assert cache.get(key, lambda _: 30, str, key) == str(key)
        assert cache.size <= 100
    assert cache.get(49, len, lambda: "made again") == "49"
    assert cache.get(0, len, lambda: "made again") == "made again"


@pytest.mark.django_db(transaction=True)
def test_removals_and_merges_at_once_lose_nothing(ingest: Callable[..., Imported]) -> None:
    """A removal that is not yet committed when a merge wants to swap is in the merged segment all the same."""
    for day in range(1, 10):
        ingest(log(f"2026-02-{day:02}"), path=f"harbor/{day}.md")
    going = SessionLog.objects.earliest("pk")
    with transaction.atomic():
        index_session(SessionLog.objects.select_related("project").latest("pk"))  # the tenth segment
        going.log.delete()
        merger = threading.Thread(target=_merge_elsewhere)
        if connections["default"].vendor == "postgresql":  # SQLite lets nobody else write meanwhile
            merger.start()
            merger.join(0.5)
    if not merger.ident:
        merger.start()
    merger.join()
    assert check() == (0, check()[1])
    assert search("type:session").total == 8


def _merge_elsewhere() -> None:
    try:
        merging.merge_all()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_imports_that_remove_in_opposite_order_both_end(ingest: Callable[..., Imported]) -> None:
    for day in range(1, 5):
        ingest(log(f"2026-02-{day:02}"), path=f"harbor/{day}.md")
    one, two, three, four = SessionLog.objects.order_by("pk")
    both, problems = threading.Barrier(2, timeout=20), []
    Segment.objects.update(first=0, last=10**9)

    def remove(first: SessionLog, second: SessionLog) -> None:
        try:
            with transaction.atomic():
                index_session(SessionLog.objects.get(pk=first.pk))
                if connections["default"].vendor == "postgresql":
                    both.wait()
                index_session(SessionLog.objects.get(pk=second.pk))
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, four), (three, two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert check() == (0, check()[1])
