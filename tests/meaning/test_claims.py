"""Claims follow the revised records: lines of new ones are taken, those of dropped ones become context."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.meaning.claims import revise_claims
from sessions.parsing.explain import explain
from sessions.parsing.pipeline import read_log
from sessions.parsing.reading import Reading
from sessions.records import DecisionRecord, ErrorRecord, SessionRecord

LOG = """# Harbour

## Next Steps

- Weigh the crane
- Paint the buoy

The map stays grey.
"""
GREY = ErrorRecord("e1", "The map stays grey", 8, ((8, 8),), found_by="meaning", certainty=0.714)


def without_paint(record: SessionRecord) -> SessionRecord:
    return replace(record, next_steps=record.next_steps[:1])


def with_error(record: SessionRecord) -> SessionRecord:
    return replace(record, errors=(GREY,))


def with_telling(record: SessionRecord) -> SessionRecord:
    return replace(record, errors=(replace(GREY, found_by="rules"),))


def with_decision(record: SessionRecord) -> SessionRecord:
    return replace(record, decisions=(DecisionRecord("Paint it", 6, (6, 6), found_by="meaning", certainty=0.5),))


@pytest.mark.parametrize(
    ("change", "line", "first", "recorded"),
    [
        (lambda record: record, 6, ("next_steps", "listed under 'Next Steps'"), True),
        (lambda record: record, 8, None, False),
        (without_paint, 5, ("next_steps", "listed under 'Next Steps'"), True),
        (without_paint, 6, ("next_steps", "its meaning denies it: listed under 'Next Steps'"), False),
        (with_error, 8, ("errors", "told by its meaning, 0.71"), True),
        (with_telling, 8, ("errors", "told by its meaning"), True),
        (with_decision, 6, ("decisions", "told by its meaning, 0.50"), True),
    ],
)
def test_each_line_says_what_became_of_it(change, line: int, first: tuple[str, str] | None, recorded: bool) -> None:  # type: ignore[no-untyped-def]
    def revise(reading: Reading, record: SessionRecord) -> SessionRecord:
        revised: SessionRecord = change(record)
        revise_claims(reading, record, revised)
        return revised

    read = read_log("harbor/2026-03-02.md", LOG.encode(), revise)
    explained = list(explain(read))[line - 1]
    claim = next(iter(explained.claims), None)
    assert (claim and (claim.extractor, claim.why)) == first
    assert any(one.recorded for one in explained.claims) == recorded
    coverage = read.record.coverage
    unread = sum(last - begin + 1 for begin, last in coverage.unparsed)
    assert coverage.recorded + coverage.context + unread == coverage.lines
