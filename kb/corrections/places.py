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
        }

    def find(self, around: Mapping[str, Any], line: int) -> int | None:
        """Returns where the first of the lines is now; None if it is gone."""
        own = around.get("own") or [""]
        after = [text for text in own[1:] if _is_telling(text)]
        return self._find(
            own[0], around.get("before", ()), [*after, *around.get("after", ())], line, around.get("turn")
        )

    def find_span(self, around: Mapping[str, Any], span: Span) -> Span | None:
        """Returns where the lines are now; None if all of them are gone. Some may have changed, or come between."""
        own, found = around.get("own", []), []
        texts = [*reversed(around.get("before", [])), *own, *around.get("after", [])]
        offset = len(around.get("before", []))
        for at, text in enumerate(own):
            place = offset + at
            before, after = texts[max(place - _NEIGHBOURS, 0) : place], texts[place + 1 : place + 1 + _NEIGHBOURS]
            turn = around.get("turn") if at == 0 else None
            if _LETTER.search(text) and (line := self._find(text, before, after, span[0] + at, turn)):
                found.append((at, line))
        if not found:
            return None
        (at, line), (last_at, last) = found[0], found[-1]
        first = max(line - at, 1)
        end = last + len(own) - 1 - last_at
        if not first <= end <= first + 3 * len(own) + _REACH:
            end = first + len(own) - 1
        return first, min(end, len(self.folded))

    def _find(
        self, own: str, before: Sequence[str], after: Sequence[str], near: int, turn: Sequence[int] | None
    ) -> int | None:
        before, after = [t for t in before if _is_telling(t)], [t for t in after if _is_telling(t)]
        equal = self._numbers.get(own, [])
        if equal:
            expected = equal[turn[0]] if turn and turn[1] == len(equal) else 0
            line = max(equal, key=lambda n: (self._fit(n, before, after), n == expected, -abs(n - near)))
            # Where one of several equal lines is gone, the others are not it unless most of what was around it is.
            is_fewer = turn is not None and turn[1] > len(equal)
            least = (len(before) + len(after) + 1) // 2 if is_fewer else 1
            is_sure = self._fit(line, before, after) >= least or line == expected or not (before or after)
            if is_sure or (len(equal) == 1 and len(own) >= _TELLING and not is_fewer):
                return line
        return self._find_alike(own, before, after, near)

    def _find_alike(self, own: str, before: Sequence[str], after: Sequence[str], near: int) -> int | None:
        if len(own) < _LEAST:
            return None
        alike = process.extract(own, self.folded, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=20)
        places = [
            (self._fit(at + 1, before, after), score, -abs(at + 1 - near), at + 1)
            for text, score, at in alike
            if text not in before
            and text not in after  # a neighbour is a line of its own, however alike
            and (numbers_in(text) == numbers_in(own) or self._fit(at + 1, before, after) > 1)
        ]
        best = max(places, default=None)
        return best[-1] if best and (best[0] or best[1] >= _NEARLY_EQUAL) else None

    def _fit(self, line: int, before: Sequence[str], after: Sequence[str]) -> int:
        """Counts the neighbours that are still near a line."""
        above = self._telling(range(line - 1, 0, -1), _REACH)
        below = self._telling(range(line + 1, len(self.folded) + 1), _REACH)
        return len({*before} & {*above}) + len({*after} & {*below})

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
