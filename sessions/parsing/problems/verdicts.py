"""What a text says of an error or a fix: whether something failed, was repaired, is only planned or suspected."""

from __future__ import annotations

import re
from functools import lru_cache

from sessions.parsing.tree.roles import is_bare_role
from sessions.parsing.vocabulary import (
    any_of,
    by_script,
    fold,
    folded_words,
    phrases,
    table,
    unfolded,
    whole,
    words,
)
from sessions.records import ErrorStatus, Outcome
from sessions.text import headline, plain

_REMEMBERED = 2048  # texts whose verdict is cached: several extractors ask about the same lines
_GOOD, _MIXED, _BAD = "✅✓✔🟢☑🎉", "⚠🟡🟠", "❌✗✘🔴⛔🚨"
NOT_DONE = "⏸⏳⏭🔜⬜☐"  # marks before what is still to come
_STATUSES: tuple[ErrorStatus, ...] = ("open", "workaround", "partial", "fixed")  # of several stated, the first counts
_TITLE_WORDS = 12
_SHORTEST_CAUSE = 4

_OVER = re.compile(whole(folded_words("over")))
_SAFEGUARD = re.compile(whole(folded_words("safeguards")))
_PLAN = re.compile(rf"^{any_of(folded_words('imperatives'))}\b(?! ?[:(]| for )|{whole(folded_words('plans'))}")
_HYPOTHESIS = re.compile(whole(folded_words("hypotheses")))
_PROPOSED = re.compile(whole(folded_words("proposed")))
_PERSISTS = re.compile(rf"(?:→|->)\s*{whole(folded_words('persisting'))}")
_UNVERIFIED = re.compile(whole(folded_words("unverified")))
_ADDED_MISSING = re.compile(
    rf"{any_of(words('additions'))}\s(?=(?:{any_of(words('articles'))} )?{any_of(words('missing'))})", re.IGNORECASE
)
_SPACED_BECAUSE, _UNSPACED_BECAUSE = map(any_of, by_script(words("because")))
_BECAUSE = re.compile(rf"\b{_SPACED_BECAUSE}\s+([^.;]{{8,300}})|{_UNSPACED_BECAUSE}([^。；]{{3,200}})", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:(?:<?\w{2,9}://\S++|\(?#\d++\)?|[A-Z]{1,10}-\d++|[\w.-]{1,40}/[\w.-]{1,60}#\d++)[\s,;&]*+)++"
)
_ASIDE = re.compile(r"^[(（][^()（）]{0,60}[)）]\s*")  # "Fixed (twice): …"
_ARTICLE = re.compile(any_of(folded_words("articles")))
_CONDITION = re.compile(whole(folded_words("conditions")))
_JOINED = re.compile(rf"\s(?:&|{any_of(words('conjunctions'))})\s*$", re.IGNORECASE)
_CAUSING = re.compile(whole(words("causing")), re.IGNORECASE)
_BRACKETS = re.compile(r"[(（]([^()（）]{8,200})[)）]")


@lru_cache(maxsize=_REMEMBERED)
def status_of_error(text: str) -> ErrorStatus:
    """Returns the status a text states in words, else by its first glyph, else unknown."""
    stated = {match.meaning for match in table("error_statuses").find_all(text)}
    for status in _STATUSES:
        if status in stated:
            return status
    glyph = _first_glyph(text)
    if not glyph:
        return "unknown"
    return "fixed" if glyph in _GOOD else "partial" if glyph in _MIXED else "open"


@lru_cache(maxsize=_REMEMBERED)
def outcome_of(text: str) -> Outcome:
    """Returns how an attempt went according to a text: of failure and success, what it says last.

    "✅ …, but the issue was actually …" failed; "after the query failed, the retry worked" worked.
    """
    stated: list[Outcome] = [match.meaning for match in table("outcomes").find_all(text)]
    ends: list[Outcome] = [outcome for outcome in stated if outcome != "partial"]
    if ends[-1:] == ["failed"]:
        return "failed"
    if "partial" in stated:
        return "partial"
    if ends:
        return "worked"
    if _PERSISTS.search(fold(text[:400])):
        return "failed"
    glyph = _first_glyph(text)
    if not glyph:
        return "unknown"
    return "worked" if glyph in _GOOD else "partial" if glyph in _MIXED else "failed"


def _first_glyph(text: str) -> str:
    return next((c for c in text if c in _GOOD + _MIXED + _BAD), "")


@lru_cache(maxsize=_REMEMBERED)
def says_failure(text: str) -> bool:
    """Whether the text says that something went wrong. "Error handling" and "no errors" do not."""
    return phrases("no_roles").without(text) in phrases("failures")


def is_over(text: str) -> bool:
    """Whether the text says that something no longer goes wrong, which refers to an error without stating it."""
    return _OVER.search(fold(text[:200])) is not None


def is_safeguard(text: str) -> bool:
    """Whether the text describes a guard against failure: "Prevents duplicates", "Better error handling"."""
    return _SAFEGUARD.match(fold(text[:60])) is not None


@lru_cache(maxsize=_REMEMBERED)
def is_plan(text: str) -> bool:
    """Whether the text asks for a repair instead of reporting one: "Fix the remaining errors", "Needs fix"."""
    return _PLAN.search(fold(text[:80])) is not None


@lru_cache(maxsize=_REMEMBERED)
def begins_with_repair(text: str) -> bool:
    """Whether the text begins with a verb of repair: "Fixed …", "Corregido …"."""
    if _ADDED_MISSING.match(text):
        return True
    repair = phrases("repairs").first(text[:60])
    return repair is not None and repair.start <= 3


@lru_cache(maxsize=_REMEMBERED)
def repaired_in(text: str) -> str:
    """Returns what a title or a line says was repaired, or an empty string.

    "Fixed the version mismatch" → "the version mismatch"; "Version check - FIXED ✅", "Cookie fix" → the words before.
    """
    title = headline(text)
    if missing := _ADDED_MISSING.match(title):
        return title[missing.end() :]
    denied = [match for match in table("error_statuses").find_all(title[:200]) if match.meaning == "open"]
    repairs = [
        repair
        for repair in phrases("repairs").find_all(title[:200])
        if not any(repair.start < not_yet.end and not_yet.start < repair.end for not_yet in denied)
    ]
    if not repairs:
        return ""
    folded = fold(title)
    if repairs[0].start <= 3:
        return _bare(title, unfolded(title, repairs[0].end - 1) + 1, len(title))
    last = repairs[-1]
    if last.end >= len(folded.rstrip(" .!)✅")) - 1 and len(folded.split()) <= _TITLE_WORDS:
        return _bare(title, 0, unfolded(title, last.start))
    return ""


def _bare(title: str, first: int, end: int) -> str:
    """Returns a part of a title, or nothing if the verb only follows the name of a role ("Errors found and fixed")."""
    words = without_aside(title[first:end].strip(" :：-–—,&+/")).strip(" :：-–—(（,&+/")
    bare = headline(_JOINED.sub("", words))
    return "" if is_bare_role(bare) or _ARTICLE.fullmatch(fold(bare)) else bare


def without_aside(text: str) -> str:
    """Returns the text without brackets before it: "(again) the list jumps"."""
    return _ASIDE.sub("", text)


@lru_cache(maxsize=_REMEMBERED)
def begins_with_action(text: str) -> bool:
    """Whether the text begins with what was done: a repair, or "Added", "Changed", "Removed"."""
    if begins_with_repair(text):
        return True
    action = table("actions").first(text[:60])
    return action is not None and action.start == 0


def is_hypothesis(text: str) -> bool:
    """Whether the text only suspects something, as a guess at the cause of an error that was already met."""
    return _HYPOTHESIS.search(fold(text[:200])) is not None


def is_proposed(label: str) -> bool:
    """Whether a heading or label precedes repairs that were not made: "Fix needed", "Proposed solution"."""
    return _PROPOSED.search(fold(label[:80])) is not None


@lru_cache(maxsize=_REMEMBERED)
def is_conditional(title: str) -> bool:
    """Whether a title begins by naming a case: "If the port is taken"."""
    return _CONDITION.match(fold(headline(title))) is not None


def is_reference(text: str) -> bool:
    """Whether the text only points to something: an address, the number of a ticket."""
    return _REFERENCE.fullmatch(plain(text).strip(" .,;")) is not None


def is_unverified(text: str) -> bool:
    """Whether the text says that nobody has checked yet: "needs verification", "untested"."""
    return _UNVERIFIED.search(fold(text[:200])) is not None


def cause_in(text: str) -> str:
    """Returns the cause given after "because", before "causing" or in brackets, or an empty string."""
    sentence = plain(text)[:600]
    if because := _BECAUSE.search(sentence):
        return (because[1] or because[2]).strip(" .")
    if causing := _CAUSING.search(sentence):
        begin = max(sentence.rfind(mark, 0, causing.start()) for mark in ".;:。；") + 1
        before = sentence[begin : causing.start()].strip(" ,，—-")
        if len(before) >= _SHORTEST_CAUSE:
            return before
    return next((str(inside) for inside in _BRACKETS.findall(sentence) if _is_clause(inside)), "")


def _is_clause(words: str) -> bool:
    """Whether words in brackets say that something failed, and are not only the name of an exception."""
    return says_failure(words) and (" " in words.strip() or not words.isascii())
