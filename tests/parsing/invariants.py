"""The invariants of every log that was read, whatever its text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt

from sessions.parsing.explain import explain
from sessions.parsing.pipeline import ReadLog, read_log
from sessions.parsing.tree.layout import layout_of
from sessions.records import SessionRecord, Span

KINDS = ("objectives", "errors", "fixes", "commands", "next_steps", "files", "learnings", "decisions", "commits")
SHORTEST_CUT = 100  # characters: a longer title may be cut, in a word
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_markdown = MarkdownIt("commonmark").enable("strikethrough")


def read_and_check(text: str) -> ReadLog:
    """Reads a text, and raises AssertionError if an invariant is violated."""
    read = read_log("any.md", text.encode("utf-8", errors="replace"))
    json.dumps(read.record.as_json(), ensure_ascii=False).encode()
    check_coverage(read)
    check_spans(read)
    check_words(read)
    assert [line.number for line in explain(read)] == list(range(1, len(read.document.lines) + 1))
    layout_of(read.document, read.record.coverage)
    return read


def check_coverage(read: ReadLog) -> None:
    """Lines in records, in context and in neither add up to those that are not blank."""
    coverage = read.record.coverage
    filled = sum(bool(line.strip()) for line in read.document.lines)
    unparsed = sum(last - first + 1 for first, last in coverage.unparsed)
    assert coverage.recorded + coverage.context + unparsed == coverage.lines == filled
    assert all(one[1] < other[0] for one, other in pairwise(coverage.unparsed))
    assert all(_lies_in(span, (1, len(read.document.lines))) for span in coverage.unparsed)


def check_spans(read: ReadLog) -> None:
    """Sessions follow each other in the file; what a session says lies within its lines, in order."""
    sessions = read.record.sessions
    assert sessions
    assert all(one.lines[1] < other.lines[0] for one, other in pairwise(sessions))
    for session in sessions:
        assert _lies_in(session.lines, (1, len(read.document.lines)))
        for record in _records(session):
            for span in _spans(record):
                assert _lies_in(span, session.lines), (record, session.lines)
            assert any(first <= record.line <= last for first, last in _spans(record)), record
        _check_errors(session)
        _check_days(session)


def _check_errors(session: SessionRecord) -> None:
    ids = [error.id for error in session.errors]
    assert len(set(ids)) == len(ids)
    assert all(fix.errors and set(fix.errors) <= set(ids) for fix in session.fixes)
    assert all(error.mentions for error in session.errors)
    lines = [fix.lines for fix in session.fixes]
    assert lines == sorted(lines)


def _check_days(session: SessionRecord) -> None:
    days = [dt.date.fromisoformat(day) for day in (session.date, session.ended) if day]
    assert days == sorted(days)
    assert session.duration_minutes is None or session.duration_minutes >= 0


def check_words(read: ReadLog) -> None:
    """Every word of a record occurs in its lines."""
    whole = _shown("\n".join(read.document.lines))
    for session in read.record.sessions:
        for record in _records(session):
            stated = set().union(*(_shown(read.document.source(span)) for span in _stated_spans(record))) or whole
            for text in _texts(record):
                assert not (strange := _words(text) - stated) or _is_cut(text, strange, stated), (text, strange)
        for text in (session.summary, session.status_text, *session.metadata.values(), *session.metrics.values()):
            assert not (strange := _words(text) - whole) or _is_cut(text, strange, whole), (text, strange)


def _records(session: SessionRecord) -> Iterator[Any]:
    for kind in KINDS:
        yield from getattr(session, kind)


def _spans(record: Any) -> tuple[Span, ...]:
    """The lines of a record: its mentions, its span, or the line it begins on."""
    return _stated_spans(record) or ((record.line, record.line),)


def _stated_spans(record: Any) -> tuple[Span, ...]:
    """Returns the lines a record claims, or nothing if it only says where it begins."""
    return getattr(record, "mentions", ()) or ((record.lines,) if hasattr(record, "lines") else ())


def _texts(record: Any) -> Iterator[str]:
    for name in ("text", "title", "message", "detail"):
        yield getattr(record, name, "")


def _lies_in(span: Span, outer: Span) -> bool:
    return outer[0] <= span[0] <= span[1] <= outer[1]


def _words(text: str) -> set[str]:
    """The words of a text, or its characters in scripts without spaces; "__a__" is emphasis."""
    return set(_WORD.findall(text))


def _shown(source: str) -> set[str]:
    """The words of a source as written and as Markdown shows them, where marks inside a word are left out."""
    words = _words(source) | _words(_BOLD.sub(r"\1", source))
    for line in source.split("\n"):
        for token in _markdown.parseInline(line.strip()):
            words |= _words(
                "".join(" " if child.type.endswith("break") else child.content for child in token.children or ())
            )
    return words


def _is_cut(text: str, strange: set[str], stated: set[str]) -> bool:
    """The only strange word is the last of a long text, and begins one of the source."""
    last = _WORD.findall(text)[-1]
    return len(text) >= SHORTEST_CUT and strange == {last} and any(word.startswith(last) for word in stated)
