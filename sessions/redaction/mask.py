"""Finds the credentials in a log line by line and masks them. The number of lines never changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from sessions.redaction.accounts import ACCOUNT_HINT, account_secrets
from sessions.redaction.command_lines import HANDED_HINT, PROGRAM_HINT, command_secrets, handed_secrets
from sessions.redaction.labels import Form
from sessions.redaction.named import named_secrets
from sessions.redaction.names import NAME_HINT, NameKind, fold
from sessions.redaction.private_keys import key_secrets
from sessions.redaction.rules import RULE_HINT, is_worth_unhinted, shaped_secrets, unhinted_secrets
from sessions.redaction.spans import MASK, Span
from sessions.redaction.tables import column_secrets, is_rule, secret_columns

Columns = tuple[tuple[int, NameKind], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A masked credential: the rule, its 1-based line, the 0-based columns of the mask, and the mask itself."""

    rule: str
    line: int
    start: int
    end: int
    masked: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without its credentials, on the same lines as the original, and where they were."""

    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Finder:
    """A way to find secrets in a line, and an expression that matches every folded line with one."""

    hint: re.Pattern[str]
    find: Callable[[str], Iterator[Span]]


FINDERS = (
    Finder(RULE_HINT, shaped_secrets),
    Finder(PROGRAM_HINT, command_secrets),
    Finder(HANDED_HINT, handed_secrets),
    Finder(NAME_HINT, named_secrets),
    Finder(ACCOUNT_HINT, account_secrets),
)


def redact(text: str) -> Redaction:
    """Masks every credential the rules know. Masking a masked text again changes nothing."""
    lines, folded = text.split("\n"), fold(text)
    spans: dict[int, list[Span]] = defaultdict(list)
    for finder in FINDERS:
        for index in _hinted_lines(finder.hint, folded):
            spans[index] += _spans(finder, lines, index)
    for index, span in chain(_unhinted(lines, text), _in_columns(lines, folded), _in_keys(lines, folded)):
        spans[index].append(span)
    findings = [finding for index in sorted(spans) for finding in _masked(lines, index, spans[index])]
    return Redaction("\n".join(lines), tuple(findings))


def _spans(finder: Finder, lines: list[str], index: int) -> Iterator[Span]:
    """Yields the secrets of a line. In the head of a table, what follows a name is a title and not a value."""
    in_head = index + 1 < len(lines) and is_rule(lines[index + 1])
    return (span for span in finder.find(lines[index]) if not (in_head and span.rule == Form.CELL))


def is_hinted(line: str) -> bool:
    """Whether any of the finders takes a closer look at a line."""
    folded = fold(line)
    return any(finder.hint.search(folded) for finder in FINDERS) or is_worth_unhinted(line)


def _hinted_lines(hint: re.Pattern[str], folded: str) -> Iterator[int]:
    """Yields the lines that match the hint, in order, each once."""
    index, start = 0, 0
    match = hint.search(folded)
    while match:
        index += folded.count("\n", start, match.start())
        yield index
        start = folded.find("\n", match.end())
        match = hint.search(folded, start) if start >= 0 else None


def _unhinted(lines: list[str], text: str) -> Iterator[tuple[int, Span]]:
    if is_worth_unhinted(text):
        yield from ((index, span) for index, line in enumerate(lines) for span in unhinted_secrets(line))


def _in_keys(lines: list[str], folded: str) -> Iterator[tuple[int, Span]]:
    return key_secrets(lines) if "private" in folded else iter(())


def _in_columns(lines: list[str], folded: str) -> Iterator[tuple[int, Span]]:
    if "|" not in folded or not NAME_HINT.search(folded):
        return
    columns: Columns = ()
    for index, line in enumerate(lines):
        if "|" not in line:
            columns = ()
        elif is_rule(line):
            columns = secret_columns(lines[index - 1]) if index else ()
        elif columns:
            yield from ((index, span) for span in column_secrets(line, columns))


def _masked(lines: list[str], index: int, spans: list[Span]) -> Iterator[Finding]:
    """Masks the spans of a line and yields where the masks are."""
    line, position, out, length = lines[index], 0, [], 0
    for span in _apart(spans):
        mask = line[span.start : span.start + span.keep] + MASK
        out += [line[position : span.start], mask]
        length += span.start - position + len(mask)
        position = span.end
        yield Finding(span.rule, index + 1, length - len(mask), length, mask)
    lines[index] = "".join([*out, line[position:]])


def _apart(spans: list[Span]) -> list[Span]:
    """Returns the spans in order, with overlapping ones united under the name of the first."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        last = apart[-1] if apart else None
        if last and span.start < last.end:
            apart[-1] = Span(last.rule, last.start, max(last.end, span.end), last.keep)
        else:
            apart.append(span)
    return apart
