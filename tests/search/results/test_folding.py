"""One hit a problem: what tells the same is folded under the best of it."""

from __future__ import annotations

import pytest

from kb.models import EntryKind
from kb.search.index.entries import EntryRow
from kb.search.results.folding import folded

pytestmark = pytest.mark.django_db


def row(
    pk: int,
    title: str,
    kind: EntryKind = EntryKind.PASSAGE,
    session: int = 1,
    body: str = "",
    project: str = "harbor",
) -> EntryRow:
    return EntryRow(pk, kind, pk, session, 1, title, body, "Pumps", None, project)


def groups(*rows: EntryRow) -> list[list[int]]:
    by_id = {one.pk: one for one in rows}
    return [[told.lead, *told.others] for told in folded([one.pk for one in rows], by_id)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(1, "The pump leaks"), row(2, "the pump  leaks!", session=2)], [[1, 2]]),
        ([row(1, "make test", EntryKind.COMMAND), row(2, "make test", EntryKind.COMMAND, 2)], [[1, 2]]),
        ([row(1, "Errors"), row(2, "Errors", session=2)], [[1], [2]]),
        ([row(1, "src/pump.py", EntryKind.FILE), row(2, "src/pump.py", EntryKind.FILE, 2)], [[1, 2]]),
        ([row(1, "src/pump.py", EntryKind.FILE), row(2, "src/pump.py", EntryKind.FILE, project="quay")], [[1], [2]]),
        ([row(1, "src/pump.py", EntryKind.FILE), row(2, "test/pump.py", EntryKind.FILE)], [[1], [2]]),
        ([row(1, "Pump leaks", EntryKind.ERROR, body="at the seal ring"), row(2, "at the seal")], [[1, 2]]),
        ([row(1, "Pump leaks", EntryKind.ERROR, body="at the seal"), row(2, "at the seal", session=2)], [[1], [2]]),
        ([row(1, "The pump leaks"), row(2, "Valve sticks"), row(3, "The pump leaks", session=3)], [[1, 3], [2]]),
    ],
    ids=[
        *("same words", "same command", "one word", "one file", "files of two projects", "files of one name"),
        *("within a record", "another session", "place of the best"),
    ],
)
def test_what_tells_the_same_is_folded(rows: list[EntryRow], expected: list[list[int]]) -> None:
    assert groups(*rows) == expected
