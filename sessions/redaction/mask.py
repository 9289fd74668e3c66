"""Applies the rules line by line; a mask never changes the number of lines."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.redaction.rules import (
    HARMLESS,
    KEY_BLOCK_BEGIN,
    KEY_BLOCK_END,
    RULES,
    TABLE_SECRET_COLUMN,
    Rule,
    is_hinted,
)

MASK = "***"
_KEY = "-----BEGIN"
_LONGEST_LINE = 20_000  # a longer line is looked at in pieces of this length, so that no rule costs a product
_BY_NAME_ONLY = frozenset({"assigned secret", "named secret", "secret in a table", "password option"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A masked credential: the rule, its 1-based line, 0-based columns of the mask, and what stands there now."""

    rule: str
    line: int
    start: int
    end: int
    masked: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without its credentials, line by line the original, and where they were."""

    text: str
    findings: tuple[Finding, ...]


def redact(text: str) -> Redaction:
    """Masks every credential the rules know. Masking what is masked already changes nothing."""
    lines = text.split("\n")
    findings: list[Finding] = []
    in_key = False
    secret_columns: tuple[int, ...] = ()
    for number, line in enumerate(lines, start=1):
        if in_key or (_KEY in line and KEY_BLOCK_BEGIN.search(line)):
            lines[number - 1], in_key = _key_line(line, number, in_key, findings)
            continue
        secret_columns = _secret_columns(line, secret_columns)
        if secret_columns and not _is_header(line):
            line = _mask_columns(line, number, secret_columns, findings)
        lines[number - 1] = _mask_line(line, number, findings) if is_hinted(line) else line
    return Redaction("\n".join(lines), tuple(findings))


def _key_line(line: str, number: int, in_key: bool, findings: list[Finding]) -> tuple[str, bool]:
    """Masks the body of a private key; the lines that begin and end it stay."""
    begin, end = KEY_BLOCK_BEGIN.search(line), KEY_BLOCK_END.search(line)
    if begin and end:
        findings.append(Finding("private key", number, begin.end(), begin.end() + len(MASK), MASK))
        return line[: begin.end()] + MASK + line[end.start() :], False
    if begin:
        findings.append(Finding("private key", number, 0, len(line), begin[0]))
        return line, True
    if end:
        return line, False
    if line.lstrip().startswith(("#", "```")):
        return line, False
    return (MASK if line.strip() else line), in_key


def _mask_line(line: str, number: int, findings: list[Finding]) -> str:
    pieces = [line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE)] or [line]
    for rule in RULES:
        offset = 0
        for index, piece in enumerate(pieces):
            pieces[index] = _apply(rule, piece, number, offset, findings)
            offset += len(pieces[index])
    return "".join(pieces)


def _apply(rule: Rule, line: str, number: int, offset: int, findings: list[Finding]) -> str:
    position, shift, out = 0, 0, []
    for match in rule.pattern.finditer(line):
        secret = match["secret"]
        if MASK in secret or (rule.name in _BY_NAME_ONLY and HARMLESS.match(secret)):
            continue
        mask = secret[: rule.keep] + MASK
        start, end = match.span("secret")
        out += [line[position:start], mask]
        position = end
        findings.append(Finding(rule.name, number, offset + start + shift, offset + start + shift + len(mask), mask))
        shift += len(mask) - len(secret)
    return "".join([*out, line[position:]]) if out else line


def _secret_columns(line: str, current: tuple[int, ...]) -> tuple[int, ...]:
    """The columns of the table a line stands in whose title names a secret; none outside such a table."""
    if "|" not in line:
        return ()
    if current:
        return current
    cells = line.strip().strip("|").split("|")
    return (
        tuple(at for at, cell in enumerate(cells) if len(cells) > 1 and TABLE_SECRET_COLUMN.match(cell))
        if (not any(char.isdigit() for char in line))
        else ()
    )


def _is_header(line: str) -> bool:
    cells = line.strip().strip("|").split("|")
    return all(set(cell.strip()) <= set(":-") for cell in cells) or any(TABLE_SECRET_COLUMN.match(c) for c in cells)


def _mask_columns(line: str, number: int, columns: tuple[int, ...], findings: list[Finding]) -> str:
    cells = line.split("|")
    lead = 1 if line.lstrip().startswith("|") else 0
    for column in columns:
        at = column + lead
        if at >= len(cells):
            continue
        value = cells[at].strip(" \t`*_\"'")
        if len(value) < 4 or " " in value or MASK in value or value.startswith(("<", "$")) or HARMLESS.match(value):
            continue
        if value.isalnum() and not any(char.isdigit() for char in value):
            continue
        cells[at] = cells[at].replace(value, MASK, 1)
        start = len("|".join(cells[:at])) + 1
        findings.append(Finding("secret in a table column", number, start, start + len(cells[at]), MASK))
    return "|".join(cells)
