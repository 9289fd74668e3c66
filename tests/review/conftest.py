"""A log with doubts, for the tests of the review queue: no model needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.importing import Imported
from kb.models import Doubt
from kb.review.doubts import LogDoubts, keep_doubts
from sessions.models import SessionLog
from sessions.parsing.pipeline import read_log
from sessions.records import DoubtRecord

LOG = """# Session: Harbour

**Date**: 2026-03-01

## Errors

- **Error**: the crane stops with KeyError

## What else

- the map stays grey after zooming
- Use tiles of 512 pixels
"""
LINES = {"error": 7, "map": 11, "tiles": 12}


@pytest.fixture
def doubts(ingest: Callable[..., Imported]) -> dict[str, Doubt]:
    """Doubts about an error that was taken, and about two statements that were not."""
    ingest(LOG)
    session = SessionLog.objects.get()
    record = read_log("harbor/2026-01-02.md", LOG.encode()).record.sessions[0]
    taken = record.errors[0]
    session.error_set.update(certainty=0.3)
    doubts = [
        DoubtRecord("errors", taken.title, taken.line, (taken.line, taken.line), 0.3, 0.26, 0),
        DoubtRecord("errors", "the map stays grey after zooming", 11, (11, 11), 0.30, 0.33),
        DoubtRecord("next_steps", "Use tiles of 512 pixels", 12, (12, 12), 0.4, 0.57),
    ]
    keep_doubts([LogDoubts([session], [record], [doubts])])
    return {name: Doubt.objects.get(line=line) for name, line in LINES.items()}
