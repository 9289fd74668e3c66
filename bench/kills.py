"""Is an import that was killed at any point and begun again the same? python bench/kills.py [--kills N] [--logs N]

Imports invented logs by `manage.py ingest` into a SQLite file of its own, once without being disturbed; then again and
again into others, kills each import (SIGKILL) at a random moment, and begins it once more, a few times a base, until it
is complete. Compares all tables row for row, ids included, but for the history of imports, for times of the clock and
for how the index is divided into segments, which `manage.py check_index` compares with the records. Fails if any
base differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import ingest as logs_of  # noqa: E402

KILLS_A_BASE = 5
BYTES = 2_500
# What depends on when and how often an import was begun, or names segments by chance.
NOT_COMPARED = {"kb_import", "kb_importedfile", "kb_segment", "kb_block", "kb_removal", "kb_mergelease"}
TIMES = {"imported_at", "updated_at", "added_at", "seen_at", "latest_seen_at", "at"}
Rows = dict[str, list[tuple[object, ...]]]


def manage(base: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATA_DIR": str(base)}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def rows_of(base: Path) -> Rows:
    """Returns the rows of all tables that say what the logs say, without times."""
    with sqlite3.connect(base / "knowledge.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        compared = [n for n in names if n.startswith(("kb_", "session_logs_")) and n not in NOT_COMPARED]
        return {name: _rows(database, name) for name in sorted(compared)}


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [column[1] for column in database.execute(f"PRAGMA table_info({table})") if column[1] not in TIMES]
    return sorted(database.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=str)  # noqa: S608


def imports_begun(base: Path) -> int:
    with sqlite3.connect(base / "knowledge.sqlite3", timeout=60) as database:
        return int(database.execute("SELECT count(*) FROM kb_import").fetchone()[0])


def interrupted(base: Path, logs: Path, seconds: float, dice: random.Random) -> int:
    """Imports logs, killed a few times on the way. Returns how many kills met an import at work."""
    kills = 0
    for _kill in range(KILLS_A_BASE):
        begun = imports_begun(base)
        process = manage(base, "ingest", str(logs))
        while process.poll() is None and imports_begun(base) == begun:
            time.sleep(0.05)
        time.sleep(dice.uniform(0.0, 0.3) * seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL) if dice.random() < 0.5 else process.kill()
            kills += 1
        process.wait()
    manage(base, "ingest", str(logs)).wait()
    return kills


def differences(expected: Rows, found: Rows) -> list[str]:
    return [
        f"{table}: {len(set(expected[table]) ^ set(found.get(table, [])))} rows differ"
        for table in expected
        if expected[table] != found.get(table)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--logs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    print(f"seed {options.seed}")
    logs_of.BYTES = BYTES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs, whole = folder / "logs", folder / "whole"
        logs.mkdir()
        logs_of.write(logs, 0, options.logs)
        manage(whole, "migrate").wait()
        start = time.monotonic()
        manage(whole, "ingest", str(logs)).wait()
        seconds, expected = time.monotonic() - start, rows_of(whole)
        kills = failed = 0
        while kills < options.kills:
            base = folder / f"killed-{kills}"
            manage(base, "migrate").wait()
            kills += interrupted(base, logs, seconds, dice)
            found = differences(expected, rows_of(base))
            broken = manage(base, "check_index").wait() != 0
            print(
                f"{kills:4} kills: {'; '.join(found) or 'the same'}{'; the index is broken' if broken else ''}",
                flush=True,
            )
            failed += bool(found or broken)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
