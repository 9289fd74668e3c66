"""Extracts the commits that were made: a hash and its message, in a list, a table, a label or a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessions.parsing.reading import Reading
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.entries import listings
from sessions.parsing.vocabulary import Role, any_of, words
from sessions.records import CommitRecord
from sessions.text import headline, plain

# A hash mixes digits and letters. Digits only are a number, letters only a word.
_HASH = re.compile(r"(?<![\w./#-])(?=[0-9a-f]{0,39}\d)(?=[0-9a-f]{0,39}[a-f])([0-9a-f]{7,12}|[0-9a-f]{40})(?![\w/-])")
_CONVENTIONAL = re.compile(
    r"^(?:feat|fix|docs|chore|refactor|test|style|perf|build|ci|revert)(?:\([^()\n]{1,40}\))?!?: \S"
)
_SAYS_COMMIT = re.compile(rf"{any_of(words('commit_words'))}\w*\W{{0,4}}$", re.IGNORECASE)


def extract_commits(reading: Reading) -> tuple[CommitRecord, ...]:
    commits: dict[str, CommitRecord] = {}
    for listing in listings(reading, Role.COMMITS, outside=(Role.NEXT_STEPS,)):
        reading.context("commits", f"the heading {listing.text!r}", (listing.first, listing.first))
        for record in _of_listing(listing):
            reading.claim("commits", f"listed under {listing.text!r}", (record.line, record.line))
            commits.setdefault(record.hash or record.message, record)
    for record in _named(reading):
        if not any(record.hash.startswith(listed) or listed.startswith(record.hash) for listed in commits):
            reading.claim("commits", "named as a commit", (record.line, record.line))
            commits[record.hash] = record
    return tuple(sorted(commits.values(), key=lambda record: record.line))


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
    shown = plain(text)
    if commit_hash := _HASH.search(shown):
        message = headline((shown[: commit_hash.start()] + shown[commit_hash.end() :]).strip(" :-–—()[]|*"))
        yield CommitRecord(commit_hash[1], message, line)
    elif bare and _CONVENTIONAL.match(headline(text)):
        yield CommitRecord("", headline(text), line)


def _named(reading: Reading) -> Iterator[CommitRecord]:
    """Yields the commits of "Commit: `abc1234`" and "committed as abc1234" anywhere in the session."""
    for node in reading.walk():
        if node.kind not in (NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW):
            continue
        shown = plain(node.text)
        for commit_hash in _HASH.finditer(shown[:600]):
            if node.role is Role.COMMITS or _SAYS_COMMIT.search(shown[: commit_hash.start()]):
                message = headline(shown[commit_hash.end() :].strip(" :-–—()[]|*"))
                yield CommitRecord(commit_hash[1], message, node.first)
