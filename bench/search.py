"""Does search find the record somebody has in mind? python bench/search.py [LOGS_FOLDER] [--queries N]

Imports the logs into a SQLite file of its own and searches for random records as somebody would who remembers a few of
their words or an identifier, or mistypes a word. Compares how high each comes with peers on the same texts. What is
folded under a hit comes as high as the hit.

With --paraphrases FILE it searches in other words or another language than the logs. FILE is JSON of [query, prefix]
pairs: a hit is right if the path of its log, seen from LOGS_FOLDER, starts with the prefix. --base FOLDER keeps what
was imported there for the next run. Hidden folders are skipped unless INCLUDE_FOLDERS names them, as in any import.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.search_questions import OF_A_LINE, Question, questions_about  # noqa: E402

if TYPE_CHECKING:
    from bench.search_peers import Peer

Documents = Sequence[tuple[int, str]]
Hits = Sequence[int] | Sequence[Sequence[int]]  # an entry each, or several that are one hit

MIN_HIT_AT_5 = {"remembered words": 0.98, "an identifier": 0.975, "one typo": 0.975, OF_A_LINE: 0.95}
_A_BATCH = 512  # titles
MIN_PARAPHRASES = (0.60, 0.45)  # hit@5, MRR


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="?", default=str(ROOT / "examples"))
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", help="write the first twenty of each query here, to compare two databases")
    parser.add_argument("--paraphrases", type=Path, help="a file of queries in other words, with where they belong")
    parser.add_argument("--base", type=Path, help="import into this folder, or use what was imported there before")
    options = parser.parse_args()
    with data_folder(options.base) as folder:
        os.environ["DATA_DIR"] = str(folder)
        set_up()
        if not has_logs():
            read_logs(options.logs)
        if options.answers:
            return write_answers(Path(options.answers), options.queries, options.seed)
        if options.paraphrases:
            return compare_paraphrases(options.paraphrases, Path(options.logs).resolve())
        return compare(options.queries, options.seed)


@contextmanager
def data_folder(kept: Path | None) -> Iterator[Path]:
    """Yields a folder for the database: one to keep, or one that is removed afterwards."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def set_up() -> None:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    django.setup()
    call_command("migrate", verbosity=0)


def has_logs() -> bool:
    from kb.models import SearchEntry

    return SearchEntry.objects.exists()


def read_logs(folder: str) -> None:
    from django.core.management import call_command

    call_command("ingest", folder, stdout=StringIO())


def write_answers(target: Path, count: int, seed: int) -> int:
    """Writes a line for each query: the query, then title and line of each hit."""
    from kb.search.results.find import search

    records, lines = records_and_lines()
    with target.open("w", encoding="utf-8") as answers:
        for questions in questions_about(records, lines, count, random.Random(seed)).values():
            for question in questions:
                hits = [(hit.entry.title[:60], hit.entry.line) for hit in search(question.query).hits]
                answers.write(f"{question.query!r}\t{hits!r}\n")
    return 0


def compare(count: int, seed: int) -> int:
    records, lines = records_and_lines()
    peers = peers_over([*records, *lines])
    print(f"{len(records)} records and {len(lines)} further lines, {count} queries of each kind\n")
    failed = 0
    for kind, questions in questions_about(records, lines, count, random.Random(seed)).items():
        print(f"{kind:26} hit@1   hit@5     MRR")
        # Records come before the lines that say the same, so a line has to be among the first five, but not as high.
        name, which = ("hit@5", 0) if kind == OF_A_LINE else ("MRR", 1)
        best = max(measure(peer.name, questions, peer.best)[which] for peer in peers)
        found = measure("this product", questions, best_ids)
        good = found[0] >= MIN_HIT_AT_5[kind] and found[which] >= best
        failed += not good
        print(f"  {'reaches' if good else 'SHORT OF'}: hit@5 {MIN_HIT_AT_5[kind]:.3f}, {name} of peers {best:.3f}\n")
    return 1 if failed else 0


def compare_paraphrases(file: Path, logs: Path) -> int:
    """Searches in other words. Fails if few of the right logs are found, or a peer finds them as well."""
    documents = [document for of_kind in records_and_lines() for document in of_kind]
    questions = paraphrases(file, logs)
    unanswerable = sum(not question.ids for question in questions)
    print(f"{len(documents)} entries, {len(questions)} queries, {unanswerable} of them without a log in this base\n")
    print(f"{'other words':26} hit@1   hit@5     MRR")
    others = [measure(peer.name, questions, peer.best) for peer in peers_over(documents)]
    measure("words alone", questions, best_ids_by_words)
    measure("meaning alone", questions, MeaningAlone().best)
    found = measure("this product", questions, best_ids)
    floors = [max(values) for values in zip(*others, strict=True)]
    good = all(
        value >= least and value > best for value, least, best in zip(found, MIN_PARAPHRASES, floors, strict=True)
    )
    print(
        f"  {'reaches' if good else 'SHORT OF'}: hit@5 {MIN_PARAPHRASES[0]:.2f} and more than {floors[0]:.3f}, ", end=""
    )
    print(f"MRR {MIN_PARAPHRASES[1]:.2f} and more than {floors[1]:.3f}")
    return 0 if good else 1


