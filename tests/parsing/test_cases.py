"""The parser's cases are data: cases/<kind>/<name>.md holds a log, "=== expected ===", and JSON of what to find.

For each kind named in the JSON the number of records must agree and so must every named field, in order. A top-level
"sessions" list compares session by session; otherwise the log's only session is meant. "coverage" compares too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sessions.parsing.pipeline import read_log

CASES = Path(__file__).parent / "cases"
DIVIDER = "\n=== expected ===\n"


def compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            shown = [{name: record[name] for name in wanted} for record, wanted in zip(found[key], value, strict=False)]
            assert shown == value, key
            assert len(found[key]) == len(value), f"{key}: {[r.get('title') or r.get('text') for r in found[key]]}"
        else:
            got = list(found[key]) if isinstance(value, list) else found[key]
            assert got == value, key


@pytest.mark.parametrize("case", sorted(CASES.rglob("*.md")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(case: Path) -> None:
    log, divider, expected = case.read_text(encoding="utf-8").partition(DIVIDER)
    assert divider, f"{case} has no line {DIVIDER.strip()!r}"
    wanted = json.loads(expected)
    record = json.loads(json.dumps(read_log(case.name, log.encode()).record.as_json()))
    sessions = wanted.pop("sessions", None)
    if sessions is None:
        assert len(record["sessions"]) == 1
        compare(record["sessions"][0], wanted)
        return
    assert len(record["sessions"]) == len(sessions)
    for found, one in zip(record["sessions"], sessions, strict=True):
        compare(found, one)
