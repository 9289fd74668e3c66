"""Extracts commits that were made: a hash with its message, in a list, a table, a label or a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import listings
from sessions.parsing.vocabulary import Role
from sessions.records import CommitRecord
from sessions.text import headline, plain

# A hash mixes digits and letters: a run of digits is a number, a run of letters a word.
_HASH = re.compile(r"(?<![\w./#-])(?=[0-9a-f]{0,39}\d)(?=[0-9a-f]{0,39}[a-f])([0-9a-f]{7,12}|[0-9a-f]{40})(?![\w/-])")
_CONVENTIONAL = re.compile(
    r"^(?:feat|fix|docs|chore|refactor|test|style|perf|build|ci|revert)(?:\([^()\n]{1,40}\))?!?: \S"
)
_SAYS_COMMIT = re.compile(r"(?:commit|коммит|提交|コミット|커밋)\w*\W{0,4}$", re.IGNORECASE)


def extract_commits(reading: Reading) -> tuple[CommitRecord, ...]:
    found: dict[str, CommitRecord] = {}
    for listing in listings(reading, Role.COMMITS, outside=(Role.NEXT_STEPS,)):
        reading.context("commits", f"the heading {listing.text!r}", (listing.first, listing.first))
        for record in _of_listing(listing):
            reading.claim("commits", f"listed under {listing.text!r}", (record.line, record.line))
            found.setdefault(record.hash or record.message, record)
    for record in _named(reading):
        if not any(record.hash.startswith(known) or known.startswith(record.hash) for known in found):
            reading.claim("commits", "named as a commit", (record.line, record.line))
            found[record.hash] = record
    return tuple(sorted(found.values(), key=lambda record: record.line))


def _of_listing(listing: Node) -> Iterator[CommitRecord]:
    for node in listing.walk():
        if node.kind is NodeKind.FENCE and node.language in ("", "text", "txt", "git", "log"):
            for number, line in enumerate(node.text.split("\n"), start=node.first + 1):
                yield from _record(line, number)
        elif node.kind is NodeKind.ROW:
            yield from _record(" ".join(node.cells), node.first)
        elif node.kind in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.SECTION):
            yield from _record(node.text, node.first, bare=True)


def _record(text: str, line: int, *, bare: bool = False) -> Iterator[CommitRecord]:
    words = plain(text)
    found = _HASH.search(words)
    if found:
        message = headline((words[: found.start()] + words[found.end() :]).strip(" :-–—()[]|*"))
        yield CommitRecord(found[1], message, line)
    elif bare and _CONVENTIONAL.match(headline(text)):
        yield CommitRecord("", headline(text), line)


def _named(reading: Reading) -> Iterator[CommitRecord]:
    """ "Commit: `abc1234`" and "committed as abc1234" anywhere."""
    for node in reading.walk():
        if node.kind not in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW):
            continue
        words = plain(node.text)
        for found in _HASH.finditer(words[:600]):
            if node.role is Role.COMMITS or _SAYS_COMMIT.search(words[: found.start()]):
                message = headline(words[found.end() :].strip(" :-–—()[]|*"))
                yield CommitRecord(found[1], message, node.first)
