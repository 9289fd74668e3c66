"""What a candidate looks like to the judge: how likely its statements are, what stands beside it, what rules read."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.candidates import Candidate
from sessions.meaning.senses import SENSES, Assessed, Sense
from sessions.parsing.tree.document import Node, NodeKind
from sessions.parsing.tree.roles import is_bare_role
from sessions.records import DecisionRecord, ErrorRecord, FixRecord, NextStepRecord

Traits = NDArray[np.float32]

_LEAST = 1e-3
_UNKNOWN = -5.0  # log-odds of what is not there
_ALIKE = 0.6  # cosine
_MOST_COMPARED = 100  # candidates before and after
_KINDS = (NodeKind.SECTION, NodeKind.ITEM, NodeKind.STATEMENT, NodeKind.ROW)
_MOST_BESIDE = 20  # entries before and after


def traits_of(candidates: Sequence[Candidate], assessed: Assessed) -> Traits:
    """Returns one row per candidate of a session; all of them are of one sense."""
    if not candidates:
        return np.zeros((0, 0), dtype=np.float32)
    sense = candidates[0].sense
    odds = _odds(assessed)
    around = _Around(assessed, odds[:, SENSES.index(sense)], candidates)
    session = _session_traits(assessed, sense, candidates)
    alike = _alike(candidates, assessed, sense)
    rows = [
        [
            *_own_traits(candidate, assessed, odds), *around.traits(candidate.best), *session,
            *_record_traits(candidate), *alike[at],
        ]
        for at, candidate in enumerate(candidates)
    ]  # fmt: skip
    no_flags = np.zeros(assessed.flags.shape[1] if len(assessed.flags) else 0, dtype=np.float32)
    flags = [no_flags if c.best is None else assessed.flags[c.best] for c in candidates]
    return np.hstack([np.array(rows, dtype=np.float32), np.array(flags, dtype=np.float32)])


def _odds(assessed: Assessed) -> NDArray[np.float32]:
    probable = np.clip(assessed.probabilities, _LEAST, 1 - _LEAST)
    odds: NDArray[np.float32] = np.log(probable / (1 - probable))
    return odds


def _own_traits(candidate: Candidate, assessed: Assessed, odds: NDArray[np.float32]) -> list[float]:
    best = candidate.best
    unknown = np.full(len(SENSES), _UNKNOWN, dtype=np.float32)
    stated = odds[candidate.stated].max(axis=0) if candidate.stated else unknown
    inside = odds[candidate.inside].max(axis=0) if candidate.inside else unknown
    if best is None:
        return [*stated, *inside, len(candidate.inside), *([0.0] * (len(_KINDS) + 3))]
    statement = assessed.statements[best]
    kinds = [statement.node.kind is kind for kind in _KINDS]
    own = [len(candidate.inside), *kinds, statement.turn > 0, len(statement.text) / 100, is_bare_role(statement.text)]
    return [*stated, *inside, *map(float, own)]


def _session_traits(assessed: Assessed, sense: Sense, candidates: Sequence[Candidate]) -> list[float]:
    probable = assessed.of(sense)
    read = sum(candidate.record is not None for candidate in candidates)
    return [float(probable.mean()), float(probable.sum()), float((probable > 0.5).sum()), read]


def _record_traits(candidate: Candidate) -> list[float]:
    record = candidate.record
    flags: list[object] = [record is not None]
    match record:
        case ErrorRecord():
            flags += [record.root_cause, record.exception, record.message, len(record.mentions) > 1]
            flags += [record.status == status for status in ("fixed", "open", "workaround", "partial", "unknown")]
        case FixRecord():
            flags += [record.detail, *(record.outcome == outcome for outcome in ("worked", "failed", "unknown"))]
        case NextStepRecord():
            flags += [record.priority, record.blocker, record.done, record.detail]
        case DecisionRecord():
            flags += [record.rationale]
    row = [float(bool(flag)) for flag in flags]
    return row + [0.0] * (10 - len(row))


class _Around:
    """What the entries beside a candidate's best statement tell: entries of one list are mostly of one kind."""

    def __init__(self, assessed: Assessed, odds: NDArray[np.float32], candidates: Sequence[Candidate]) -> None:
        self._statements, self._odds = assessed.statements, odds
        self._beside: dict[tuple[Node | None, NodeKind], list[int]] = defaultdict(list)
        self._below: dict[Node, list[int]] = defaultdict(list)
        self._first: dict[Node, int] = {}
        for at, statement in enumerate(assessed.statements):
            node = statement.node
            if statement.turn == 0:
                self._beside[node.parent, node.kind].append(at)
                self._first[node] = at
            self._below[node.section()].append(at)
        self._read = {
            assessed.statements[at].node for c in candidates if c.record is not None for at in c.stated[:3]
        }  # fmt: skip

    def traits(self, best: int | None) -> list[float]:
        if best is None:
            return [_UNKNOWN] * 3 + [0.0, 0.0] + [_UNKNOWN] * 2 + [0.0, _UNKNOWN, _UNKNOWN]
        node, own = self._statements[best].node, float(self._odds[best])
        beside = self._others(self._beside[node.parent, node.kind], best)
        below = self._others(self._below[node.section()], best)
        siblings = self._odds[beside] if beside else np.array([own])
        section = self._odds[below] if below else np.array([own])
        read = sum(self._statements[at].node in self._read for at in beside) / max(len(beside), 1)
        return [
            float(siblings.mean()), float(siblings.max()), float(siblings.min()), float(len(beside)), read,
            float(section.mean()), float(section.max()), own - float(siblings.mean()),
            self._of_first(node.section()), max(map(self._of_first, self._holders(node)), default=_UNKNOWN),
        ]  # fmt: skip

    def _others(self, places: list[int], best: int) -> list[int]:
        """Returns the places of the nearest other nodes."""
        node, at = self._statements[best].node, bisect_left(places, best)
        near = places[max(at - _MOST_BESIDE, 0) : at + _MOST_BESIDE + 1]
        return [place for place in near if self._statements[place].node is not node]

    def _of_first(self, node: Node) -> float:
        return float(self._odds[self._first[node]]) if node in self._first else _UNKNOWN

    def _holders(self, node: Node) -> list[Node]:
        """Returns the items it is part of: a part is seldom a record of its own."""
        return [holder for holder in node.ancestors() if holder.kind is NodeKind.ITEM]


def _alike(candidates: Sequence[Candidate], assessed: Assessed, sense: Sense) -> list[list[float]]:
    """Returns how near the nearest of the candidates around it is that is more certain, and how many such are near."""
    nothing = np.zeros(assessed.vectors.shape[1], dtype=np.float32)
    vectors = np.array([nothing if c.best is None else assessed.vectors[c.best] for c in candidates])
    probable = assessed.of(sense)
    ranks = [(c.record is not None, 0.0 if c.best is None else float(probable[c.best])) for c in candidates]
    rows = []
    for at, rank in enumerate(ranks):
        window = range(max(at - _MOST_COMPARED, 0), min(at + _MOST_COMPARED, len(candidates)))
        cosines = vectors[window.start : window.stop] @ vectors[at]
        nearer = [float(cosines[other - window.start]) for other in window if ranks[other] > rank]
        rows.append([max(nearer, default=0.0), float(sum(cosine > _ALIKE for cosine in nearer))])
    return rows
