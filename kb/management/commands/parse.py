"""`manage.py parse FILE...`: what a log is read as. Uses no database and stores nothing."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from sessions.parsing.pipeline import read_log
from sessions.records import LogRecord, SessionRecord


class Command(BaseCommand):
    help = "Print the records of session logs. Stores nothing; credentials are printed as they stand in the log."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON line a file (docs/records.md)")

    def handle(self, *args: Any, **options: Any) -> None:
        refused = 0
        for path in options["files"]:
            try:
                content = path.read_bytes()
            except OSError as problem:
                self.stderr.write(f"{path}: cannot be read ({problem.strerror}). Check the name and its permissions.")
                refused += 1
                continue
            record = read_log(str(path), content).record
            self.stdout.write(json.dumps(record.as_json(), ensure_ascii=False) if options["json"] else _report(record))
        if refused:
            sys.exit(1)


def _report(record: LogRecord) -> str:
    lines = [f"{record.path}: {len(record.sessions)} session(s), {record.encoding}"]
    for session in record.sessions:
        lines += _session_report(session)
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
