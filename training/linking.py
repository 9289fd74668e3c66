"""Makes the weights of linking: linking.py CORPUS_FOLDER [--pool FILE]. See README.md.

Two forests: one tells the names in a message (trained on the invented problems, whose names are known), the other
whether two errors are one problem (trained on pairs of invented problems and of errors from real logs). A regression,
trained on pairs of real errors alone, decides on those that are told at length.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from kb.linking.fingerprints import VECTORS, Fingerprint, Stated, fingerprints, taken_apart
from kb.linking.lexicon import Lexicon, lexicon_of
from kb.linking.model import COMPRESSED, WEIGHTS, LinkingModel, PairModel
from kb.linking.similarity import traits_of
from kb.linking.terms import keys_of as keys_of_token
from kb.linking.terms import split
from sessions.meaning.encoder import Encoder, sentence_encoder
from sessions.meaning.forest import Forest
from training.compression import compression_of
from training.cross_validate import RememberingEncoder
from training.error_pairs import ErrorPair, ReadLogs, labelled_pairs
from training.families import Told, invented_problems, problems_in
from training.trees import Shape, fit_trees
from training.usage import usages_in

_FOLDS = 4
_CELLS = 512
_NAMES = Shape(forests=1, trees=150, leaves=8, rate=0.06, least=40, features=0.5)
_PAIRS = Shape(forests=2, trees=250, leaves=20, rate=0.06, least=40, features=0.4)
_NEAREST = 25
_MOST_SHARING = 150
_KEPT_SAME, _KEPT_DIFFERENT, _WITHOUT_MEANING = 0.6, 0.3, 0.2  # shares of the pairs
POOL_WEIGHT = 2.0
_STRENGTH = 0.05  # of the regression
REAL_WEIGHT = 80.0  # a pair of real errors counts as much as so many invented ones


@dataclass(frozen=True)
class Rows:
    """Pairs: their traits, whether they are one problem, how much each counts, and the families or the project."""

    traits: NDArray[np.float32]
    same: NDArray[np.bool_]
    weight: NDArray[np.float64]

    def joined(self, other: Rows) -> Rows:
        return Rows(
            np.vstack([self.traits, other.traits]),
            np.concatenate([self.same, other.same]),
            np.concatenate([self.weight, other.weight]),
        )


def fit_names(told: Sequence[Told], lexicon: Lexicon) -> Forest:
    """Returns the forest that tells whether a term is one of the names of its problem."""
    traits, targets = [], []
    for one in told:
        names = {key for name in one.names for token in split(name) for key in keys_of_token(token)}
        terms = taken_apart(one.stated, lexicon.usage).terms
        traits += [term.traits for term in terms]
        targets += [term.key in names for term in terms]
    return fit_trees(np.array(traits, dtype=np.float32), np.array(targets), _NAMES)


def fit_long(real: Rows) -> NDArray[np.float32]:
    """Returns what each trait adds to the log-odds of a pair, and at last a constant; with meaning, then without."""
    return np.array([_regression(real, 0), _regression(real, VECTORS)], dtype=np.float32)


def _regression(real: Rows, first: int) -> NDArray[np.float64]:
    """Fits the traits from the first one on, each by its distance from the mean; those before it add nothing."""
    traits = real.traits[:, first:].astype(np.float64)
    mean, spread = traits.mean(axis=0), np.maximum(traits.std(axis=0), 1e-6)
    regression = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=2000)
    fitted = regression.fit((traits - mean) / spread, real.same)
    adds = fitted.coef_[0] / spread
    return np.array([*np.zeros(first), *adds, fitted.intercept_[0] - mean @ adds])


def candidates(made: Sequence[Fingerprint], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Returns pairs worth learning from: those that share a rare word, and those near in meaning."""
    sharing: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(made):
        for key in sorted(one.keys, key=lambda key: (-lexicon.usage(key).rarity, key))[:5]:
            sharing[key].append(at)
    pairs = {(a, b) for many in sharing.values() if len(many) <= _MOST_SHARING for a in many for b in many if a < b}
    vectors = np.array([one.vectors[0] for one in made if one.vectors is not None], dtype=np.float32)
    for at, near in enumerate(np.argsort(-(vectors @ vectors.T), axis=1, kind="stable")[:, :_NEAREST].tolist()):
        pairs |= {(min(at, other), max(at, other)) for other in near if other != at}
    return sorted(pairs)


def rows_of(
    made: Sequence[Fingerprint],
    pairs: Sequence[tuple[int, int]],
    same: Collection[bool],
    weight: float,
    lexicon: Lexicon,
) -> Rows:
    traits = np.array([traits_of(made[a], made[b], lexicon.usage) for a, b in pairs], dtype=np.float32)
    return Rows(traits, np.array(list(same), dtype=np.bool_), np.full(len(pairs), weight))


