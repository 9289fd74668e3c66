"""Finds lines of a log again after it was edited: by their words, and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from sessions.parsing.vocabulary import fold
from sessions.records import Span

_NEIGHBOURS = 3  # lines kept before and after
_REACH = 6  # lines looked at on each side for them: a few may have come between
_ALIKE = 75  # percent of likeness of an edited line whose neighbours are still there
_NEARLY_EQUAL = 92  # of one that has new neighbours
_TELLING = 12  # characters from which a line is found by its words alone
_LEAST = 6  # characters of a line that can be like another
_MOST_LINES = 200  # of a selection that are kept
_LETTER = re.compile(r"\w")
_NUMBER = re.compile(r"\d+")


def numbers_in(text: str) -> list[str]:
    """Returns the numbers of a text: lines that differ in one are about different things."""
    return _NUMBER.findall(text)


@dataclass(frozen=True, slots=True)
class _Sought:
    """A line that is looked for.

    before, after  its neighbours with words in them
    turn           which of the lines with the same words it was, and how many there were
    is_unlike      no other line was like it
    """

    text: str
    before: Sequence[str]
    after: Sequence[str]
    line: int
    turn: tuple[int, int]
    is_unlike: bool

    @property
    def most(self) -> int:
        """More than half of the neighbours, rounded up."""
        return (len({*self.before}) + len({*self.after}) + 1) // 2


def _sought(around: Mapping[str, Any], at: int, line: int) -> _Sought:
    """Returns one of the lines that were kept: the one at that position, from 0."""
    own = around.get("own") or [""]
    above = [*around.get("before", [])[::-1], *own[:at]]
    below = [*own[at + 1 :], *around.get("after", [])]
    before = [text for text in above if _is_telling(text)][-_NEIGHBOURS:]
    after = [text for text in below if _is_telling(text)][:_NEIGHBOURS]
    turn, count = around.get("turn", (0, 1)) if at == 0 else (0, 1)
    return _Sought(own[at], before, after, line, (turn, count), is_unlike=around.get("like", 1) <= 1)


@dataclass(frozen=True)
class Lines:
    """The lines of a log, by number from 1, with a way to find one again."""

    text: str

    @cached_property
    def raw(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def folded(self) -> list[str]:
        return [fold(line).strip() for line in self.raw]

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self.folded, 1):
            numbers.setdefault(line, []).append(number)
        return numbers

    def around(self, span: Span) -> dict[str, Any]:
        """Returns what lines are found again by: their text, and what is before and after them, nearest first."""
        first, last = span
        own = self.folded[first - 1 : min(last, first + _MOST_LINES)]
        twins = self._numbers.get(own[0], []) if own else []
        return {
            "own": own,
            "before": self._telling(range(first - 1, 0, -1), _NEIGHBOURS),
            "after": self._telling(range(last + 1, len(self.folded) + 1), _NEIGHBOURS),
            "turn": [twins.index(first) if first in twins else 0, len(twins)],
            "like": len(self._alike(own[0])) if own else 1,
        }

    def find(self, around: Mapping[str, Any], line: int) -> int | None:
        """Returns where the first of the lines is now; None if it is gone."""
        return self._find(_sought(around, 0, line))

    def find_span(self, around: Mapping[str, Any], span: Span) -> Span | None:
        """Returns where the lines are now; None if all of them are gone. Some may have changed, or come between."""
        own = around.get("own", [])
        sought = [(at, _sought(around, at, span[0] + at)) for at, text in enumerate(own) if _LETTER.search(text)]
        found = [(at, line) for at, one in sought if (line := self._find(one))]
        if not found:
            return None
        (at, line), (last_at, last) = found[0], found[-1]
        first = max(line - at, 1)
        end = last + len(own) - 1 - last_at
        if not first <= end <= first + 3 * len(own) + _REACH:
            end = first + len(own) - 1
        return first, min(end, len(self.folded))

    def _find(self, sought: _Sought) -> int | None:
        equal = self._numbers.get(sought.text, [])
        if equal:
            turn, count = sought.turn
            expected = equal[turn] if count == len(equal) else 0
            line = max(equal, key=lambda n: (self._fit(n, sought), n == expected, -abs(n - sought.line)))
            # Where one of several equal lines is gone, the others are not it unless most of what was around it is.
            is_fewer = count > len(equal)
            is_near = self._fits_closely(line, sought) if is_fewer else self._fit(line, sought) > 0
            is_telling = len(equal) == 1 and len(sought.text) >= _TELLING and not is_fewer
            if is_near or line == expected or not sought.most or is_telling:
                return line
        return self._find_alike(sought)

    def _find_alike(self, sought: _Sought) -> int | None:
        """Finds a line that was edited. If others were like it before, most of what was around it must be there."""
        places = [
            (self._fit(at + 1, sought), score, -abs(at + 1 - sought.line), at + 1)
            for text, score, at in self._alike(sought.text)
            if text not in sought.before
            and text not in sought.after  # a neighbour is a line of its own
            and (sought.is_unlike or self._fits_closely(at + 1, sought))
            and (numbers_in(text) == numbers_in(sought.text) or (sought.is_unlike and self._fit(at + 1, sought) > 1))
        ]
        best = max(places, default=None)
        return best[-1] if best and (best[0] or best[1] >= _NEARLY_EQUAL) else None

    def _alike(self, text: str) -> list[tuple[str, float, int]]:
        """Returns the lines that are like a text: their text, how much in percent, and their position from 0."""
        if len(text) < _LEAST:
            return []
        return process.extract(text, self.folded, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=20)

    def _fit(self, line: int, sought: _Sought) -> int:
        """Counts the neighbours that are still near a line."""
        return sum(self._sides(line, sought))

    def _fits_closely(self, line: int, sought: _Sought) -> bool:
        """Whether most of the neighbours are near a line, on both sides of it."""
        above, below = self._sides(line, sought)
        is_between = (above or not sought.before) and (below or not sought.after)
        return bool(is_between) and above + below >= sought.most

    def _sides(self, line: int, sought: _Sought) -> tuple[int, int]:
        above = self._telling(range(line - 1, 0, -1), _REACH)
        below = self._telling(range(line + 1, len(self.folded) + 1), _REACH)
        return len({*sought.before} & {*above}), len({*sought.after} & {*below})

    def _telling(self, numbers: range, most: int) -> list[str]:
        """Returns the first lines with words in them, as many as that."""
        found: list[str] = []
        for number in numbers:
            if _is_telling(self.folded[number - 1]):
                found.append(self.folded[number - 1])
                if len(found) == most:
                    break
        return found


def _is_telling(line: str) -> bool:
    return len(_LETTER.findall(line)) > 2
