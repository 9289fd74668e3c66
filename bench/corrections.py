"""Corrects logs at random, edits them at random and applies the corrections again: none may be lost without a word.

bench/corrections.py FOLDER --logs 200 --edits 8
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
os.environ.setdefault("MEANING", "off")

import django

django.setup()

from sessions.parsing.decoding import decode  # noqa: E402
from tests.corrections.edits import edited, random_corrections, replay  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--logs", type=int, default=200)
    parser.add_argument("--edits", type=int, default=8)
    parser.add_argument("--show", action="store_true", help="print each correction that went wrong")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.md"))
    Random(1).shuffle(files)
    fates: Counter[str] = Counter()
    logs = 0
    for number, file in enumerate(files):
        if logs == options.logs:
            break
        text = decode(file.read_bytes()).text
        if len(text) > 60_000:
            continue
        random = Random(number)
        corrections = random_corrections(text, random)
        if not corrections:
            continue
        logs += 1
        for fate in replay(text, corrections, edited(text, random, options.edits)):
            fates[fate.name] += 1
            if options.show and fate.name in ("wrong", "lost, line there"):
                found = fate.outcome.entry.record if fate.outcome.entry else fate.outcome.place
                print(fate.name, fate.was, fate.correction.kind, fate.correction.words[:70], "→", str(found)[:200])
    print(f"{logs} logs, {sum(fates.values())} corrections, {options.edits} edits a log")
    for name, count in fates.most_common():
        print(f"  {name}: {count}")
    if fates["wrong"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
