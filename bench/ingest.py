"""How fast are logs imported? python bench/ingest.py [--logs N] [--folder FOLDER]

Imports invented logs of 12 KB, or those of a folder, the whole way (read, parse, redact, store, link, index) into a
SQLite file of its own, and beside it, in the same run, does what a naive importer does that extracts nothing: a full
markdown-it-py parse, one bulk_create, one FTS5 row. Fails if a log takes more than the naive importer's time over .9,
or .7 for those of a folder; by meaning too, over .4 and .35. Memory must stay flat; with --large N the cost of a log
is measured again once N sessions are there.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The naive importer's time over ours, by whether meaning is on and the logs are those of a folder.
LEAST_FACTOR = {(False, False): 0.9, (True, False): 0.4, (False, True): 0.7, (True, True): 0.35}
BYTES = 12_000
NOUNS = ("ledger", "berth", "manifest", "crane", "gateway", "tariff", "invoice", "export", "queue", "worker")
VERBS = ("rotate", "rebuild", "restart", "migrate", "measure", "document", "replace", "review")
EXCEPTIONS = ("UndefinedColumn", "TimeoutError", "KeyError", "IntegrityError", "ConnectionRefusedError")


def one_log(number: int) -> str:
    """A session log of about 12 KB with a few records of each kind and much prose."""
    dice = random.Random(number)

    def noun() -> str:
        return f"{dice.choice(NOUNS)}_{dice.randint(1, 9999)}"

    errors = "\n".join(
        f"### Issue {n}: {noun()} fails\n- **Error**: `{dice.choice(EXCEPTIONS)}: {noun()} has no {noun()}`\n"
        f"- **Root Cause**: the {noun()} was not there\n- **Fix**: {dice.choice(VERBS)} the {noun()}\n"
        f"- **Result**: ✅ Fixed\n"
        for n in range(1, 4)
    )
    steps = "\n".join(f"- [ ] P{n % 4}: {dice.choice(VERBS)} the {noun()}" for n in range(5))
    files = "\n".join(f"| `src/{noun()}.py` | modified | +{n} |" for n in range(6))
    head = (
        f"# Session {number}: {noun()}\n\n**Date**: 2026-{number % 12 + 1:02}-{number % 28 + 1:02}\n"
        f"**Status**: complete\n\n## Errors\n\n{errors}\n## Commands\n\n```bash\n"
        f"python manage.py {dice.choice(VERBS)} {noun()}\npytest -k {noun()}\n```\n\n"
        f"## Files Changed\n\n| File | Action | Lines |\n|---|---|---|\n{files}\n\n"
        f"## Next Steps\n\n{steps}\n\n## Learnings\n\n- The {noun()} needs the {noun()} first\n\n## Summary\n\n"
    )
    told, number = [head], 0
    while sum(map(len, told)) < BYTES:
        number += 1
        told.append(f"\n### Step {number}\n\n")
        told += [f"- **{dice.choice(VERBS)}** the {noun()} in `{noun()}.py`, then look\n" for _ in range(9)]
        told.append(f"\nThen the {noun()} went on, as the {noun()} of the day before had done.\n")
    return "".join(told)


def naive(files: list[Path]) -> float:
    """Logs a second of an importer that extracts nothing: a row a block of the parse, and the words of the text."""
    from django.db import connection, transaction
    from markdown_it import MarkdownIt

    from kb.models import StepWording
    from sessions.models import Project

    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE naive_words USING fts5(text)")
    project = Project.objects.create(name="naive")
    markdown = MarkdownIt("commonmark").enable("table")
    start = time.perf_counter()
    for number, file in enumerate(files):
        text = file.read_text(encoding="utf-8", errors="replace")
        blocks = [token.content for token in markdown.parse(text) if token.type == "inline"]
        with transaction.atomic(), connection.cursor() as cursor:
            StepWording.objects.bulk_create(
                StepWording(project=project, digest=f"{number}-{at}", words=block) for at, block in enumerate(blocks)
            )
            cursor.execute("INSERT INTO naive_words VALUES (%s)", [text])
    return len(files) / (time.perf_counter() - start)


def ours(files: list[Path]) -> float:
    """Logs a second of the whole path, merges of the index included."""
    from django.core.management import call_command

    start = time.perf_counter()
    with suppress(SystemExit):  # some log of a folder may be refused, as it should be
        call_command("ingest", *map(str, files), stdout=StringIO(), stderr=StringIO())
    return len(files) / (time.perf_counter() - start)


def write(folder: Path, first: int, count: int) -> list[Path]:
    files = []
    for number in range(first, first + count):
        file = folder / f"project-{number % 20}" / f"{number:07}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(one_log(number), encoding="utf-8")
        files.append(file)
    return files


def logs_of(folder: Path) -> list[Path]:
    return sorted(file for file in folder.resolve().rglob("*.md") if file.is_file())


def grown(folder: Path, sessions: int) -> bool:
    """Whether a log costs at most half more with so many sessions there than with a thousand."""
    from django.core.management import call_command

    from bench.bulk_base import multiply
    from sessions.models import SessionLog

    folder.mkdir()
    call_command("flush", interactive=False, verbosity=0)
    ours(write(folder, 20_000_000, 1_000))
    small = ours(write(folder, 30_000_000, 300))
    multiply(max(sessions // SessionLog.objects.count() - 1, 0))
    there = SessionLog.objects.count()
    large = ours(write(folder, 40_000_000, 300))
    print(f"a log costs {small / large:.2f}x with {there} sessions there")
    return small / large <= 1.5


def megabytes() -> float:
    """Memory of the process's own; the database file that is mapped into it belongs to the system's cache."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=2_000)
    parser.add_argument("--folder", type=Path, help="import the logs of a folder instead of invented ones")
    parser.add_argument("--large", type=int, default=0, help="measure again with so many sessions there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"DATA_DIR": name, "DJANGO_SETTINGS_MODULE": "kb.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        from django.conf import settings

        call_command("migrate", verbosity=0)
        logs = folder / "logs"
        logs.mkdir()
        files = logs_of(options.folder) if options.folder else write(logs, 0, options.logs)
        ours(write(logs, 10_000_000, 50))  # warm
        half = len(files) // 2
        first, at_half = ours(files[:half]), megabytes()
        second, at_end = ours(files[half:]), megabytes()
        rate, peer = 2 / (1 / first + 1 / second), naive(files)
        print(f"whole path      {rate:8.1f} logs a second ({first:.1f}, then {second:.1f})")
        print(f"naive importer  {peer:8.1f} logs a second: ours is {rate / peer:.2f}x")
        print(f"memory          {at_half:8.1f} MB half-way, {at_end:.1f} MB at the end")
        good = rate >= LEAST_FACTOR[settings.MEANING, bool(options.folder)] * peer and at_end < at_half * 1.25
        if options.large:
            good &= grown(folder / "grown", options.large)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
