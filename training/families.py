"""Invented problems: families.jsonl, with their names and what changes at each occurrence filled in.

A family is a way to fail, its fields are what identifies a problem of it (a table, a service, a page), and its wordings
are ways to tell of it.
"""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.linking.fingerprints import Stated

FAMILIES = Path(__file__).resolve().parent / "families.jsonl"
_PROBLEMS, _COPIES = 4, 2  # of each family, of each wording
_FIELD = re.compile(r"\{(\w+)\}")
_FOLDERS = (
    "/home/ana/app/src/", "/var/folders/x7/T/", "/srv/build/", "/Users/li/src/web/", "C:\\build\\agent\\",
    "/usr/lib/python3.11/site-packages/core/", "/workspace/",
)  # fmt: skip
_FILES = ("views.py", "index.js", "main.go", "handler.ts", "App.kt", "lib.rs")
_PORTS = ("3000", "5432", "6379", "8080", "9200")


@dataclass(frozen=True, slots=True)
class Told:
    """A wording of a problem. `problem` begins with the family; `names` are what identifies it."""

    family: str
    problem: str
    names: tuple[str, ...]
    stated: Stated


def invented_problems(seed: int = 1) -> list[Told]:
    """Returns each family with its first problems, each wording of them twice with other noise."""
    dice = random.Random(seed)
    lines = FAMILIES.read_text(encoding="utf-8").splitlines()
    return [told for line in lines for told in _told(json.loads(line), dice)]


def problems_in(pool: Path) -> list[Told]:
    """Returns the problems of a pool by others, a JSON list whose identities are "family:name"."""
    rows = json.loads(pool.read_text(encoding="utf-8"))
    return [
        Told(row["identity"].split(":")[0], row["identity"], (), Stated(row["title"], row["message"], row["exception"]))
        for row in rows
    ]


def _told(family: Mapping[str, Any], dice: random.Random) -> Iterator[Told]:
    fields = family["fields"]
    for number in range(min(_PROBLEMS, *(len(values) for values in fields.values()))):
        names = {field: values[number] for field, values in fields.items()}
        problem = f"{family['family']}:{'|'.join(names.values())}"
        for wording in family["wordings"]:
            for _copy in range(_COPIES):
                title, message = (_filled(wording.get(part, ""), names, dice) for part in ("title", "message"))
                stated = Stated(title, message, wording.get("exception", ""))
                yield Told(family["family"], problem, tuple(names.values()), stated)


def _filled(text: str, names: Mapping[str, str], dice: random.Random) -> str:
    def value(match: re.Match[str]) -> str:
        field = match[1]
        return names[field] if field in names else _NOISE[field](dice)

    return _FIELD.sub(value, text)


def _time(dice: random.Random) -> str:
    clock = f"{dice.randrange(24):02}:{dice.randrange(60):02}:{dice.randrange(60):02}"
    return dice.choice((clock, f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}T{clock}Z"))


_NOISE: Mapping[str, Callable[[random.Random], str]] = {
    "n": lambda dice: str(dice.randrange(2, 99_999)),
    "id": lambda dice: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
    "hash": lambda dice: f"{dice.getrandbits(dice.choice((28, 32, 64, 160))):x}",
    "time": _time,
    "ms": lambda dice: str(dice.randrange(20, 90_000)),
    "ip": lambda dice: ".".join(str(dice.randrange(1, 254)) for _part in range(4)),
    "port": lambda dice: dice.choice((*_PORTS, str(dice.randrange(1024, 65_000)))),
    "path": lambda dice: dice.choice(_FOLDERS) + dice.choice(_FILES),
    "line": lambda dice: str(dice.randrange(2, 900)),
    "version": lambda dice: f"{dice.randrange(1, 20)}.{dice.randrange(20)}.{dice.randrange(9)}",
}
