"""How long does an import hold the write lock of SQLite? python bench/locking.py [--logs N]

Imports invented logs of 12 KB by `manage.py ingest` into a SQLite file of its own, and measures each transaction from
its BEGIN IMMEDIATE to its end: nobody else can write meanwhile. The logs are dense: few of a hundred real ones hold as
many errors, steps, commands and files. Merges of the index are counted apart. Then as many logs are previewed, in
transactions that are rolled back. Prints the time on the clock and that of the processor, which a busy machine does
not lengthen. Fails over 150 ms at the 99th percentile of the imports, or where a preview holds the lock for more than
a second.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST_MS = 150.0
MOST_PREVIEW_MS = 1000.0
BYTES = 12_000
THINGS = (
    "ledger berth manifest crane gateway tariff invoice export queue worker pilot tug buoy hatch winch anchor "
    "customs container pallet voyage roster tide mooring beacon channel lock dock barge keel rudder cargo permit "
    "broker receipt quota sluice pontoon chart sextant logbook"
)
ACTS = (
    "rotate rebuild restart migrate measure document replace review split rename archive trace freeze publish verify "
    "drop widen cache shard pin"
)
NOUNS, VERBS = THINGS.split(), ACTS.split()
EXCEPTIONS = ("UndefinedColumn", "TimeoutError", "KeyError", "IntegrityError", "ConnectionRefusedError")


def dense_log(number: int) -> str:
    """A session log of about 12 KB: errors with their fixes, then as many next steps, commands and files."""
    dice = random.Random(number)

    def noun() -> str:
        return f"{dice.choice(NOUNS)}_{dice.randint(1, 9999)}"

    def act() -> str:
        return f"{dice.choice(VERBS)} the {dice.choice(NOUNS)} {noun()} of the {dice.choice(NOUNS)}"

    lines = [f"# Session {number}: {noun()}", "", f"**Date**: 2026-{number % 12 + 1:02}-{number % 28 + 1:02}", ""]
    lines += ["## Errors", ""]
    for turn in range(1, 19):
        lines += [
            f"### Issue {turn}: {noun()} fails",
            f"- **Error**: `{dice.choice(EXCEPTIONS)}: {noun()} has no {noun()}`",
        ]
        lines += [f"- **Root Cause**: the {noun()} was not there", f"- **Fix**: {act()}", ""]
    lines += ["## Files", "", *(f"- `src/{noun()}.py`: {act()}" for _ in range(45)), ""]
    lines += ["## Commands", "", "```bash", *(f"pytest -k {noun()} --count {n}" for n in range(45)), "```", ""]
    lines += ["## Next Steps", "", *(f"- [ ] P{dice.randrange(4)}: {act()}" for _ in range(30)), ""]
    lines += ["## Learnings", ""]
    while sum(map(len, lines)) < BYTES:
        lines.append(f"- The {noun()} needs the {noun()} before one can {act()}")
    return "\n".join(lines) + "\n"


class Holds:
    """The durations of transactions on the connection, in ms, by what they were for."""

    def __init__(self) -> None:
        from django.db import connection

        self.label, self.spent = "import", dict[str, list[tuple[float, float]]]()
        self._since = (0.0, 0.0)
        backend: Any = connection  # its private methods are in no stub
        backend._start_transaction_under_autocommit = self._begun(backend._start_transaction_under_autocommit)
        backend._commit, backend._rollback = self._ended(backend._commit), self._ended(backend._rollback)

    def _begun(self, begin: Callable[[], Any]) -> Callable[[], None]:
        def begun() -> None:
            begin()
            self._since = _now()

        return begun

    def _ended(self, end: Callable[[], Any]) -> Callable[[], None]:
        def ended() -> None:
            end()
            spent = tuple(1000 * (now - then) for now, then in zip(_now(), self._since, strict=True))
            self.spent.setdefault(self.label, []).append((spent[0], spent[1]))

        return ended

    def of(self, label: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The work, of which the transactions count as another's."""

        def labelled(*args: Any, **kwargs: Any) -> Any:
            former, self.label = self.label, label
            try:
                return work(*args, **kwargs)
            finally:
                self.label = former

        return labelled

    def told(self, label: str) -> tuple[float, float]:
        """Prints the figures of a label; the 99th percentile and the most on the clock, in ms."""
        print(f"{label}: {len(self.spent.get(label, []))} transactions")
        for at, name in enumerate(("clock", "processor")):
            spent = sorted(one[at] for one in self.spent.get(label, [(0.0, 0.0)]))
            middle, high = (spent[int(len(spent) * share)] for share in (0.5, 0.99))
            print(f"  {name:9} median {middle:7.1f}, 99th percentile {high:7.1f}, most {spent[-1]:7.1f} ms")
        on_clock = sorted(clock for clock, _ in self.spent.get(label, [(0.0, 0.0)]))
        return on_clock[int(len(on_clock) * 0.99)], on_clock[-1]


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def previewed(texts: list[str]) -> None:
    from kb.importing.preview import preview_some
    from kb.importing.staging import new_batch

    batch = new_batch(0, "upload", "bench")
    for number, text in enumerate(texts):
        batch.add(f"preview/{number}.md", text.encode(), "harbor")
    while preview_some(batch):
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--logs", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"DATA_DIR": name, "DJANGO_SETTINGS_MODULE": "kb.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        logs = Path(name) / "logs"
        logs.mkdir()
        for number in range(options.logs):
            file = logs / f"project-{number % 20}" / f"{number:06}.md"
            file.parent.mkdir(exist_ok=True)
            file.write_text(dense_log(number), encoding="utf-8")
        from kb.importing import compose, runs

        holds = Holds()
        importers: tuple[Any, ...] = (compose, runs)  # each imports the function by name
        for module in importers:
            module.merge_segments = holds.of("merge", module.merge_segments)
        call_command("ingest", str(logs), stdout=StringIO())
        holds.of("preview", previewed)([dense_log(1_000_000 + n) for n in range(options.logs)])
        high, _ = holds.told("import")
        holds.told("merge")
        _, most = holds.told("preview")
    return int(high > MOST_MS or most > MOST_PREVIEW_MS)


if __name__ == "__main__":
    sys.exit(main())