def paraphrases(file: Path, logs: Path) -> list[Question]:
    """Returns the queries of a file, each with the ids of all entries of the logs where it belongs."""
    from kb.models import SearchEntry
    from sessions.models import LogPath

    entries: dict[int, list[int]] = {}
    for key, log in SearchEntry.objects.values_list("pk", "session__log"):
        entries.setdefault(log, []).append(key)
    paths = [(_seen_from(logs, path), log) for path, log in LogPath.objects.values_list("path", "log")]

    def under(prefix: str) -> frozenset[int]:
        return frozenset(key for path, log in paths if path.startswith(prefix) for key in entries.get(log, ()))

    return [Question(query, under(prefix)) for query, prefix in json.loads(file.read_text(encoding="utf-8"))]


def _seen_from(folder: Path, path: str) -> str:
    """Imported logs have absolute paths."""
    return Path(path).relative_to(folder).as_posix() if Path(path).is_relative_to(folder) else path


def records_and_lines() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Returns the texts of the records, and those of the lines that became none, with their ids."""
    from kb.models import EntryKind, SearchEntry

    rows = SearchEntry.objects.order_by("pk")
    both = rows.filter(kind=EntryKind.PASSAGE), rows.exclude(kind=EntryKind.PASSAGE)
    lines, records = (
        [(key, f"{title}\n{body}") for key, title, body in some.values_list("pk", "title", "body")] for some in both
    )
    return records, lines


def peers_over(documents: Documents) -> list[Peer]:
    from bench.search_peers import Bm25s, Fts5, Tantivy, WordOverlap

    return [
        Fts5(documents, "AND"),
        Fts5(documents, "OR"),
        Bm25s(documents),
        Tantivy(documents),
        WordOverlap(documents),
    ]


class MeaningAlone:
    """The nearest titles by the cosine of whole vectors, and nothing else. The vectors are kept beside the database."""

    def __init__(self) -> None:
        from kb.models import SearchEntry
        from sessions.meaning.encoder import sentence_encoder

        self._encoder = sentence_encoder()
        rows = SearchEntry.objects.order_by("pk").values_list("pk", "title")
        self._ids = [key for key, _ in rows]
        numbers = {title: number for number, title in enumerate(dict.fromkeys(title for _, title in rows))}
        self._which = np.array([numbers[title] for _, title in rows], dtype=np.int64)
        self._vectors = self._kept(list(numbers))

    def best(self, query: str, limit: int) -> list[int]:
        of_query = self._encoder.encode([query])[0]
        parts = range(0, len(self._vectors), _A_BATCH)
        cosines = np.concatenate([self._vectors[at : at + _A_BATCH].astype(np.float32) @ of_query for at in parts])
        first = np.argsort(-cosines[self._which], kind="stable")[:limit]
        return [self._ids[at] for at in first]

    def _kept(self, titles: Sequence[str]) -> NDArray[np.float16]:
        digest = hashlib.sha256("\0".join(titles).encode(errors="replace")).hexdigest()[:16]
        file = Path(os.environ["DATA_DIR"]) / f"bench_titles_{digest}.npy"
        if not file.exists():
            np.save(file, self._encoded(titles))
        vectors: NDArray[np.float16] = np.load(file)
        return vectors

    def _encoded(self, titles: Sequence[str]) -> NDArray[np.float16]:
        """Encodes titles of like length together, which is quickest."""
        from sessions.meaning.encoder import DIMENSIONS

        vectors = np.zeros((len(titles), DIMENSIONS), dtype=np.float16)
        order = sorted(range(len(titles)), key=lambda at: len(titles[at]))
        for start in range(0, len(order), _A_BATCH):
            batch = order[start : start + _A_BATCH]
            vectors[batch] = self._encoder.encode([titles[at] for at in batch])
        return vectors


def best_ids(query: str, limit: int, *, meaning: bool = True) -> list[list[int]]:
    """Returns the entries of each hit, with those that are folded under it."""
    from kb.search.results.find import search

    hits = search(query, limit=limit, meaning=meaning).hits
    return [[one.entry.pk for one in (hit, *hit.folded)] for hit in hits]


def best_ids_by_words(query: str, limit: int) -> list[list[int]]:
    return best_ids(query, limit, meaning=False)


def measure(name: str, questions: Sequence[Question], best: Callable[[str, int], Hits]) -> tuple[float, float]:
    """Prints and returns the share of records among the first five hits, and the mean reciprocal rank among twenty."""
    places = [_place(best(question.query, 20), question.ids) for question in questions]
    first, five = (sum(1 for place in places if place and place <= limit) / len(places) for limit in (1, 5))
    mrr = sum(1 / place for place in places if place) / len(places)
    print(f"  {name:24}{first:.3f}   {five:.3f}   {mrr:.3f}")
    return five, mrr


def _place(hits: Hits, expected: frozenset[int]) -> int | None:
    told = ([hit] if isinstance(hit, int) else hit for hit in hits)
    return next((number for number, ids in enumerate(told, 1) if expected.intersection(ids)), None)


if __name__ == "__main__":
    sys.exit(main())
