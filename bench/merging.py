"""How long does a merge of the index keep writers waiting? python bench/merging.py [SESSIONS]

Writes invented sessions (5,000 by default) into a SQLite file of its own and merges their segments, while another
process commits a row every 20 ms. Fails if one of these commits takes more than a second.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MAX_SECONDS = 1.0
PAUSE = 0.02


def commit_until_stopped(folder: str) -> None:
    """Commits rows, each in its own transaction, until there is a file "stop". Prints the longest wait."""
    connection = sqlite3.connect(f"{folder}/knowledge.sqlite3", timeout=600, isolation_level=None)
    connection.execute("CREATE TABLE IF NOT EXISTS probe (n)")
    waits = [0.0]
    while not Path(folder, "stop").exists():
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO probe VALUES (1)")
        connection.execute("COMMIT")
        waits.append(time.perf_counter() - start)
        time.sleep(PAUSE)
    print(max(waits))


def main() -> int:
    if sys.argv[1:2] == ["--commit"]:
        commit_until_stopped(sys.argv[2])
        return 0
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder}
        os.environ.pop("DATABASE_URL", None)
        from bench.search import set_up
        from bench.search_base import Words, write

        set_up()
        write(sessions, Words(seed=3))
        longest, spent = measure(folder)
    print(f"merging {sessions:,} sessions: {spent:.1f} s; the longest wait of another writer: {longest:.3f} s")
    return int(longest > MAX_SECONDS)


def measure(folder: str) -> tuple[float, float]:
    """Returns the longest wait of the other process and the duration of the merge, in seconds."""
    from kb.search.index.merging import merge_all

    command = [sys.executable, __file__, "--commit", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        time.sleep(1)
        start = time.perf_counter()
        merge_all()
        spent = time.perf_counter() - start
        Path(folder, "stop").touch()
        longest = float(other.communicate()[0])
    return longest, spent


if __name__ == "__main__":
    sys.exit(main())
