"""What sentences tell of a problem: what was wrong, why, what was done about it, and whether that helped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from sessions.parsing.problems.verdicts import begins_with_action, cause_in, is_plan, outcome_of, says_failure
from sessions.parsing.tree.document import Node
from sessions.parsing.tree.sentences import sentences
from sessions.parsing.vocabulary import any_of, fold, folded_words, phrases, whole, words
from sessions.records import Outcome
from sessions.text import headline, plain

_AFTERWARDS = re.compile(rf"{any_of(folded_words('afterwards'))}\s")
_REVEALING = re.compile(rf"{whole(words('revealing'))}\s?[:：]?,?\s*", re.IGNORECASE)
_REASON = re.compile(rf",?\s{any_of(words('because'))}\s", re.IGNORECASE)
_REVEALED = re.compile(rf"[,;]\s+(?={whole(words('revealing'))})", re.IGNORECASE)
_PERSISTING = re.compile(whole(folded_words("persisting")))
_LEAST_WORDS = 3
_MOST_SENTENCES = 12


@dataclass(slots=True)
class Account:
    """What sentences tell of one problem; `outcome` is that of the last of the fixes."""

    problem: str
    cause: str = ""
    fixes: list[tuple[str, Outcome]] = field(default_factory=list)


def sentences_of(text: str) -> list[str]:
    """Returns the sentences of a text without marks. "…, it turned out that" begins one too."""
    told = (sentence for clause in _REVEALED.split(text) for _at, sentence in sentences(clause))
    return [words for sentence in islice(told, _MOST_SENTENCES) if (words := plain(sentence))]


def told_at(told: Sequence[str]) -> int | None:
    """Returns which sentence tells a problem whose cause the next one reveals."""
    for number, sentence in enumerate(told[1:]):
        if reveals_cause(sentence) and not is_plan(told[number]) and outcome_of(told[number]) != "worked":
            return number
    return None


def is_deed(sentence: str) -> bool:
    """Whether a sentence reports what was changed: "Raised the limit", "Grenze erhöht"."""
    if is_plan(sentence):
        return False
    return begins_with_action(headline(sentence)) or sentence in phrases("deeds")


def tried_in_vain(node: Node) -> bool:
    """Whether a line says what was changed and then that it did not help."""
    told = sentences_of(node.text) if node.role is None and not node.label else []
    return len(told) > 1 and is_deed(told[0]) and outcome_of(told[-1]) == "failed"


def told_fix(sentence: str) -> tuple[str, Outcome] | None:
    """Returns the repair that a sentence reports, and how it went, if it reports one."""
    works = sentence in phrases("recovered")
    if not (is_deed(sentence) or (works and _AFTERWARDS.match(fold(sentence)))):
        return None
    outcome = outcome_of(sentence)
    return headline(sentence), "worked" if works and outcome == "unknown" else outcome


def reveals_cause(sentence: str) -> bool:
    """Whether a sentence gives the cause of what the one before tells: "Turned out …"."""
    return _REVEALING.match(sentence) is not None


def account_of(told: Sequence[str]) -> Account:
    """Reads sentences of which the first tells the problem."""
    account = Account(headline(_problem(told[0])).rstrip(" ;；"), cause_in(told[0]))
    for sentence in told[1:]:
        if reveals_cause(sentence):
            account.cause = account.cause or headline(_REVEALING.sub("", sentence, count=1))
        elif fix := told_fix(sentence):
            account.fixes.append(fix)
        elif account.fixes and account.fixes[-1][1] == "unknown":
            account.fixes[-1] = (account.fixes[-1][0], _outcome(sentence))
    return account


def _problem(sentence: str) -> str:
    """Returns a sentence without the reason it gives, if enough is left."""
    before = _REASON.split(sentence, maxsplit=1)[0]
    return before if len(before.split()) >= _LEAST_WORDS or not sentence.isascii() else sentence


def _outcome(sentence: str) -> Outcome:
    if _PERSISTING.match(fold(sentence)):
        return "failed"
    outcome = outcome_of(sentence)
    if outcome == "unknown" and sentence in phrases("recovered") and not says_failure(sentence):
        return "worked"
    return outcome
