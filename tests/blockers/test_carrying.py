"""A step raised in several sessions is one item, and the last mention decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from kb.importing import Imported
from kb.queries import open_blockers
from tests.factories import log


def test_a_step_is_carried_until_it_is_done(ingest: Callable[..., Imported]) -> None:
    ingest(log("2026-03-01"), path="a.md")
    ingest(log("2026-03-09"), path="b.md")
    (item,) = open_blockers()
    assert (item.sessions, item.days_open(dt.date(2026, 3, 11))) == (2, 10)
    ingest(log("2026-03-12").replace("[ ] P0: Rotate", "[x] Rotate"), path="c.md")
    assert open_blockers() == []
