"""One hit a problem: what tells the same as a better hit is folded under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.models import EntryKind
from kb.queries.same_problem import problem_of
from kb.search.index.entries import EntryRow
from sessions.text import comparable

# Kinds whose entries tell the same if their words are the same.
_SAME_WORDS = (EntryKind.COMMAND, EntryKind.LEARNING, EntryKind.DECISION, EntryKind.PASSAGE)
_LEAST_WORDS = 2


@dataclass(slots=True)
class Told:
    """Entries that tell the same, best first: `lead` is shown, the others are folded under it."""

    lead: int
    others: list[int] = field(default_factory=list)

    def add(self, entry: int, rows: Mapping[int, EntryRow]) -> None:
        """Adds a worse hit. An error comes before the fixes that were tried for it."""
        if rows[entry].kind == EntryKind.ERROR and rows[self.lead].kind == EntryKind.FIX:
            self.lead, entry = entry, self.lead
            self.others.insert(0, entry)
        else:
            self.others.append(entry)


@dataclass(slots=True)
class _Said:
    """What a hit says, for the lines of its session that come after it."""

    row: EntryRow
    told: Told
    _words: str | None = None

    def contains(self, words: str) -> bool:
        if self._words is None:
            self._words = f" {comparable(self.row.title)} {comparable(self.row.body)} "
        return f" {words} " in self._words


def folded(ordered: Sequence[int], rows: Mapping[int, EntryRow]) -> list[Told]:
    """Returns the entries in order, those that tell the same together in the place of the best of them."""
    problems = problem_of([rows[entry] for entry in ordered])
    told: dict[Hashable, Told] = {}
    said: defaultdict[int, list[_Said]] = defaultdict(list)
    for entry in ordered:
        row = rows[entry]
        words = comparable(row.title) if row.kind in _SAME_WORDS else ""
        group = told.get(key := problems.get(entry) or _key(row, words)) or _repeated(row, words, said[row.session_id])
        if group is None:
            group = told[key] = Told(entry)
        else:
            group.add(entry, rows)
        said[row.session_id].append(_Said(row, group))
    return list(told.values())


def _key(row: EntryRow, words: str) -> Hashable:
    if row.kind == EntryKind.FILE:  # a file that changed often would fill the page
        return "file", row.project, row.title
    if row.kind in _SAME_WORDS and len(words.split()) >= _LEAST_WORDS:
        return "words", words
    return "entry", row.pk


def _repeated(row: EntryRow, words: str, said: Sequence[_Said]) -> Told | None:
    """Returns what already tells all words of a line, `said` by better hits of its session."""
    if row.kind != EntryKind.PASSAGE or len(words.split()) < _LEAST_WORDS:
        return None
    return next((better.told for better in said if better.contains(words)), None)
