"""The priority of a step, from its own words and glyphs, else from the headings that group it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessions.parsing.tree.document import Node
from sessions.parsing.vocabulary import PhraseMatch, any_of, fold, folded_words, phrases, table, whole
from sessions.records import Priority

# Yellow and green dots mean a stage or a mood as often as a priority, so they do not count.
_GLYPHS: dict[str, Priority] = {"🔴": "P0", "🚨": "P0"}
_CODE = re.compile(r"(?<![a-z0-9_-])p([0-3])(?![a-z0-9_-])")
# "before P1 ships" and "write the P0 plan" only mention a priority.
_MENTIONED = re.compile(r"(?<=\w )(?<!priority )p[0-3](?= \w)")
_IN_BRACKETS = re.compile(r"[(\[【（]([^()\[\]】）]{1,60})[)\]】）]")
_SHORT_TITLE = 40
_HORIZON = re.compile(rf"[ -]?{any_of(folded_words('terms'))}\b")  # "medium-term" is not a priority
_NEGATION = whole(folded_words("negations"))
_NEGATED = re.compile(rf"{_NEGATION}[ -]?$")
# "is not a release blocker", "no longer blocks"
_DENIED = re.compile(rf"{_NEGATION} (?:(?:longer|yet|{any_of(folded_words('articles'))}) ){{1,3}}(?:[\w-]{{1,30}} )?$")
_PRIORITIES: tuple[Priority, ...] = ("P0", "P1", "P2", "P3")
_BLOCKED = re.compile(rf"\s+(?!{any_of(folded_words('prepositions', 'conjunctions'))}\b)[\w#\"'`/]")
_CODES = frozenset(map(str.lower, _PRIORITIES))


def priority_of(text: str) -> Priority | None:
    """Returns the priority that the words of a step give it."""
    code = _CODE.search(_MENTIONED.sub("", fold(text)))
    if code:
        return _PRIORITIES[int(code[1])]
    marks = [text[:_SHORT_TITLE].split(":")[0]] if ":" in text[:_SHORT_TITLE] else []
    for part in [*_IN_BRACKETS.findall(text), *marks]:
        if stated := _stated(part):
            return stated
    glyph = next((c for c in text[:6] if c in _GLYPHS), None)
    if glyph:
        return _GLYPHS[glyph]
    return "P0" if phrases("blocking").get(phrases("no_roles").without(text.split(":")[0])) else None


def priority_of_groups(groups: Sequence[Node]) -> Priority | None:
    """Returns the priority that the innermost of the headings around a step gives it."""
    stated = (_of_heading(group.text) for group in reversed(groups))
    return next((priority for priority in stated if priority), None)


def says_blocking(text: str) -> bool:
    """Whether a text says that something blocks or is blocked, and not that it does not: "not blocking"."""
    words = phrases("no_roles").without(text)
    matches = [match for match in phrases("blocking").find_all(words) if not _is_noun(match, words)]
    before = (words[: match.start] for match in matches)
    return any(not _NEGATED.search(some) and not _DENIED.search(some) for some in before)


def _is_noun(match: PhraseMatch[bool], words: str) -> bool:
    """Whether "blocks" are things ("the blocks of a page"): nothing follows that could be blocked."""
    return match.phrase == "blocks" and _BLOCKED.match(words[match.end :]) is None


def _stated(text: str) -> Priority | None:
    """Returns the priority of the longest phrase that is not negated ("not urgent", "non-critical")."""
    folded = fold(text[:400])
    matches = [
        match
        for match in table("priorities").find_all(text)
        if not _NEGATED.search(folded[: match.start])
        and not _HORIZON.match(folded[match.end :])
        and (match.phrase not in _CODES or _CODE.match(folded, match.start))  # "P0-4" is the number of something
    ]
    longest = max(matches, key=lambda match: match.end - match.start, default=None)
    return longest.meaning if longest is not None else None


def _of_heading(title: str) -> Priority | None:
    code = _CODE.search(fold(title))
    if code:
        return _PRIORITIES[int(code[1])]
    if stated := _stated(title):
        return stated
    glyph = next((c for c in title if c in _GLYPHS), None)
    return _GLYPHS[glyph] if glyph else None
