"""Does search find the record somebody has in mind? python bench/search.py [LOGS_FOLDER] [--queries N]

Imports the logs into a SQLite file of its own and searches for random records as somebody would who remembers a few of
their words or an identifier, or mistypes a word. Compares how high each comes with peers on the same texts.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import string
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MIN_HIT_AT_5 = {"remembered words": 0.97, "an identifier": 0.95, "one typo": 0.90}
_WORD = re.compile(r"[^\W\d_]{4,}")
_IDENTIFIER = re.compile(r"(?<!\w)(?:[A-Za-z_]\w*(?:[._/:-]\w+)+|[A-Za-z]+[a-z][A-Z]\w+|[A-Za-z]\w*_\w+)(?!\w)")


@dataclass(frozen=True, slots=True)
class Question:
    """A query for a record, and the ids of all records with exactly the same text."""

    query: str
    ids: frozenset[int]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="?", default=str(ROOT / "examples"))
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", help="write the first twenty of each query here, to compare two databases")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        set_up()
        read_logs(options.logs)
        if options.answers:
            return write_answers(Path(options.answers), options.queries, options.seed)
        return compare(options.queries, options.seed)


def set_up() -> None:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    django.setup()
    call_command("migrate", verbosity=0)


def read_logs(folder: str) -> None:
    from django.core.management import call_command

    call_command("ingest", folder, stdout=StringIO())


def write_answers(target: Path, count: int, seed: int) -> int:
    """Writes a line for each query: the query, then title and line of each hit."""
    from kb.models import SearchEntry
    from kb.search.results.find import search

    rows = SearchEntry.objects.order_by("pk").values_list("pk", "title", "body")
    documents = [(key, f"{title}\n{body}") for key, title, body in rows]
    with target.open("w", encoding="utf-8") as lines:
        for questions in questions_about(documents, count, random.Random(seed)).values():
            for question in questions:
                hits = [(hit.entry.title[:60], hit.entry.line) for hit in search(question.query).hits]
                lines.write(f"{question.query!r}\t{hits!r}\n")
    return 0


def compare(count: int, seed: int) -> int:
    from bench.search_peers import Bm25s, Fts5, Peer, Tantivy, WordOverlap
    from kb.models import SearchEntry

    rows = list(SearchEntry.objects.order_by("pk").values_list("pk", "title", "body"))
    documents = [(key, f"{title}\n{body}") for key, title, body in rows]
    peers: list[Peer] = [
        Fts5(documents, "AND"),
        Fts5(documents, "OR"),
        Bm25s(documents),
        Tantivy(documents),
        WordOverlap(documents),
    ]
    print(f"{len(documents)} records, {count} queries of each kind\n")
    failed = 0
    for kind, questions in questions_about(documents, count, random.Random(seed)).items():
        print(f"{kind:26} hit@1   hit@5     MRR")
        best = max(measure(peer.name, questions, peer.best)[1] for peer in peers)
        hit_at_5, mrr = measure("this product", questions, best_ids)
        good = hit_at_5 >= MIN_HIT_AT_5[kind] and mrr >= best
        failed += not good
        print(f"  {'reaches' if good else 'SHORT OF'}: hit@5 {MIN_HIT_AT_5[kind]:.2f}, MRR {best:.3f}\n")
    return 1 if failed else 0


def best_ids(query: str, limit: int) -> list[int]:
    from kb.search.results.find import search

    return [hit.entry.pk for hit in search(query, limit=limit).hits]


def measure(name: str, questions: Sequence[Question], best: Callable[[str, int], list[int]]) -> tuple[float, float]:
    """Prints and returns the share of records among the first five hits, and the mean reciprocal rank among twenty."""
    places = [_place(best(question.query, 20), question.ids) for question in questions]
    first, five = (sum(1 for place in places if place and place <= limit) / len(places) for limit in (1, 5))
    mrr = sum(1 / place for place in places if place) / len(places)
    print(f"  {name:24}{first:.3f}   {five:.3f}   {mrr:.3f}")
    return five, mrr


def _place(ids: Sequence[int], expected: frozenset[int]) -> int | None:
    return next((number for number, key in enumerate(ids, 1) if key in expected), None)


def questions_about(
    documents: Sequence[tuple[int, str]], count: int, chance: random.Random
) -> dict[str, list[Question]]:
    """Returns queries of each kind for random records. Rare words are more likely to be remembered."""
    same: dict[str, set[int]] = {}
    for key, text in documents:
        same.setdefault(" ".join(text.lower().split()), set()).add(key)
    counts = Counter(word for _, text in documents for word in set(_words(text)))
    questions: dict[str, list[Question]] = {kind: [] for kind in MIN_HIT_AT_5}
    for _, text in chance.sample(documents, len(documents)):
        ids = frozenset(same[" ".join(text.lower().split())])
        words = _remembered(text, counts, chance)
        if len(words) >= 3:
            questions["remembered words"].append(Question(" ".join(words), ids))
            questions["one typo"].append(Question(" ".join(_one_mistyped(words, chance)), ids))
        if names := sorted(set(_IDENTIFIER.findall(text))):
            questions["an identifier"].append(Question(" ".join([chance.choice(names), *words[:1]]), ids))
        if all(len(queries) >= count for queries in questions.values()):
            break
    return {kind: queries[:count] for kind, queries in questions.items()}


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))


def _remembered(text: str, counts: Counter[str], chance: random.Random) -> list[str]:
    words = [word for word in _words(text) if word.isascii()]
    weights = {word: chance.random() / (1 + counts[word]) ** 0.3 for word in words}
    return sorted(words, key=lambda word: -weights[word])[:4]


def _one_mistyped(words: Sequence[str], chance: random.Random) -> list[str]:
    """Returns the words with one letter of one word swapped with the next, left out, doubled or replaced."""
    at = chance.randrange(len(words))
    word = words[at]
    place = chance.randrange(1, len(word) - 1)
    ways = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + chance.choice(string.ascii_lowercase) + word[place + 1 :],
    )
    return [*words[:at], chance.choice(ways), *words[at + 1 :]]


if __name__ == "__main__":
    sys.exit(main())
