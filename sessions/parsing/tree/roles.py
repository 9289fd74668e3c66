"""Decides what each heading and label stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sessions.parsing.tree.document import Document, Node, NodeKind
from sessions.parsing.vocabulary import (
    PhraseMatch,
    Role,
    any_of,
    fold,
    folded_words,
    is_unspaced,
    phrases,
    table,
    whole,
)

_LEAD = re.compile(r"^[\W\d_]+")  # numbering, emoji, marks before the first word
_NUMBERING = re.compile(r"(?<![\s#\d])[\s#\d]++$|(?<!\s)\s*+\([^()]*+\)$")
_NUMBERED_NAME = re.compile(r"\W*+(?:\d++[.)]\s*+)?[^\W\d]++\s*+#?\d")
_NAMES_ONLY = (
    Role.OBJECTIVES, Role.COMMITS, Role.REFERENCES, Role.METRICS, Role.CHECKLIST, Role.ENVIRONMENT, Role.TIMELINE,
    Role.TESTING,
)  # fmt: skip
_LISTS_ALONE = (Role.REFERENCES, Role.COMMITS, Role.CHECKLIST, Role.DECISIONS)  # below which no steps are looked for
_ROLES = table("roles")
_TITLES = table("titles")
_NO_ROLES = phrases("no_roles")
_ASIDE = re.compile(r"\s[—–-]\s|[(（:：]")
_BRACKET = re.compile(r"[(（]")
_HORIZON = re.compile(rf"(?:{any_of(folded_words('horizons'))}|p[0-3])\b(?![ ]?\w+ \w+ \w+)")
_SESSION_NAME = re.compile(
    rf"\W{{0,4}}(?:{any_of(folded_words('session_words'))}\s*+#?\d++[a-z]?(?!\w)|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))"
)
_FOR = re.compile(whole(folded_words("prepositions")))
_STEP_WORDS = re.compile(whole(folded_words("step_words")))
_LONGEST_LABEL = 60
_ALSO_UNFINISHED = (None, Role.COMPLETED, Role.TESTING, Role.TIMELINE, Role.OBJECTIVES, Role.SEVERITY)
_ASKING = (None, Role.OBJECTIVES, Role.SEVERITY)  # "Tasks for the next session", "Priorities: next steps"
_UNFINISHED_WORDS = 5
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,40})[)）]")
_TOPICS = (Role.REFERENCES, Role.COMPLETED, Role.FIXES, Role.ANALYSIS)
_POINTS = re.compile(r"://|\]\(|^\W*[\w./-]+\.\w{1,5}\b|\w/\w+[./]")  # to a page or a file
_ARTICLE = re.compile(rf"{any_of(folded_words('articles'))}\s+")
_JOINERS = "-_'’"


def assign_roles(document: Document, taught: Mapping[str, Role] | None = None) -> None:
    """Sets `role` on every section, and on every item and statement that begins with a label.

    taught  what people said headings mean, by `heading_key`; takes precedence over the vocabularies
    """
    for node in document.walk():
        if node.kind is NodeKind.SECTION:
            corrected = taught.get(heading_key(node.text)) if taught else None
            node.role = corrected or (None if _only_joins(node) else _role_of_heading(node.text))
        elif node.label and len(node.label) <= _LONGEST_LABEL:
            node.role = _role_of_label(node.label)
        if node.role in _TOPICS and _only_groups_steps(node):
            node.role = None
        if node.role in _ALSO_UNFINISHED and _lists_unfinished(node):
            node.role = Role.NEXT_STEPS


def heading_key(title: str) -> str:
    """Returns a heading without numbering, marks, case and a trailing part in brackets.

    >>> heading_key("## 3. Offene Fäden (2)")
    'offene faden'
    """
    return _NUMBERING.sub("", _LEAD.sub("", fold(title))).strip()[:200]


def _role_of_heading(title: str) -> Role | None:
    """Returns the role of a heading, but none for one that only names a thing or a session.

    "Task 5: state manager" is one of the tasks, not a list of goals, and "Session 12: documentation" no documentation.
    """
    role = role_of(title)
    if role in _LISTS_ALONE and (session := _SESSION_NAME.match(fold(title))) is not None:
        return role if names_role_besides(fold(title)[session.end() :]) else None
    if role is Role.OBJECTIVES and _NUMBERED_NAME.match(title):
        return None
    return role


def _lists_unfinished(node: Node) -> bool:
    """Whether a heading or open label says of the list below that it is still to be done ("Pages pending")."""
    if not any(child.kind in (NodeKind.ITEM, NodeKind.TABLE) for child in node.children):
        return False
    if node.kind is not NodeKind.SECTION:
        return not node.value and is_unfinished(node.label)
    return is_unfinished(node.text) or (
        node.role in (None, Role.OBJECTIVES, Role.SEVERITY) and asks_for_steps(node.text)
    )


def _only_groups_steps(node: Node) -> bool:
    """Whether a heading among next steps is their topic: "Documentation", but not over documents to read.

    Over what is usually there already, boxes without a tick say so.
    """
    items = node.items()
    if node.kind is not NodeKind.SECTION or not items or not any(a.role is Role.NEXT_STEPS for a in node.ancestors()):
        return False
    if node.role is Role.REFERENCES:
        return not any(_POINTS.search(item.text) for item in items)
    return all(item.checked is False for item in items)


def begins_with_horizon(title: str) -> bool:
    """Whether a title begins with a time or an urgency: "Short-term", "Immediate (today)"."""
    words = fold(title)  # "2026-03-04 P0 (crane report)" tells of a day
    return _HORIZON.match(_LEAD.sub("", words)) is not None and not _SESSION_NAME.match(words)


def asks_for_steps(title: str) -> bool:
    """Whether a title without a role calls a list one of steps: "Immediate", "Next steps anybody can take"."""
    if title in _NO_ROLES:
        return False
    return begins_with_horizon(title) or _STEP_WORDS.search(fold(title)) is not None


@lru_cache(maxsize=2048)
def is_unfinished(title: str) -> bool:
    """Whether a short title begins or ends with "pending" and the like, or has it in brackets."""
    folded = _LEAD.sub("", fold(title))
    words = _ASIDE.split(folded)[0].strip(" .!?")
    if any(phrases("unfinished").get(inside) for inside in _IN_BRACKETS.findall(folded)):
        return True
    if len(words.split()) > _UNFINISHED_WORDS:
        return False
    return any(match.start == 0 or match.end == len(words) for match in phrases("unfinished").find_all(words))


def _only_joins(section: Node) -> bool:
    """Whether a heading such as "Summary and next steps" only joins sections of both kinds."""
    title = _LEAD.sub("", fold(section.text))
    first = _ASIDE.split(title)[0]  # but "Part 7: summary and next steps"
    roles = {match.meaning for match in _ROLES.find_all(first)} or {match.meaning for match in _ROLES.find_all(title)}
    if len(roles) < 2:
        return False
    inner = {role_of(child.text) for child in section.children if child.kind is NodeKind.SECTION}
    return bool(inner & roles) and len(inner) > 1


def _role_of_label(label: str) -> Role | None:
    """Returns the role of a label. Some roles count only if the label is nothing but their name."""
    role = role_of(label)
    if role in _NAMES_ONLY and not is_bare_role(_NUMBERING.sub("", label)):
        return None
    return role


@lru_cache(maxsize=2048)
def role_of(title: str) -> Role | None:
    """Returns the role of a heading or label by the longest phrase in it, or None.

    >>> role_of("### 3. Issues Encountered & Resolved")
    <Role.ERRORS: 'errors'>
    """
    words = _LEAD.sub("", fold(title))
    if words in _NO_ROLES:
        return None
    whole: Role | None = _TITLES.get(_ASIDE.split(words)[0].strip(" :.!?"))
    if whole is not None:
        return whole
    # What stands in brackets only qualifies the words before: "Key insights (for the next session)"
    before = _BRACKET.split(words)[0]
    return _longest_role(before) or (None if begins_with_horizon(before) else _longest_role(words))


def _longest_role(words: str) -> Role | None:
    """Returns the role of the longest phrase that begins or ends the words or a part of them."""
    prominent = [match for match in _ROLES.find_all(words) if _is_prominent(match, words)]
    best = max(prominent, key=lambda match: match.end - match.start, default=None)
    if best and best.meaning is Role.NEXT_STEPS and prominent[0].meaning is Role.LEARNINGS:
        between = words[prominent[0].end : best.start]
        if _FOR.match(words[best.start :]) or _FOR.search(between):  # "Lessons for the next session" are no steps
            return Role.LEARNINGS
    return best.meaning if best else None


@lru_cache(maxsize=2048)
def is_bare_role(title: str) -> bool:
    """Whether the title is nothing but the name of a role ("Error Details", "Root Cause")."""
    words = _LEAD.sub("", fold(title)).strip(" :.!?")
    bare = _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words
    return any(_ROLES.get(name) is not None or _TITLES.get(name) is not None for name in (words, bare))


def names_role(label: str) -> bool:
    """Whether a label is the name of a role, perhaps numbered or with an article: "Blocker 2", "The fix"."""
    return is_bare_role(_NUMBERING.sub("", fold(label)))


@lru_cache(maxsize=1024)
def names_role_besides(label: str) -> bool:
    """Whether a label is the name of a role and words that qualify it: "Critical issues identified (3)"."""
    return names_role(label) or is_bare_role(" ".join(phrases("qualifiers").without(_NUMBERING.sub("", label)).split()))


def begins_with_role(label: str, role: Role) -> bool:
    """Whether a label of a few words begins with the name of a role: "Next steps for Monday"."""
    first = _ROLES.first(label)
    return first is not None and first.start == 0 and first.meaning is role and len(label.split()) <= _UNFINISHED_WORDS


def _is_prominent(match: PhraseMatch[Role], words: str) -> bool:
    """Whether the phrase begins or ends the title or a part of it. In between other words it only qualifies them.

    Scripts without spaces have no word ends to go by.
    """
    before, after = words[: match.start].rstrip(), words[match.end :].lstrip()
    return (
        not before
        or not after
        or not (before[-1].isalnum() or before[-1] in _JOINERS)
        or not (after[0].isalpha() or after[0] in _JOINERS)
        or is_unspaced(match.phrase)
        or (match.end - match.start) * 2 >= len(words)
    )