class Linking:
    """What is the same for all models: the lexicon, the compression, and the pairs that they learn from."""

    def __init__(self, lexicon: Lexicon, encoder: Encoder, real: Sequence[ErrorPair]) -> None:
        self.lexicon, self.encoder, self.real = lexicon, encoder, real
        self.told = invented_problems()
        texts = [f"{one.stated.title} {one.stated.message}" for one in self.told]
        texts += [f"{side.title} {side.message}" for pair in real for side in (pair.one, pair.other)]
        self.compression = compression_of(encoder.encode(sorted(set(texts))), COMPRESSED, _CELLS, centred=False)
        self.names = fit_names(self.told, lexicon)
        self.invented = self._invented_rows()

    def fingerprints(self, errors: Sequence[Stated], names: Forest | None = None) -> list[Fingerprint]:
        told = names or self.names
        no_pairs = PairModel(told, np.zeros((2, 1), dtype=np.float32))  # none is compared here
        model = LinkingModel(self.lexicon, told, no_pairs, self.compression)
        return fingerprints(errors, self.encoder, model)

    def real_rows(self, real: Sequence[ErrorPair]) -> Rows:
        made = self.fingerprints([side for pair in real for side in (pair.one, pair.other)])
        pairs = [(2 * at, 2 * at + 1) for at in range(len(real))]
        return rows_of(made, pairs, [pair.same for pair in real], REAL_WEIGHT, self.lexicon)

    def model(self, real: Rows, *others: Rows) -> LinkingModel:
        """Returns a model that learned from the invented pairs, from real ones and from others."""
        every = self.invented
        for more in (real, *others):
            every = every.joined(more)
        every = every.joined(_without_meaning(every))
        forest = fit_trees(every.traits, every.same, _PAIRS, every.weight)
        return LinkingModel(self.lexicon, self.names, PairModel(forest, fit_long(real)), self.compression)

    def _invented_rows(self) -> Rows:
        """Returns pairs of invented problems; names are told by a forest that has not seen their family."""
        families = sorted({one.family for one in self.told})
        np.random.RandomState(0).shuffle(families)
        every = None
        for fold in range(_FOLDS):
            within = set(families[fold::_FOLDS])
            names = fit_names([one for one in self.told if one.family not in within], self.lexicon)
            rows = self._rows_of_told([one for one in self.told if one.family in within], names)
            every = rows if every is None else every.joined(rows)
        assert every is not None
        return every

    def pool_rows(self, told: Sequence[Told]) -> Rows:
        """Returns pairs of a pool by others, whose names are told by a forest that never saw it."""
        rows = self._rows_of_told(told, self.names)
        return Rows(rows.traits, rows.same, rows.weight * POOL_WEIGHT)

    def _rows_of_told(self, told: Sequence[Told], names: Forest) -> Rows:
        made = self.fingerprints([one.stated for one in told], names)
        pairs = candidates(made, self.lexicon)
        same = np.array([told[a].problem == told[b].problem for a, b in pairs])
        drawn = np.random.RandomState(0).rand(len(pairs))
        kept = np.flatnonzero(drawn < np.where(same, _KEPT_SAME, _KEPT_DIFFERENT))
        return rows_of(made, [pairs[at] for at in kept], same[kept], 1.0, self.lexicon)


def _without_meaning(rows: Rows) -> Rows:
    """Returns some of the rows as they are without vectors, so that one forest serves with and without meaning."""
    kept = np.random.RandomState(1).rand(len(rows.same)) < _WITHOUT_MEANING
    traits = rows.traits[kept].copy()
    traits[:, :VECTORS] = -1.0
    return Rows(traits, rows.same[kept], rows.weight[kept])


def linking_of(corpus: Path) -> Linking:
    """Returns what all models share, learned from a folder of logs."""
    encoder = RememberingEncoder(sentence_encoder())
    return Linking(lexicon_of(usages_in(corpus)), encoder, labelled_pairs(corpus, ReadLogs(encoder)))


def arrays_of(model: LinkingModel) -> dict[str, NDArray[np.generic]]:
    """Returns the arrays of a model as `kb.linking.model.model_from` takes them."""
    arrays: dict[str, NDArray[np.generic]] = {
        "lexicon": model.lexicon.shares,
        "components": model.compression.components.astype(np.float16),
        "centres": model.compression.centres.astype(np.float16),
    }
    arrays["long"] = model.pairs.long
    for name, forest in (("names", model.names), ("pairs", model.pairs.forest)):
        arrays |= {f"{name}.{part.name}": getattr(forest, part.name) for part in fields(forest)}
    return arrays


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument(
        "--pool", type=Path, help="a pool by others to learn from, too: EVALUATION/recurrence/pool.json"
    )
    options = parser.parse_args()
    linking = linking_of(options.corpus)
    rows = [linking.real_rows(linking.real)]
    if options.pool:
        rows.append(linking.pool_rows(problems_in(options.pool)))
    model = linking.model(*rows)
    np.savez_compressed(WEIGHTS, allow_pickle=False, **arrays_of(model))
    print(f"{len(linking.told)} invented errors, {len(linking.real)} pairs of real ones", end=", ")
    print(f"{WEIGHTS.stat().st_size / 1e6:.2f} MB in {WEIGHTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
