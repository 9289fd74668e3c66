"""Whether two candidates tell of the same thing: in a table and in a heading, in other words, in another language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.candidates import Candidate
from sessions.meaning.senses import Assessed
from sessions.meaning.words import hashed
from sessions.parsing.problems.exceptions import exception_of, objects_of
from sessions.parsing.tree.document import NodeKind

_MOST_STATED = 4
_WINDOW = 300  # candidates before one
_NEAREST = 24  # of those, the ones that it is compared with: the nearest in meaning
Traits = NDArray[np.float32]


class Telling:
    """A candidate as it is compared: its vectors, words and objects."""

    def __init__(self, candidate: Candidate, assessed: Assessed) -> None:
        self.candidate = candidate
        places = candidate.stated[:_MOST_STATED]
        self.statements = [assessed.statements[at] for at in places]
        self.vectors = assessed.vectors[places]
        texts = [statement.text for statement in self.statements]
        self.words = {place for text in texts for place, _sign in hashed(text)}
        self.objects = objects_of(*texts)
        self.exception = exception_of(*texts)
        self.lines = [statement.line for statement in self.statements]


def tellings_of(candidates: Sequence[Candidate], assessed: Assessed) -> list[Telling]:
    """Returns the candidates that can be compared: those that are stated somewhere."""
    return [Telling(candidate, assessed) for candidate in candidates if candidate.stated]


def pairs_to_compare(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Yields pairs of places, each telling with the few that are nearest to it by their first statement."""
    known = [at for at, telling in enumerate(tellings) if len(telling.vectors)]
    if len(known) < 2:
        return
    vectors = np.array([tellings[at].vectors[0] for at in known])
    for row, at in enumerate(known):
        start = max(row - _WINDOW, 0)
        cosines = vectors[start:row] @ vectors[row]
        for other in np.argsort(-cosines)[:_NEAREST]:
            earlier = known[start + int(other)]
            if not _are_apart(tellings[earlier], tellings[at]):
                yield earlier, at


def _are_apart(one: Telling, other: Telling) -> bool:
    """Whether the log tells the two apart: in one statement that lists both, or side by side."""
    if set(one.candidate.stated) & set(other.candidate.stated):
        return True
    return one.statements[0].node.parent is other.statements[0].node.parent


def pair_traits(one: Telling, other: Telling, count: int) -> list[float]:
    """Returns what tells whether two are the same. `count` is the number of problems in the session."""
    cosines = one.vectors @ other.vectors.T
    common = len(one.words & other.words)
    objects = len(one.objects & other.objects)
    first, second = one.statements[0].node, other.statements[0].node
    inside = first in set(second.ancestors()) or second in set(first.ancestors())
    distance = min(abs(a - b) for a in one.lines for b in other.lines)
    return [
        float(cosines[0, 0]), float(cosines.max()), float(cosines.mean()),
        common / max(len(one.words | other.words), 1), common / max(min(len(one.words), len(other.words)), 1),
        float(objects), float(bool(one.objects and other.objects and not objects)),
        float(bool(one.exception) and one.exception == other.exception),
        float(bool(one.exception and other.exception) and one.exception != other.exception),
        float(first.parent is second.parent), float(first.section() is second.section()),
        float(inside), min(distance, 200) / 50, float(count),
        float(first.kind is NodeKind.SECTION) + float(second.kind is NodeKind.SECTION),
        float(first.kind is NodeKind.ROW) + float(second.kind is NodeKind.ROW),
        float(one.candidate.record is not None) + float(other.candidate.record is not None),
        min(len(one.words), len(other.words)) / 10,
    ]  # fmt: skip
