"""How an error stands and how a fix went, from the words and glyphs that say so."""

from __future__ import annotations

import re
from functools import lru_cache

from sessions.parsing.vocabulary import fold, phrases, table, unfolded
from sessions.records import ErrorStatus, Outcome
from sessions.text import headline, plain

_REMEMBERED = 2048  # texts whose verdict is kept: several extractors ask about the same lines
_GOOD, _MIXED, _BAD = "✅✓✔🟢☑🎉", "⚠🟡🟠", "❌✗✘🔴⛔🚨"


@lru_cache(maxsize=_REMEMBERED)
def status_of_error(text: str) -> ErrorStatus:
    """The status a text states: the last words that mean one, else its first glyph; else unknown."""
    found = list(table("error_statuses").find_all(text))
    order: tuple[ErrorStatus, ...] = ("open", "workaround", "partial", "fixed")
    for meaning in order:
        if any(match.meaning == meaning for match in found):
            return meaning
    glyph = next((c for c in text if c in _GOOD + _MIXED + _BAD), "")
    if not glyph:
        return "unknown"
    return "fixed" if glyph in _GOOD else "partial" if glyph in _MIXED else "open"


@lru_cache(maxsize=_REMEMBERED)
def outcome_of(text: str) -> Outcome:
    """How an attempt went by what is said of it; "✅ …, but the issue was actually …" failed."""
    found = {match.meaning for match in table("outcomes").find_all(text)}
    order: tuple[Outcome, ...] = ("failed", "partial", "worked")
    for meaning in order:
        if meaning in found:
            return meaning
    glyph = next((c for c in text if c in _GOOD + _MIXED + _BAD), "")
    if not glyph:
        return "unknown"
    return "worked" if glyph in _GOOD else "partial" if glyph in _MIXED else "failed"


@lru_cache(maxsize=_REMEMBERED)
def says_failure(text: str) -> bool:
    """The text says that something went wrong; "error handling" and "no errors" say no such thing."""
    return phrases("no_roles").without(text) in phrases("failures")


def is_over(text: str) -> bool:
    """The text says that something no longer goes wrong: it points at an error without stating it."""
    return _OVER.search(fold(text[:200])) is not None


_OVER = re.compile(
    r"\bno (?:longer|more)\b|不再|больше не|\bya no\b|\bnao (?:mais|volta)\b|\bne \w+ plus\b"
    r"|nicht mehr|niet meer|non piu|なくなっ|더 이상"
)


def is_safeguard(text: str) -> bool:
    """The text tells of a guard against failure: "Prevents duplicates", "Better error handling"."""
    return _SAFEGUARD.match(fold(text[:60])) is not None


_SAFEGUARD = re.compile(
    r"(?:prevent|avoid|ensur|protect|detect|handl(?:e|es|ing)\b|validat|verif|support|improv|enhanc|better|graceful"
    r"|evita|previen|vermeid|verhind|evite|предотвращ|проверк|防止|避免|确保|検証|방지)"
)


@lru_cache(maxsize=_REMEMBERED)
def is_plan(text: str) -> bool:
    """The text asks for a repair rather than telling of one: "Fix the remaining errors", "Needs fix"."""
    return _PLAN.search(fold(text[:80])) is not None


_PLAN = re.compile(
    r"^(?:fix|resolve|repair|address|correct|debug)\b(?! ?[:(]| for )"
    r"|\b(?:needs?|to be|must be|should be|pending) fix|待(?:修复|解决|处理)|需要?修复|修正予定|未修正|수정 필요"
    r"|\b(?:por|a|da|zu) (?:corregir|corriger|corrigir|correggere|beheben)|исправить"
)


@lru_cache(maxsize=_REMEMBERED)
def begins_with_repair(text: str) -> bool:
    """The text begins with a verb of repair: "Fixed …", "Corregido …"."""
    if _ADDED_MISSING.match(text):
        return True
    found = phrases("repairs").first(text[:60])
    return found is not None and found.start <= 3


@lru_cache(maxsize=_REMEMBERED)
def repaired_in(text: str) -> str:
    """The words for what a title or a line says was repaired; empty where it says no such thing.

    "Fixed the version mismatch" → "the version mismatch"; "Version check - FIXED ✅", "Cookie fix" → the words before.
    """
    words = headline(text)
    if missing := _ADDED_MISSING.match(words):
        return words[missing.end() :]
    found = list(phrases("repairs").find_all(words[:200]))
    if not found:
        return ""
    folded = fold(words)
    if found[0].start <= 3:
        return _bare(words, unfolded(words, found[0].end - 1) + 1, len(words))
    last = found[-1]
    if last.end >= len(folded.rstrip(" .!)✅")) - 1 and len(folded.split()) <= _TITLE_WORDS:
        return _bare(words, 0, unfolded(words, last.start))
    return ""


