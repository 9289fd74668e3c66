"""Tells what was wrong from what was done about it, where one line says both."""

from __future__ import annotations

import re
from itertools import islice

from sessions.parsing.problems.verdicts import begins_with_action, begins_with_repair, is_plan, repaired_in
from sessions.parsing.vocabulary import any_of, words
from sessions.text import headline, plain

CONSEQUENCE = re.compile(rf"{any_of(words('consequences'))}\s")
BREAK = re.compile(
    rf"\s[—–-]\s|;\s|(?<=\w)\.\s|,\s(?={any_of(words('past_clauses'))}\s|{CONSEQUENCE.pattern})"
)  # fmt: skip
_MOST_BREAKS = 3
_ARROW = re.compile(r"\s(?:→|⇒|->|=>)\s")


def problem_and_repair(text: str) -> tuple[str, str]:
    """Returns what was wrong and what was done; the second is empty if a line says only one of them.

    >>> problem_and_repair("Uploads time out → raised the limit to 60 s")
    ('Uploads time out', 'raised the limit to 60 s')
    >>> problem_and_repair("Fixed the jumping view - it keeps its anchor now")
    ('the jumping view', 'it keeps its anchor now')
    """
    words = plain(text)
    if arrow := _ARROW.search(words, 1):
        return headline(words[: arrow.start()]), headline(words[arrow.end() :])
    breaks = [found.span() for found in islice(BREAK.finditer(words), _MOST_BREAKS)]
    first = words[: breaks[0][0]] if breaks else words
    if begins_with_repair(headline(first)) and (repaired := repaired_in(first)):
        return repaired, headline(words[breaks[0][1] :] if breaks else words)
    for end, start in breaks:
        after = words[start:]
        if (begins_with_action(after) or CONSEQUENCE.match(after)) and not is_plan(after):
            return headline(words[:end]), headline(after)
    return headline(words), ""
