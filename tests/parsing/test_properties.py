"""What holds for any text whatever: no exception, every line accounted for, records within their lines."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.parsing.pipeline import read_log

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


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_every_line_is_accounted_for(text: str) -> None:
    coverage = read_log("any.md", text.encode(errors="replace")).record.coverage
    unparsed = sum(last - first + 1 for first, last in coverage.unparsed)
    assert coverage.recorded + coverage.context + unparsed == coverage.lines


@settings(max_examples=150, deadline=None)
@given(LOGS)
def test_records_lie_within_their_session(text: str) -> None:
    read = read_log("any.md", text.encode(errors="replace"))
    last = len(read.document.lines)
    for session in read.record.sessions:
        for kind in ("errors", "fixes", "commands", "next_steps", "files", "learnings", "decisions", "commits"):
            assert all(1 <= record.line <= last for record in getattr(session, kind))
        for error in session.errors:
            assert error.mentions
            assert all(1 <= first <= end <= last for first, end in error.mentions)
        ids = {error.id for error in session.errors}
        assert all(set(fix.errors) <= ids for fix in session.fixes)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    assert read_log("any.bin", content).record.sessions


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text))  # "__a__" is emphasis


@settings(max_examples=200, deadline=None)
@given(LOGS)
def test_the_text_of_a_record_comes_from_its_lines(text: str) -> None:
    read = read_log("any.md", text.encode(errors="replace"))
    for session in read.record.sessions:
        for error in session.errors:
            stated = _words("\n".join(read.document.source(span) for span in error.mentions))
            assert _words(error.title) <= stated
            assert _words(error.message) <= stated
        for fix in session.fixes:
            assert _words(fix.title) <= _words(read.document.source(fix.lines))
        listed = [(step.text, step.lines) for step in session.next_steps]
        listed += [(lesson.text, lesson.lines) for lesson in session.learnings]
        listed += [(decision.text, decision.lines) for decision in session.decisions]
        listed += [(command.text, command.lines) for command in session.commands]
        for words, lines in listed:
            assert _words(words) <= _words(read.document.source(lines))
        for file in session.files:
            assert _words(file.path) <= _words(text.replace("\x00", "\ufffd"))
