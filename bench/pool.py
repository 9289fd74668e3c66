"""A pool of errors whose truth is known: families of problems, the things they name, and the many ways to word them.

Every text is invented. An identity is a family with its names filled in. Its members are wordings of it, with noise
(ids, times, paths, line numbers) that has nothing to do with the problem.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """An error as a log states it, and the number of its problem."""

    identity: int
    title: str
    message: str
    exception: str


# (wordings, exception). A wording is "title | message"; {a}, {b} are names, {id}, {time}, {path}, {n} are noise.
FAMILIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("column", "UndefinedColumn", (
        'Missing {a} column | psycopg2.errors.UndefinedColumn: column "{a}" of relation "{b}" does not exist',
        "UndefinedColumn: {a} does not exist",
        "The {a} column was never added to {b}",
        "`{a}` is gone from table {b} | at {time}",
        "insert into {b} fails, no such column {a} | {path}:{n}",
    )),
    ("table", "UndefinedTable", (
        'relation "{b}" does not exist | psycopg2.errors.UndefinedTable: relation "{b}" does not exist LINE {n}',
        "Missing {b} table",
        "Table {b} not found after the migration at {time}",
        "`{b}` table does not exist on staging",
    )),
    ("unique", "UniqueViolation", (
        'duplicate key value violates unique constraint "{b}_pkey" | Key (id)=({n}) already exists.',
        "Duplicate rows: `{b}_pkey` violated on import {id}",
        "UniqueViolation on {b}_pkey",
        "the {b}_pkey constraint rejects a duplicate | {path}",
    )),
    ("module", "ModuleNotFoundError", (
        "ModuleNotFoundError: No module named '{a}'",
        "Module `{a}` not found in the image | {path} line {n}",
        "worker cannot find module {a}",
        "package {a} missing from requirements | No module named '{a}'",
    )),
    ("key", "KeyError", (
        "KeyError: '{a}' | {path}, line {n}, in handle",
        "`{a}` missing from the payload | KeyError: '{a}'",
        "handler raises KeyError '{a}' for request {id}",
    )),
    ("route404", "404", (
        "404 on /api/{b} | GET /api/{b}/{n} 404 Not Found",
        "/api/{b} returns 404",
        "Route /api/{b} not found since {time}",
    )),
    ("route403", "403", (
        "403 Forbidden from /api/{b}",
        "/api/{b} answers 403 for user {n}",
        "Access denied: /api/{b} | HTTP 403 at {time}",
    )),
    ("route500", "500", (
        "500 on /api/{b} | Internal Server Error, request {id}",
        "/api/{b} crashes with 500",
        "Internal server error from /api/{b} at {time}",
    )),
    ("slow", "", (
        "/api/{b} times out | no answer after {n}s",
        "Timeout calling /api/{b} at {time}",
        "/api/{b} hangs and never returns",
    )),
    ("refused", "ECONNREFUSED", (
        "ECONNREFUSED {a}-service | connect ECONNREFUSED 10.0.0.{n}:6379",
        "`{a}-service` refuses connections",
        "connection refused by {a}-service at {time}",
        "cannot connect: `{a}-service` unreachable | ECONNREFUSED",
    )),
    ("nofile", "ENOENT", (
        "ENOENT: no such file or directory, open '{path}{a}.json'",
        "`{a}.json` not found at start",
        "{a}.json is missing from the build {id}",
    )),
    ("typescript", "TS2339", (
        "TS2339: Property '{a}' does not exist on type '{b}' | {path}view.ts({n},12)",
        "TS2339 property `{a}` missing on `{b}`",
        "type check fails: TS2339, '{a}' not found on '{b}'",
    )),
    ("null", "TypeError", (
        "TypeError: Cannot read properties of undefined (reading '{a}') | at {path}view.js:{n}:7",
        "Cannot read properties of undefined reading `{a}`",
        "TypeError reading '{a}', undefined is not expected there",
    )),
    ("lock", "LockNotAvailable", (
        'could not obtain lock on relation "{b}" | LockNotAvailable at {time}',
        "Deadlock on `{b}` during the nightly run",
        "migration blocked: lock timeout on table {b}",
    )),
    ("memory", "", (
        "`{a}_worker` runs out of memory | OOMKilled after {n} minutes",
        "OOMKilled: {a}_worker",
        "memory leak in {a}_worker, killed at {time}",
    )),
    ("env", "", (
        "{A} is not set | environment variable {A} missing, job {id}",
        "Missing `{A}` in the environment",
        "deploy fails, {A} not defined",
    )),
    ("css", "", (
        "`.{a}-panel` overlaps the footer on phones",
        "Overlap: `.{a}-panel` and the footer at {n}px",
    )),
    ("stale", "", (
        "`{a}_cache` serves stale data | seen at {time}",
        "Stale entries in {a}_cache after the deploy",
        "{a}_cache is outdated until restart",
    )),
    ("prose1", "", (
        "Nightly export of {w} writes every line twice",
        "Export of {w} writes every line two times, nightly run {id}",
    )),
    ("prose2", "", (
        "Login with {w} loops back to the start page",
        "After login with {w} the browser loops back to the start page at {time}",
    )),
    ("prose3", "", (
        "Charts of {w} show wrong totals after midnight",
        "Wrong totals in the charts of {w} after midnight ({time})",
    )),
)  # fmt: skip
COLUMNS = ("started_at", "total_net", "currency_code", "owner_id", "retry_count", "due_on", "is_hidden", "last_seen")
TABLES = ("orders", "parcels", "invoices", "members", "shipments", "vouchers", "tickets", "ledgers")
PLAIN = ("mailing lists", "guest accounts", "spring vouchers", "harbour fees", "field reports", "night shifts")


def make_pool(seed: int = 1, copies: int = 2) -> list[Member]:
    """Returns each family with eight pairs of names, each wording `copies` times with different noise, shuffled."""
    dice = random.Random(seed)
    pool: list[Member] = []
    identity = 0
    for _name, exception, wordings in FAMILIES:
        for number, column in enumerate(COLUMNS):
            names = _names(column, TABLES[number], PLAIN[number % len(PLAIN)])
            if "{w}" in wordings[0] and number >= len(PLAIN):
                continue
            for wording in wordings:
                texts = [wording.format(**names, **_noise(dice)) for _copy in range(copies)]
                pool += [_member(identity, text, exception, dice) for text in texts]
            identity += 1
    dice.shuffle(pool)
    return pool


def _names(column: str, table: str, plain: str) -> dict[str, str]:
    return {"a": column, "A": column.upper(), "b": table, "w": plain}


def _noise(dice: random.Random) -> dict[str, str]:
    return {
        "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "time": f"{dice.randrange(24):02}:{dice.randrange(60):02}:{dice.randrange(60):02}",
        "path": dice.choice(("/home/ana/app/", "/var/folders/x7/", "/srv/build/", "/Users/li/src/")),
        "n": str(dice.randrange(10, 99)),
    }


def _member(identity: int, text: str, exception: str, dice: random.Random) -> Member:
    title, _bar, message = text.partition(" | ")
    known = exception if exception.lower() in text.lower() or dice.random() < 0.3 else ""
    return Member(identity, title, message, known)


def pairs(labels: Sequence[int]) -> set[tuple[int, int]]:
    """Returns all pairs of positions with equal labels."""
    where: dict[int, list[int]] = {}
    for position, label in enumerate(labels):
        where.setdefault(label, []).append(position)
    return {(one, other) for group in where.values() for n, one in enumerate(group) for other in group[n + 1 :]}
