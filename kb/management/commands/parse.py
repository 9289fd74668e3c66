"""`manage.py parse FILE...`: prints what a log is read as. Uses no database and stores nothing."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.defaultfilters import pluralize

from kb.conf.meaning import notice, reviser
from sessions.parsing.decoding import decode
from sessions.parsing.explain import ExplainedLine, explain
from sessions.parsing.pipeline import ReadLog, Revise, read_text
from sessions.records import LogRecord, SessionRecord
from sessions.sources import Source, SourceError, check_lines, check_text


class Command(BaseCommand):
    help = "Print the records of session logs. Stores nothing; credentials are printed as they are in the log."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one line of JSON for each file (docs/records.md)")
        form.add_argument(
            "--explain", action="store_true", help="each line with the extractor that claimed it, and why"
        )
        parser.add_argument("--no-meaning", action="store_true", help="read by rules alone, as MEANING=off does")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        revise = None if options["no_meaning"] else reviser()
        if not options["no_meaning"] and (cost := notice()):
            self.stderr.write(cost)
        for path in options["files"]:
            try:
                with _collection_paused():
                    printed = _printed(_read(path, revise), options)
            except SourceError as error:
                self.stderr.write(str(error))
            except Exception as error:  # a bug met by one log must not hide the others
                self.stderr.write(
                    f"{path}: reading it failed with {type(error).__name__} ({error}). This is a bug in the "
                    "parser, not in the log: please report it with the lines that cause it; halving the log finds them."
                )
            else:
                self.stdout.write(printed)
                continue
            refused += 1
        if refused:
            sys.exit(1)


def _read(path: Path, revise: Revise | None) -> ReadLog:
    """Reads a log within the limits of an import. Raises SourceError for one that cannot be read as text."""
    content = Source(str(path), "").read(settings.LOG_SIZE_LIMIT)
    decoded = decode(content)
    check_text(str(path), decoded)
    check_lines(str(path), decoded.text, settings.LINE_LENGTH_LIMIT)
    return read_text(str(path), decoded.text, hashlib.sha256(content).hexdigest(), decoded.encoding, revise=revise)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Pauses garbage collection: a growing tree holds none, and a command has its process to itself."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _printed(read: ReadLog, options: dict[str, Any]) -> str:
    if options["json"]:
        return json.dumps(read.record.as_json(), ensure_ascii=False)
    return _explanation(read) if options["explain"] else _report(read.record)


def _explanation(read: ReadLog) -> str:
    return "\n".join([f"{read.record.path}:", *(_explained(line) for line in explain(read))])


def _explained(line: ExplainedLine) -> str:
    extractor, why = "", ""
    if line.claims:
        extractor = "+".join(dict.fromkeys(claim.extractor for claim in line.claims))
        why = line.claims[0].why
    elif not line.is_understood:
        extractor, why = "?", "not understood"
    return f"{line.number:>5} {extractor[:18]:<18} {why[:46]:<46} | {line.text[:200]}".rstrip()


def _report(record: LogRecord) -> str:
    lines = [f"{record.path}: {len(record.sessions)} session{pluralize(record.sessions)}, {record.encoding}"]
    for session in record.sessions:
        lines += _session_report(session)
    if not any(
        session.errors or session.next_steps or session.commands or session.files for session in record.sessions
    ):
        lines.append("  nothing was recognised in it: --explain shows how each line was read")
    coverage = record.coverage
    lines.append(
        f"  lines: {coverage.recorded} in records, {coverage.context} context, "
        f"{coverage.lines - coverage.recorded - coverage.context} not understood"
    )
    return "\n".join(lines)


def _session_report(session: SessionRecord) -> list[str]:
    head = f"  {session.date or 'no date'}  {session.status or 'no status'}  {session.title}"
    groups: list[tuple[str, list[tuple[int, str]]]] = [
        ("errors", [(e.line, f"{e.title} [{e.status}]") for e in session.errors]),
        (
            "fixes",
            [(f.line, f"{f.title} [{f.outcome}] for {', '.join(f.errors) or '?'}") for f in session.fixes],
        ),
        ("commands", [(c.line, c.text.splitlines()[0]) for c in session.commands]),
        ("next steps", [(n.line, f"{n.priority or '--'} {n.text}") for n in session.next_steps]),
        ("files", [(f.line, f"{f.path} [{f.action or '?'}]") for f in session.files]),
        ("learnings", [(entry.line, entry.text) for entry in session.learnings]),
        ("decisions", [(d.line, d.text) for d in session.decisions]),
        ("commits", [(c.line, f"{c.hash} {c.message}") for c in session.commits]),
    ]
    lines = [head]
    for name, rows in groups:
        if rows:
            lines.append(f"    {name}: {len(rows)}")
            lines += [f"      {line:>5}  {text[:100]}" for line, text in rows]
    return lines
