"""Decides which candidates become records: forests over what the statements tell and what the rules read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sessions.meaning.candidates import Candidate, candidates_of, is_explicit
from sessions.meaning.encoder import Encoder
from sessions.meaning.forest import Forest
from sessions.meaning.senses import Assessed, Classifier, Evidence, Sense
from sessions.meaning.tellings import pair_traits, pairs_to_compare, tellings_of
from sessions.meaning.traits import traits_of
from sessions.records import SessionRecord

# What a session states again elsewhere, so that tellings have to be joined.
RESTATED = (Sense.PROBLEM, Sense.PLAN)
JUDGED = (Sense.PROBLEM, Sense.REPAIR, Sense.PLAN, Sense.DECISION)
WEIGHTS = Path(__file__).parent / "weights.npz"
# The probability under which even what a label or a heading says outright is dropped: lists of steps end in remarks.
EXPLICIT = {Sense.PROBLEM: 0.1, Sense.REPAIR: 0.1, Sense.PLAN: 0.2, Sense.DECISION: 0.1}
# From which probability what the rules read is kept, and what they missed is taken: chosen by cross-validation.
Thresholds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the probability that it is a record, and whether it becomes one: from `threshold` on."""

    candidate: Candidate
    probability: float
    accepted: bool
    threshold: float = 0.5

    @property
    def certainty(self) -> float:
        return round(self.probability, 3)


@dataclass(frozen=True, slots=True)
class Model:
    """What training made: `pairs` decide whether two candidates tell of the same problem or step."""

    classifier: Classifier
    forests: Mapping[Sense, Forest]
    pairs: Mapping[Sense, Forest]
    thresholds: Mapping[Sense, Thresholds]

    def assess(self, evidence: Evidence, encoder: Encoder) -> Assessed:
        return self.classifier.assess(evidence, encoder)

    def judge(self, assessed: Assessed, record: SessionRecord, sense: Sense) -> list[Judged]:
        candidates = candidates_of(assessed, record, sense)
        probabilities = self.forests[sense].probabilities(traits_of(candidates, assessed))
        thresholds = [self._threshold(candidate, assessed) for candidate in candidates]
        return [
            Judged(candidate, float(p), bool(p >= threshold), threshold)
            for candidate, p, threshold in zip(candidates, probabilities, thresholds, strict=True)
        ]

    def _threshold(self, candidate: Candidate, assessed: Assessed) -> float:
        read, missed = self.thresholds[candidate.sense]
        if candidate.record is None:
            return missed
        return min(read, EXPLICIT[candidate.sense]) if is_explicit(candidate, assessed) else read

    def same(self, candidates: Sequence[Candidate], assessed: Assessed, sense: Sense) -> list[tuple[float, int, int]]:
        """Returns the pairs of candidates that may tell of the same, with the probability, likeliest first."""
        tellings = tellings_of(candidates, assessed)
        pairs = list(pairs_to_compare(tellings))
        if not pairs:
            return []
        traits = [pair_traits(tellings[one], tellings[other], len(tellings)) for one, other in pairs]
        likely = self.pairs[sense].probabilities(np.array(traits, dtype=np.float32))
        at = {candidate: number for number, candidate in enumerate(candidates)}
        named = [(at[tellings[one].candidate], at[tellings[other].candidate]) for one, other in pairs]
        return sorted(((float(p), one, other) for p, (one, other) in zip(likely, named, strict=True)), reverse=True)


@cache
def shipped_model() -> Model:
    """Returns the model made by training/train.py. Raises OSError if its weights are missing."""
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return model_from({name: arrays[name] for name in arrays.files})


def model_from(arrays: Mapping[str, NDArray[np.generic]]) -> Model:
    """Returns a model from arrays named "classifier.…", "forest.SENSE.…" and "thresholds.SENSE"."""

    def part(prefix: str) -> dict[str, NDArray[np.generic]]:
        return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

    forests = {sense: Forest.from_arrays(part(f"forest.{sense}.")) for sense in JUDGED}
    thresholds = {sense: _pair(arrays[f"thresholds.{sense}"]) for sense in JUDGED}
    pairs = {sense: Forest.from_arrays(part(f"pairs.{sense}.")) for sense in RESTATED}
    return Model(Classifier.from_arrays(part("classifier.")), forests, pairs, thresholds)


def weights_digest() -> str:
    """Returns what tells the shipped weights from those of other versions."""
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def learned_model(arrays: Mapping[str, NDArray[np.generic]]) -> Model:
    """Returns the shipped model with classifiers that learned more. Raises ValueError if they learned from others."""
    if str(arrays["base"]) != weights_digest():
        raise ValueError("it learned from the weights of another version")
    parts = {name.removeprefix("classifier."): array for name, array in arrays.items() if name.startswith("classifier")}
    return replace(shipped_model(), classifier=Classifier.from_arrays(parts))


def _pair(array: NDArray[np.generic]) -> Thresholds:
    read, missed = array.astype(np.float64).tolist()
    return read, missed