def _bare(words: str, first: int, end: int) -> str:
    return headline(words[first:end].strip(" :：-–—(（,"))


_TITLE_WORDS = 12
_ADDED_MISSING = re.compile(
    r"(?:added|add|добавлен\w*|añadid\w+|agregad\w+|ajout\w*|adicionad\w+|toegevoegd|hinzugefügt)\s"
    r"(?=(?:the |a |la |el |o |a |le )?(?:missing|недостающ|faltante|manquant|fehlend|ontbrekend))",
    re.IGNORECASE,
)


@lru_cache(maxsize=_REMEMBERED)
def begins_with_action(text: str) -> bool:
    """The text begins with what was done: a repair, or "Added", "Changed", "Removed"."""
    if begins_with_repair(text):
        return True
    found = table("actions").first(text[:60])
    return found is not None and found.start == 0


def is_hypothesis(text: str) -> bool:
    """The text only suspects: what it names is a guess at the cause of an error already met."""
    return _HYPOTHESIS.search(fold(text[:200])) is not None


_HYPOTHESIS = re.compile(
    r"\b(?:initially |first )?(?:suspected|suspect|assumed|hypothesis|hypothesised|thought (?:it|to be))\b"
    r"|sospech|suspeit|soupconn|vermut|vermoed|sospett|banui|предполож|подозрева|怀疑|疑似|仮説|疑わ|의심|추정"
)


def is_proposed(label: str) -> bool:
    """A heading or label over repairs that were not made: "Fix needed", "Proposed solution"."""
    return _PROPOSED.search(fold(label[:80])) is not None


_PROPOSED = re.compile(
    r"\b(?:needed|required|proposed|planned|plan|strategy|suggested|possible|potential|options?|recommended|todo"
    r"|strategie|estrategia|strategia|plano|propuest\w+|propost\w+|propose\w*|vorgeschlagen\w*|geplant\w*|voorgesteld\w*"
    r"|posible\w*|possivel|moglich\w*)\b|待|建议|予定|提案|предлага|план|제안|예정"
)


def is_unverified(text: str) -> bool:
    """The text says that nobody has checked yet: "needs verification", "untested"."""
    return _UNVERIFIED.search(fold(text[:200])) is not None


_UNVERIFIED = re.compile(
    r"\b(?:needs? (?:verification|testing|to be verified|to be tested|validation)|untested|unverified"
    r"|not (?:yet )?(?:tested|verified)|sin (?:probar|verificar)|nao testad\w+|non teste\w*|ungetestet"
    r"|nicht getestet|niet getest)\b|не проверен|未验证|未検証|미검증"
)


def cause_in(text: str) -> str:
    """The cause a sentence gives behind "because", before "causing", or in brackets; empty where it gives none."""
    words = plain(text)[:600]
    if found := _BEHIND.search(words):
        return (found[1] or found[2]).strip(" .")
    if found := _CAUSING.search(words):
        begin = max(words.rfind(mark, 0, found.start()) for mark in ".;:。；") + 1
        before = words[begin : found.start()].strip(" ,，—-")
        if len(before) >= _SHORTEST_CAUSE:
            return before
    inside = next((part for part in _BRACKETS.findall(words) if says_failure(part)), "")
    return str(inside)


_BEHIND = re.compile(
    r"\b(?:because(?: of)?|due to|caused by|owing to|as a result of|debido a|porque"
    r"|por culpa de|causad[oa] por|devido a|parce que|à cause de|en raison de|causée? par"
    r"|weil|wegen|aufgrund|verursacht durch|omdat|door|vanwege"
    r"|a causa di|perché|causato da|din cauza|pentru că|потому что|из-за|поскольку|так как)\s+([^.;]{8,300})"
    r"|(?:因为|由于|原因是)([^。；]{3,200})",
    re.IGNORECASE,
)
_SHORTEST_CAUSE = 4
_CAUSING = re.compile(
    r"\b(?:which caused|causing|caused|leading to|resulting in|provocando|causando|entraînant|provoquant)\b"
    r"|was dazu führte|导致|引起|造成|を引き起こ",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(（]([^()（）]{8,200})[)）]")
