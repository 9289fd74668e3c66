"""How masking grows with the length of a line: python bench/redaction.py

Every name, program, account and rule is repeated on a single line of 10 KB, 100 KB and 1 MB. Fails when ten times the
input costs more than 13 times, or 1 MB more than 4 s.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sessions.redaction import redact
from sessions.redaction.command_lines import COMMANDS
from sessions.redaction.rules import RULES
from sessions.redaction.words import LANGUAGES

SIZES = (10_000, 100_000, 1_000_000)
MOST_GROWTH, MOST_SECONDS, NOISE = 13.0, 4.0, 0.01
BESIDES = (
    "a_", "a_a_a_ ", "a", "0", "aA0/", "'", "password: '", "password=f(", "password((", "password for aaaa ", "token=a",
    "login (a@b.c / ", "account account ", "://a:", "| password ", "Cookie: a=b; ", "bearer a ", "echo a | ", "密码是",
    "recovery codes: 1a2b-", "seed phrase: abc abc ", "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----A1",
)  # fmt: skip


def pieces() -> Iterator[str]:
    yield from BESIDES
    for language in LANGUAGES:
        for listed in (language.passwords, language.tokens, language.pins, language.accounts):
            yield from (listed.split(", ")[0] + end for end in ("=", ": ", " ") if listed)
    yield from (command.programs[0] + " a/a " for command in COMMANDS)
    yield from (rule.needles[0] for rule in RULES if rule.needles)


def seconds(text: str) -> float:
    start = time.process_time()
    redact(text)
    return time.process_time() - start


def main() -> int:
    spent = {piece: [seconds((piece * size)[:size]) for size in SIZES] for piece in dict.fromkeys(pieces())}
    bad = []
    for piece, times in sorted(spent.items(), key=lambda one: -one[1][-1]):
        growth = max((large / max(small, NOISE) for small, large in itertools.pairwise(times)), default=0.0)
        line = f"{piece!r:<40} {'  '.join(f'{1000 * s:8.1f} ms' for s in times)}   x{growth:.1f}"
        if growth > MOST_GROWTH or times[-1] > MOST_SECONDS:
            bad.append(line)
        elif times[-1] > 1.5:
            print(line)
    print("\n".join(bad) if bad else f"All {len(spent)} linear, and within their time.")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
