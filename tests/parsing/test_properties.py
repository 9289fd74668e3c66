"""What holds for any text whatever: no exception, every line accounted for, records within their lines."""

from __future__ import annotations

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
