"""Linking of what the model has not seen: families of a pool, and pairs of errors from real logs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.linking import LEAST, figures, linked, numbered
from bench.pool import pairs as pairs_of
from kb.linking.fingerprints import Stated
from sessions.meaning.judge import shipped_model
from sessions.meaning.revise import Reviser
from sessions.parsing.pipeline import read_log
from sessions.records import ErrorRecord
from training.error_pairs import repository_digest, stated
from training.families import Told, problems_in
from training.linking import Linking, Rows, linking_of

_FOLDS = 6
_NEAR = 1  # lines
Spans = list[tuple[int, int, int]]


def compare_unseen(recurrence: Path, corpus: Path) -> bool:
    """Prints the figures of an evaluation's pool and pairs, cross-validated. Returns whether they reach LEAST."""
    linking = linking_of(corpus)
    pool = problems_in(recurrence / "pool.json")
    reached = _compare_families(linking, pool)
    return _compare_pairs(linking, linking.pool_rows(pool), recurrence / "pairs.json", corpus) and reached


def _compare_families(linking: Linking, pool: Sequence[Told]) -> bool:
    """Links each half of a pool's families by a model that was trained on the other half."""
    families = sorted({one.family for one in pool})
    np.random.RandomState(5).shuffle(families)
    real, found = linking.real_rows(linking.real), []
    for half in (set(families[::2]), set(families[1::2])):
        unseen = [one for one in pool if one.family in half]
        model = linking.model(real, linking.pool_rows([one for one in pool if one.family not in half]))
        labels = linked([one.stated for one in unseen], model, linking.encoder)
        found.append(figures(pairs_of(labels), pairs_of(numbered([one.problem for one in unseen]))))
    precision, recall, f1 = np.mean(found, axis=0)
    print("\nThe same pool, each half of its families by a model trained without them")
    print(f"{'ours':<24}{precision:>10.3f}{recall:>9.3f}{f1:>8.3f}")
    return bool(precision >= LEAST["pool"][0] and f1 >= LEAST["pool"][1])


def _compare_pairs(linking: Linking, pool: Rows, file: Path, corpus: Path) -> bool:
    """Counts how many pairs are linked that are the same problem, and that are not."""
    pairs: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    places = _places(linking, pool, corpus, sorted({_project(pair["a"]) for pair in pairs}))
    counts = {same: [0, 0, 0] for same in (True, False)}
    for pair in pairs:
        one, other = (_issues_at(places, pair[side]) for side in ("a", "b"))
        count = counts[pair["same"]]
        count[0] += bool(one & other)
        count[1] += 1
        count[2] += not (one and other)
    print("\nPairs of errors from real logs, each project by a model trained without its pairs")
    for same, name in ((True, "the same problem"), (False, "different problems")):
        hits, total, unread = counts[same]
        print(f"{name:<24}{hits} of {total} linked ({hits / max(total, 1):.2f}); of {unread} a side was not read")
    shares = [counts[same][0] / max(counts[same][1], 1) for same in (True, False)]
    return shares[0] >= LEAST["real"][0] and shares[1] <= LEAST["real"][1]


def _project(place: Mapping[str, Any]) -> str:
    return str(place["path"]).split("/")[0]


def _places(linking: Linking, pool: Rows, corpus: Path, projects: Sequence[str]) -> dict[str, Spans]:
    """Returns, by path, the lines of each error and the number of its issue."""
    shuffled = list(projects)
    np.random.RandomState(0).shuffle(shuffled)
    places: dict[str, Spans] = defaultdict(list)
    numbers = 0
    for fold in range(_FOLDS):
        left_out = {repository_digest(project) for project in shuffled[fold::_FOLDS]}
        real = linking.real_rows([pair for pair in linking.real if pair.repository not in left_out])
        model = linking.model(real, pool)
        for project in shuffled[fold::_FOLDS]:
            found = list(_errors_in(corpus, project, linking))
            labels = linked([error_of for _path, _error, error_of in found], model, linking.encoder)
            for (path, error, _stated), label in zip(found, labels, strict=True):
                spans = error.mentions or [(error.line, error.line)]
                places[path] += [(first, last, numbers + label) for first, last in spans]
            numbers += len(found)
    return places


def _errors_in(corpus: Path, project: str, linking: Linking) -> Iterable[tuple[str, ErrorRecord, Stated]]:
    reviser = Reviser(shipped_model(), linking.encoder)
    for file in sorted((corpus / project).rglob("*")):
        if file.suffix in (".md", ".txt"):
            path = file.relative_to(corpus).as_posix()
            for session in read_log(path, file.read_bytes(), reviser).record.sessions:
                for error in session.errors:
                    yield path, error, stated(error)


def _issues_at(places: Mapping[str, Spans], place: Mapping[str, Any]) -> set[int]:
    line = place["line"]
    spans = places.get(place["path"], [])
    return {issue for first, last, issue in spans if first - _NEAR <= line <= last + _NEAR}
