"""Tells what was wrong from what was done about it, where one line says both."""

from __future__ import annotations

import re

from sessions.parsing.problems.verdicts import begins_with_action, begins_with_repair, is_plan, repaired_in
from sessions.parsing.vocabulary import any_of, words
from sessions.text import headline, plain

CONSEQUENCE = re.compile(rf"{any_of(words('consequences'))}\s")
BREAK = re.compile(
    rf"\s[—–-]\s|;\s|(?<=\w)\.\s|,\s(?={any_of(words('past_clauses'))}\s|{CONSEQUENCE.pattern})"
)  # fmt: skip
_ARROW = re.compile(r"\s(?:→|⇒|->|=>)\s")


def problem_and_repair(text: str) -> tuple[str, str]:
    """Returns what was wrong and what was done; the second is empty if a line says only one of them.

    >>> problem_and_repair("Uploads time out → raised the limit to 60 s")
    ('Uploads time out', 'raised the limit to 60 s')
    >>> problem_and_repair("Fixed the jumping view - it keeps its anchor now")
    ('the jumping view', 'it keeps its anchor now')
    """
    words = plain(text)
    parts = _ARROW.split(words, maxsplit=1)
    if len(parts) == 2 and all(parts):
        return headline(parts[0]), headline(parts[1])
    parts = BREAK.split(words, maxsplit=3)
    if begins_with_repair(headline(parts[0])) and (repaired := repaired_in(parts[0])):
        return repaired, headline(" - ".join(parts[1:])) or headline(words)
    for number, part in enumerate(parts[1:], start=1):
        if (begins_with_action(part) or CONSEQUENCE.match(part)) and not is_plan(part):
            return headline(" - ".join(parts[:number])), headline(" - ".join(parts[number:]))
    return headline(words), ""
