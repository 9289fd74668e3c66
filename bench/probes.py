"""Texts that keep a regular expression busy, made from the expression itself.

A backtracking matcher takes more than linear time on a text of three parts: what leads to a repeat, what the repeat
takes many times over, and what then makes the match fail (J. Kirrage, A. Rathnayake, H. Thielecke: Static Analysis for
Regular Expression Denial-of-Service Attacks, NSS 2013, arXiv:1301.0849). They look for such texts in an automaton; here
all of them are made, for each repeat of the parsed expression, and a stopwatch decides.

Which characters matter is found by classes: two characters that every set of the expression treats alike are one class,
and one of each class is tried, so that a character that two neighbouring repeats both take is among them.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

_parser: Any = importlib.import_module("re._parser")  # since Python 3.11; `sre_parse` before
_compiler: Any = importlib.import_module("re._compiler")

_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)
_ONE_CHARACTER = (_parser.LITERAL, _parser.NOT_LITERAL, _parser.IN, _parser.ANY)
_BEHIND = -1  # of a look-around
_LEAST_REPEATS = 3  # a repeat of fewer turns costs little
_MOST_ALTERNATIVES = 6  # of a branch
_MOST_BODIES = 40  # of a repeat
_MOST_HEADS = 2
_MOST_TAILS = 4
_ALPHABET = (
    [chr(code) for code in range(32, 127)]
    + ["\n", "\t", "\x01", "\x1b", "\u00a0", "\u2003"]
    + list("éßяñ修复カ한٣²½：，。（“—–→│├✅❌⚠•\ufe0f\u0301🔴🐛")
)  # fmt: skip

Parsed = Sequence[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Probe:
    """`head` arms the expression, `body` is what its repeat takes, `tail` makes it fail."""

    head: str
    body: str
    tail: str

    def text(self, size: int) -> str:
        """The probe with its body repeated up to about `size` characters."""
        return self.head + self.body * (size // len(self.body)) + self.tail


def probes(pattern: re.Pattern[str]) -> list[Probe]:
    """The probes of every repeat of an expression, each once; a search tries them at each place of a text too.

    Where an expression is searched for, looking further is a repeat of its own: what begins it is pumped.
    """
    maker = _Maker(pattern)
    made = [*maker.of_sequence(maker.parsed, ("",)), *maker.of_sequence(maker.parsed, ("a ",))]
    return list(dict.fromkeys([*made, *maker.of_beginnings(maker.parsed)]))


class _Maker:
    """Makes probes of one expression. `classes`: a character of each class that its sets tell apart."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.flags = pattern.flags
        self.parsed: Any = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self.state = self.parsed.state
        self._takes: dict[int, frozenset[str]] = {}
        self.alphabet = list(dict.fromkeys([*_ALPHABET, *_literals(self.parsed)]))
        self.classes = self._classes()

    def _classes(self) -> list[str]:
        sets = [self.takes(item) for item in _characters(self.parsed)]
        by_kind: dict[tuple[bool, ...], str] = {}
        for character in self.alphabet:
            by_kind.setdefault(tuple(character in one for one in sets), character)
        return list(by_kind.values())

    def takes(self, item: tuple[Any, Any]) -> frozenset[str]:
        """The characters of the alphabet that an item of one character matches."""
        known = self._takes.get(id(item))
        if known is None:
            one = _compiler.compile(_parser.SubPattern(self.state, [item]), self.flags)
            known = self._takes[id(item)] = frozenset(c for c in self.alphabet if one.fullmatch(c))
        return known

    def of_sequence(self, sequence: Parsed, heads: tuple[str, ...]) -> Iterator[Probe]:
        """The probes of a sequence of items, behind texts that lead to it."""
        for item in sequence:
            yield from self._of_item(item, heads)
            follow = dict.fromkeys(head + text for head in heads for text in self._samples([item]))
            heads = tuple(follow)[:_MOST_HEADS]

    def of_beginnings(self, sequence: Parsed) -> Iterator[Probe]:
        """The probes that begin a match over and over, up to each item; of a branch, for each alternative."""
        for at in range(1, len(sequence) + 1):
            yield from self._pumped(sequence[:at], ("a ",))
        for _kind, value in (item for item in sequence if item[0] is _parser.BRANCH):
            for alternative in value[1]:
                yield from self.of_beginnings(alternative)

    def _of_item(self, item: tuple[Any, Any], heads: tuple[str, ...]) -> Iterator[Probe]:
        kind, value = item
        if kind in _REPEATS:
            least, most, body = value
            if most >= _LEAST_REPEATS:
                yield from self._pumped(body, heads)
            if most > 1 and least < most:
                # the second turn of an outer repeat is led to by the first
                further = tuple(head + text for head in heads for text in self._samples(body))[:_MOST_HEADS]
                yield from self.of_sequence(body, further)
        for inner in _inside(item):
            yield from self.of_sequence(inner, heads)

    def _pumped(self, body: Parsed, heads: tuple[str, ...]) -> Iterator[Probe]:
        bodies = list(dict.fromkeys(text for text in self._bodies(body) if text))[:_MOST_BODIES]
        taken = {character for text in bodies for character in text}
        tails = ["", *[c for c in self.classes if c not in taken][:_MOST_TAILS]]
        yield from (Probe(*parts) for parts in product(heads, bodies, tails))

    def _bodies(self, body: Parsed) -> Iterator[str]:
        """What a repeat may take in one turn: with each class wherever it fits, with and without optional parts."""
        for preferred, generous in product(self.classes, (False, True)):
            for alternative in range(_MOST_ALTERNATIVES):
                yield self._sample(body, preferred, generous, alternative, {})

    def _samples(self, sequence: Parsed) -> list[str]:
        """Short texts that a sequence matches."""
        made = [self._sample(sequence, "", generous, at, {}) for generous in (False, True) for at in (0, 1)]
        return list(dict.fromkeys(made))

    def _sample(self, sequence: Parsed, preferred: str, generous: bool, at: int, groups: dict[int, str]) -> str:
        return "".join(self._one(item, preferred, generous, at, groups) for item in sequence)

    def _one(self, item: tuple[Any, Any], preferred: str, generous: bool, at: int, groups: dict[int, str]) -> str:
        kind, value = item
        if kind in _ONE_CHARACTER:
            taken = self.takes(item)
            return preferred if preferred in taken else next((c for c in self.alphabet if c in taken), "")
        if kind in _REPEATS:
            least, most, body = value
            turns: int = max(least, 1) if generous and most else least
            return self._sample(body, preferred, generous, at, groups) * turns
        if kind is _parser.BRANCH:
            branches = value[1]
            return self._sample(branches[at % len(branches)], preferred, generous, at, groups)
        if kind is _parser.SUBPATTERN:
            text = self._sample(value[-1], preferred, generous, at, groups)
            groups[value[0]] = text
            return text
        if kind is _parser.ATOMIC_GROUP:
            return self._sample(value, preferred, generous, at, groups)
        if kind is _parser.GROUPREF:
            return groups.get(value, "")
        if kind is _parser.ASSERT and value[0] == _BEHIND:
            return self._sample(value[1], preferred, generous, at, groups)
        return ""


def _inside(item: tuple[Any, Any]) -> list[Parsed]:
    """The sequences inside an item."""
    kind, value = item
    if kind in _REPEATS:
        return [value[2]]
    if kind is _parser.BRANCH:
        return list(value[1])
    if kind is _parser.SUBPATTERN:
        return [value[-1]]
    if kind is _parser.ATOMIC_GROUP:
        return [value]
    if kind in (_parser.ASSERT, _parser.ASSERT_NOT):
        return [value[1]]
    if kind is _parser.GROUPREF_EXISTS:
        return [part for part in value[1:] if part]
    return []


def _characters(sequence: Parsed) -> Iterator[tuple[Any, Any]]:
    """Every item of one character, however deep."""
    for item in sequence:
        if item[0] in _ONE_CHARACTER:
            yield item
        for inner in _inside(item):
            yield from _characters(inner)


def _literals(sequence: Parsed) -> Iterator[str]:
    for kind, value in _characters(sequence):
        members = value if kind is _parser.IN else [(kind, value)]
        for member, code in members:
            if member in (_parser.LITERAL, _parser.NOT_LITERAL):
                yield chr(code)
            elif member is _parser.RANGE:
                yield chr(code[0])
