"""Reads spoiled logs for a given time: python bench/fuzzing.py [--seconds N | --cases N] [--seed N]

Every case is generated from the parser's cases and the examples with its own seed, and checked for the invariants of
a log (`tests/parsing/invariants.py`). A case that fails, or takes more than three seconds, is shortened as far as it
still fails and written to a file. The exit status is then 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.parsing.invariants import read_and_check
from tests.parsing.mutations import seeds, spoiled

MOST_SECONDS = 3.0
_MOST_FAILURES = 10
_LONGEST_SHORTENING = 20.0  # seconds


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--cases", type=int, default=sys.maxsize)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options.add_argument("--folder", type=Path, default=Path("artefacts"), help="where failing logs are written")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    failures: dict[str, Path] = {}
    slowest, count, start = 0.0, 0, time.monotonic()
    for number, text in _texts(chosen.seed, chosen.cases):
        if time.monotonic() - start > chosen.seconds or len(failures) >= _MOST_FAILURES:
            break
        count = number + 1
        failed, spent = attempt(text)
        slowest = max(slowest, spent)
        if failed and failed not in failures:
            failures[failed] = _written(chosen.folder, f"fuzz-{chosen.seed}-{number}.md", shortened(text, failed))
            print(f"case {number}: {failed}: {failures[failed]}", flush=True)
    print(f"{count:,} logs in {time.monotonic() - start:.0f} s, the slowest {slowest:.2f} s; {len(failures)} failures")
    return int(bool(failures))


def attempt(text: str) -> tuple[str, float]:
    """Returns where reading a text fails in the code ("" if it does not), and the processor seconds."""
    start = time.process_time()
    try:
        read_and_check(text)
    except Exception as problem:
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        return f"{type(problem).__name__} at {Path(frame.filename).name}:{frame.lineno}", time.process_time() - start
    spent = time.process_time() - start
    return ("too slow" if spent > MOST_SECONDS else ""), spent


def shortened(text: str, failed: str) -> str:
    """Returns the text without the lines that are irrelevant to the failure."""
    lines, until = text.split("\n"), time.monotonic() + _LONGEST_SHORTENING
    size = max(len(lines) // 2, 1)
    while True:
        at = 0
        while at < len(lines) and time.monotonic() < until:
            fewer = [*lines[:at], *lines[at + size :]]
            if attempt("\n".join(fewer))[0] == failed:
                lines = fewer
            else:
                at += size
        if size == 1 or time.monotonic() > until:
            return "\n".join(lines)
        size //= 2


def _texts(seed: int, cases: int) -> Iterator[tuple[int, str]]:
    logs = seeds()
    for number in range(cases):
        yield number, spoiled(logs, random.Random(f"{seed} {number}"))


def _written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    return path


if __name__ == "__main__":
    sys.exit(main())
