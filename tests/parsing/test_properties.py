"""What holds for any text whatever: no exception, every line accounted for, records within their lines."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.parsing.pipeline import read_log
from tests.parsing.invariants import read_and_check

FRAGMENTS = st.sampled_from(
    [
        "# Session", "## Errors", "### Issue 1: it fails", "- **Error**: `KeyError: 'a'`", "**Fix**: did it", "✅ done",
        "- [ ] step (P0)", "- [x] gone", "```bash", "```", "$ ls", "| a | b |", "|---|---|", "| 1 | 2 |", "---", "====",
        "## Next Steps", "1. first", "   - nested", "> quoted", "**Status**: done", "2026-01-02", "## 2026-01-02", "\t",
        "## Key Learnings", "- lesson", "## Files Modified", "- `a/b.py` (new)", "    indented", "", "",
        "`" * 4, "问题：失败",
        "| 10:00 | Upload | ❌ failed | ✅ fixed |", "Fixed 3 bugs: a crash, b leak, c typo", "✅ TITLE FIXED",
        "   - indented: Fixed the hang", "# Log 2026-01-02", "### Cookie - FIXED ✅", "**Symptoms:**", "- Reverted it",
        "## Root Cause", "- `a/b.py` → `c.py`", "Created x.py + y.py", "**z.md updated:** `q.md`", "- [ ] open box",
        "### Step 2: go", "- it failed because of rain, so it was redone", "────────", "1. First problem",
        "See `git status -s`",
        "Ошибка: не работает", "\u202eabc", "\x1b[31mred", "**Bold:**",
    ]
)  # fmt: skip
LOGS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=40)), max_size=40).map("\n".join)


@settings(max_examples=400)
@given(LOGS)
def test_all_holds_that_must_hold_of_a_log(text: str) -> None:
    read_and_check(text)


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    assert read_log("any.bin", content).record.sessions


def test_the_suite_s_properties_are_the_same_each_time() -> None:
    assert settings.default is not None
    assert settings.default.derandomize or "HYPOTHESIS_PROFILE" in os.environ
