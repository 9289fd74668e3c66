"""How well linking finds the same problem: python bench/linking.py [--pool FILE.json]

Pairwise precision, recall and F1 on a pool whose truth is known, compared with a hash of the raw message, a hash after
masking, TF-IDF over 3-grams (scikit-learn) and Drain3. --pool takes a JSON list of objects with `identity`, `title`,
`message` and `exception`.
Needs requirements-bench.txt. Fails under precision .98, F1 .85 or 1.3 times the best peer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.pool import Member, make_pool, pairs  # noqa: E402
from kb.linking.fingerprints import Fingerprint, fingerprint  # noqa: E402
from kb.linking.masking import mask  # noqa: E402
from kb.linking.similarity import keys_of, likeness  # noqa: E402
from sessions.parsing.vocabulary import fold  # noqa: E402

LEAST_PRECISION, LEAST_F1, LEAST_LEAD = 0.98, 0.85, 1.3


def text_of(member: Member) -> str:
    return f"{member.title} {member.message}".strip()


def by_raw_hash(pool: Sequence[Member]) -> list[int]:
    return _numbered([text_of(member) for member in pool])


def by_masking(pool: Sequence[Member]) -> list[int]:
    return _numbered([mask(fold(text_of(member))) for member in pool])


def by_tfidf(pool: Sequence[Member]) -> list[int]:
    """Character 3-grams, a cosine of at least .8, single linkage."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)).fit_transform([text_of(m) for m in pool])
    near = (vectors @ vectors.T).tocoo()
    return _joined(
        len(pool), [(int(a), int(b)) for a, b, score in zip(near.row, near.col, near.data, strict=True) if score >= 0.8]
    )


def by_drain3(pool: Sequence[Member]) -> list[int]:
    from drain3 import TemplateMiner
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    config.drain_sim_th = 0.5
    miner = TemplateMiner(config=config)
    return [miner.add_log_message(mask(fold(text_of(member))))["cluster_id"] for member in pool]


def by_linking(pool: Sequence[Member]) -> list[int]:
    """Dejafix without a database: equal fingerprints, then likeness among those that share a key."""
    fingerprints = [fingerprint(member.title, member.message, member.exception) for member in pool]
    return _joined(len(pool), edges_of(fingerprints))


def edges_of(fingerprints: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    edges: list[tuple[int, int]] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(fingerprints):
        if not own.is_telling:
            continue
        equal = first.setdefault(own.digest, number)
        if equal != number:
            edges.append((equal, number))
            continue
        candidates = sorted({other for key in keys_of(own) for other in by_key[key]})
        edges += [(other, number) for other in candidates if likeness(own, fingerprints[other]).is_same]
        for key in keys_of(own):
            by_key[key].append(number)
    return edges


def _numbered(labels: Sequence[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]


def _joined(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Returns connected components."""
    root = list(range(count))

    def top(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for one, other in edges:
        root[top(one)] = top(other)
    return [top(number) for number in range(count)]


METHODS = {
    "raw message hash": by_raw_hash,
    "masking, then hash": by_masking,
    "TF-IDF 3-grams >= .8": by_tfidf,
    "Drain3": by_drain3,
    "ours": by_linking,
}


def figures(linked: set[tuple[int, int]], truth: set[tuple[int, int]]) -> tuple[float, float, float]:
    """Returns precision, recall and F1 of the linked pairs."""
    right = len(linked & truth)
    precision = right / len(linked) if linked else 1.0
    recall = right / len(truth) if truth else 1.0
    return precision, recall, 2 * right / (len(linked) + len(truth)) if linked or truth else 1.0


def compare(pool: Sequence[Member]) -> dict[str, tuple[float, float, float]]:
    truth = pairs([member.identity for member in pool])
    print(f"{len(pool)} errors, {len({m.identity for m in pool})} problems, {len(truth)} pairs of the same problem")
    print(f"{'':<24}{'precision':>10}{'recall':>9}{'F1':>8}{'seconds':>10}")
    table = {}
    for name, method in METHODS.items():
        start = time.perf_counter()
        labels = method(pool)
        table[name] = figures(pairs(labels), truth)
        print(f"{name:<24}{table[name][0]:>10.3f}{table[name][1]:>9.3f}{table[name][2]:>8.3f}", end="")
        print(f"{time.perf_counter() - start:>10.2f}")
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path)
    options = parser.parse_args()
    if options.pool:
        pool = [Member(**member) for member in json.loads(options.pool.read_text(encoding="utf-8"))]
    else:
        pool = make_pool()
    table = compare(pool)
    precision, _recall, f1 = table["ours"]
    best = max(score for name, (_p, _r, score) in table.items() if name != "ours")
    print(f"\nours over the best peer: {f1 / best:.2f}")
    return int(precision < LEAST_PRECISION or f1 < LEAST_F1 or f1 < LEAST_LEAD * best)


if __name__ == "__main__":
    sys.exit(main())
