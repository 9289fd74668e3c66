"""How well linking finds the same problem: python bench/linking.py [--evaluation FOLDER --corpus FOLDER]

Pairwise precision, recall and F1 on pools whose truth is known, compared with a hash of the raw message, a hash after
masking, TF-IDF over 3-grams (scikit-learn) and Drain3:

1. its own pool (bench/pool.py), none of whose families training knows;
2. with --evaluation, `recurrence/pool.json` there, by another author; the shipped weights learned from it, too;
3. with --corpus as well, what a model has not seen: each half of that pool's families by a model trained on the other
   half, and pairs of errors from real logs (`recurrence/pairs.json`), each project by a model trained without its pairs
   (needs requirements-train.txt, and takes some minutes).

--pool FILE.json takes a pool instead: a JSON list of objects with `identity`, `title`, `message` and `exception`.
Needs requirements-bench.txt. Fails under the figures in LEAST.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


from bench.pool import Member, make_pool, pairs  # noqa: E402
from kb.grouping.groups import Facts, group  # noqa: E402
from kb.linking.fingerprints import Fingerprint, Stated, fingerprints  # noqa: E402
from kb.linking.masking import mask  # noqa: E402
from kb.linking.model import LinkingModel, shipped_model  # noqa: E402
from kb.linking.similarity import NEAR, SAME, keys_of, likenesses, nearest  # noqa: E402
from sessions.meaning.encoder import Encoder, sentence_encoder  # noqa: E402
from sessions.parsing.vocabulary import fold  # noqa: E402

# Precision and F1 of a pool; for real pairs, the least share linked of the same and the most of the different.
LEAST = {"own": (0.98, 0.85), "pool": (0.95, 0.75), "real": (0.75, 0.08)}
LEAST_LEAD = 1.3  # times the F1 of the best peer


def text_of(member: Member) -> str:
    return f"{member.title} {member.message}".strip()


def by_raw_hash(pool: Sequence[Member]) -> list[int]:
    return numbered([text_of(member) for member in pool])


def by_masking(pool: Sequence[Member]) -> list[int]:
    return numbered([mask(fold(text_of(member))) for member in pool])


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
    stated = [Stated(member.title, member.message, member.exception) for member in pool]
    return linked(stated, shipped_model(), sentence_encoder())


def by_words_alone(pool: Sequence[Member]) -> list[int]:
    return linked([Stated(member.title, member.message, member.exception) for member in pool], shipped_model(), None)


def linked(errors: Sequence[Stated], model: LinkingModel, encoder: Encoder | None) -> list[int]:
    """Dejafix without a database. Returns the number of the group of each error."""
    made = fingerprints(errors, encoder, model)
    first: dict[str, int] = {}
    identities = {n: first.setdefault(own.digest, n) if own.is_telling else n for n, own in enumerate(made)}
    links = links_of(made, sorted({n for n in identities.values() if made[n].is_telling}), model)
    ranks = {n: rank for rank, n in enumerate(sorted(set(identities.values()), key=lambda n: made[n].digest))}
    groups = group(Facts(identities, links, least=SAME, is_whole=True, ranks=ranks))
    number = {error: min(members) for members in groups for error in members}
    return [number[error] for error in range(len(errors))]


def links_of(made: Sequence[Fingerprint], numbers: Sequence[int], model: LinkingModel) -> dict[tuple[int, int], float]:
    by_key: dict[str, list[int]] = defaultdict(list)
    links: dict[tuple[int, int], float] = {}
    for number in numbers:
        keys = keys_of(made[number], model)
        others = _nearest(made, number, {key: by_key[key] for key in keys}, model)
        found = likenesses(made[number], [made[other] for other in others], model)
        links |= {(other, number): how.score for other, how in zip(others, found, strict=True) if how.score >= NEAR}
        for key in keys:
            by_key[key].append(number)
    return links


def _nearest(made: Sequence[Fingerprint], number: int, by_key: dict[str, list[int]], model: LinkingModel) -> list[int]:
    shared: dict[int, list[str]] = defaultdict(list)
    for key, others in by_key.items():
        for other in others:
            shared[other].append(key)
    known = sorted(shared)
    vectors = [b"" if (own := made[other].vectors) is None else own.tobytes() for other in known]
    return [known[at] for at in nearest(made[number], [shared[other] for other in known], vectors, model)]


def numbered(labels: Sequence[str]) -> list[int]:
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


OURS = "ours"
METHODS: dict[str, Callable[[Sequence[Member]], list[int]]] = {
    "raw message hash": by_raw_hash,
    "masking, then hash": by_masking,
    "TF-IDF 3-grams >= .8": by_tfidf,
    "Drain3": by_drain3,
    "ours, MEANING=off": by_words_alone,
    OURS: by_linking,
}


def figures(linked: set[tuple[int, int]], truth: set[tuple[int, int]]) -> tuple[float, float, float]:
    """Returns precision, recall and F1 of the linked pairs."""
    right = len(linked & truth)
    precision = right / len(linked) if linked else 1.0
    recall = right / len(truth) if truth else 1.0
    return precision, recall, 2 * right / (len(linked) + len(truth)) if linked or truth else 1.0


def compare(name: str, pool: Sequence[Member], least: tuple[float, float]) -> bool:
    """Prints the figures of every method on a pool. Returns whether ours reach the least ones, and lead by enough."""
    truth = pairs([member.identity for member in pool])
    problems = len({member.identity for member in pool})
    print(f"\n{name}: {len(pool)} errors, {problems} problems, {len(truth)} pairs of the same one")
    print(f"{'':<24}{'precision':>10}{'recall':>9}{'F1':>8}{'seconds':>10}")
    table = {}
    for method, labels_of in METHODS.items():
        start = time.perf_counter()
        labels = labels_of(pool)
        spent = time.perf_counter() - start
        table[method] = figures(pairs(labels), truth)
        print(f"{method:<24}{table[method][0]:>10.3f}{table[method][1]:>9.3f}{table[method][2]:>8.3f}{spent:>10.2f}")
    precision, _recall, f1 = table[OURS]
    best = max(score for method, (_p, _r, score) in table.items() if not method.startswith(OURS))
    print(f"ours over the best peer: {f1 / best:.2f}")
    return precision >= least[0] and f1 >= max(least[1], LEAST_LEAD * best)


def read_pool(path: Path) -> list[Member]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    numbers: dict[Any, int] = {}
    return [
        Member(numbers.setdefault(row["identity"], len(numbers)), row["title"], row["message"], row["exception"])
        for row in rows
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--evaluation", type=Path)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    if options.pool:
        return int(not compare(options.pool.name, read_pool(options.pool), LEAST["pool"]))
    reached = [compare("Its own pool", make_pool(), LEAST["own"])]
    if options.evaluation:
        other = read_pool(options.evaluation / "recurrence" / "pool.json")
        reached.append(compare("A pool by another author", other, LEAST["pool"]))
    if options.evaluation and options.corpus:
        from bench.unseen import compare_unseen

        reached.append(compare_unseen(options.evaluation / "recurrence", options.corpus))
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
