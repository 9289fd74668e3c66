"""Counts how words are used in a folder of logs, for `kb.linking.lexicon`."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from kb.linking.lexicon import Usage
from kb.linking.terms import keys_of, split

_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_IDENTIFIER = re.compile(r"[/_]|\.(?!$)|[a-z][A-Z]")
_FENCE, _INDENT, _COLON = "```", "    ", ":"
_CODE, _PROSE, _PROPER = "code", "prose", "proper"
_LEAST_LOGS = 2


def usages_in(folder: Path) -> dict[str, Usage]:
    """Returns the usage of each word that two logs or more have."""
    counts: dict[str, Counter[str]] = {_CODE: Counter(), _PROSE: Counter(), _PROPER: Counter()}
    logs: Counter[str] = Counter()
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in (".md", ".txt")]
    for file in files:
        used = _used_in(file.read_text(encoding="utf-8", errors="replace"))
        logs.update(used.keys())
        for key, ways in used.items():
            for way in ways:
                counts[way][key] += 1
    return {
        key: Usage(
            1 - math.log(count) / math.log(max(len(files), 2)),
            (counts[_CODE][key] + 0.5) / (count + 2),
            (counts[_PROSE][key] + 0.5) / (count + 2),
            (counts[_PROPER][key] + 0.2) / (counts[_PROSE][key] + 2),
        )
        for key, count in logs.items()
        if count >= _LEAST_LOGS
    }


def _used_in(text: str) -> dict[str, set[str]]:
    used: dict[str, set[str]] = defaultdict(set)
    for line in _lines_of_prose(text):
        for span in _CODE_SPAN.findall(line):
            for token in split(span):
                for key in keys_of(token):
                    used[key].add(_CODE)
        for key, way in _used_in_prose(_CODE_SPAN.sub(" , ", line)):
            used[key].add(way)
    return used


def _lines_of_prose(text: str) -> Iterator[str]:
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith(_FENCE):
            fenced = not fenced
        elif not fenced and not line.startswith(_INDENT):
            yield line


def _used_in_prose(line: str) -> Iterator[tuple[str, str]]:
    first = True
    for token in split(line):
        keys = keys_of(token)
        if not keys:
            first = first or token == _COLON
            continue
        if _IDENTIFIER.search(token):
            yield from ((key, _CODE) for key in keys)
        else:
            is_proper = not first and token[0].isupper() and not token.isupper()
            yield from ((key, way) for key in keys for way in ((_PROSE, _PROPER) if is_proper else (_PROSE,)))
        first = token.endswith(".")
