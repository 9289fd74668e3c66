"""An incident told by time: what was noticed, what had caused it, what was done, and that all was well again."""

from __future__ import annotations

import re

from sessions.parsing.problems.accounts import is_deed
from sessions.parsing.problems.parts import LONGEST_TITLE, Attempted, Place
from sessions.parsing.problems.verdicts import outcome_of, says_failure
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.vocabulary import any_of, folded_words, phrases
from sessions.records import Outcome
from sessions.text import headline, plain

_TIME = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?(?:am|pm|UTC|Z))?"
_CLOCK = re.compile(rf"\W{{0,3}}(?:\d{{4}}-\d\d-\d\d[T ])?{_TIME}(?:\s[A-Z]{{2,4}})?\W{{0,3}}$")
_CLOCKED = re.compile(rf"\W{{0,3}}{_TIME}\W{{0,4}}\s*(?P<event>\S.*)$", re.DOTALL)
_ALERT = re.compile(rf"(?:{any_of(folded_words('alerts'))})\s?[:：]\s", re.IGNORECASE)
_LEAST_EVENTS = 3


def place_of_timeline(listing: Node) -> Place | None:
    """Returns the problem of a table or list of events by time, one of which says that all is well again."""
    events = _events(listing)
    if len(events) < _LEAST_EVENTS:
        return None
    texts = [text for _node, text in events]
    start = next((n for n, text in enumerate(texts) if says_failure(text) or text in phrases("alerts")), None)
    end = next((n for n, text in enumerate(texts) if text in phrases("recovered") and not says_failure(text)), None)
    if start is None or end is None or end <= start:
        return None
    span = (events[start][0].first, events[end][0].last)
    title = headline(_ALERT.sub("", texts[start], count=1))
    place = Place(title[:LONGEST_TITLE], span, "told by time, up to where all was well again", status="fixed")
    between = range(start + 1, end)
    deeds = [n for n in between if is_deed(texts[n])] or ([end] if is_deed(texts[end]) else [])
    last = deeds[-1] if deeds else end
    told = (texts[n] for n in reversed(between) if n < last and n not in deeds and outcome_of(texts[n]) != "failed")
    place.cause = next(told, "")
    for number in deeds:
        later = next((deed for deed in deeds if deed > number), end)
        outcome: Outcome = "failed" if any(says_failure(text) for text in texts[number + 1 : later]) else "worked"
        place.fixes.append(Attempted(headline(texts[number])[:LONGEST_TITLE], events[number][0].span, "", outcome))
    return place


def _events(listing: Node) -> list[tuple[Node, str]]:
    """Returns the entries that begin with a time of day, with their words, or none if others lie between them."""
    if listing.kind is NodeKind.TABLE:
        rows = [(row, plain(" - ".join(row.cells[1:]))) for row in listing.children if len(row.cells) > 1]
        return rows if rows and all(_CLOCK.match(row.cells[0]) for row, _text in rows) else []
    lines = listing.items() or [child for child in listing.children if child.kind is NodeKind.STATEMENT]
    clocked = [(line, _CLOCKED.match(plain(line.text))) for line in lines]
    return [(line, match["event"]) for line, match in clocked if match] if all(m for _line, m in clocked) else []
