"""The stored signatures that a fingerprint is compared with: the nearest of those that share a key with it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Count

from kb.linking.domains import Domain
from kb.linking.failures import Failure
from kb.linking.fingerprints import VECTORS, VERSION, Fingerprint, Known
from kb.linking.model import COMPRESSED
from kb.linking.similarity import SAME, Likeness, keys_of, likenesses, most_compared, nearest
from kb.models import Signature, SignatureKey

_MOST_SHARING = 400  # a key that more signatures of a project have finds nothing: others do
_MOST_ELSEWHERE = 200  # signatures of other projects that one is compared with


class Wanted(NamedTuple):
    """A fingerprint whose candidates are looked for: by keys, in a project.

    itself  the number of its own signature, which is no candidate; 0 if it has none
    is_new  it was made last, so that signatures with a higher number do not exist for it
    """

    own: Fingerprint
    keys: Sequence[str]
    project: int | None
    itself: int = 0
    is_new: bool = False


class Candidates:
    """The signatures in some projects that share some keys, each read from the database once.

    since  the lowest number of a signature that is new: earlier ones tell whether too many have a key to read them
    """

    def __init__(self, keys: Iterable[str], projects: Collection[int | None], since: int | None = None) -> None:
        wanted, known = set(keys), [project for project in projects if project is not None]
        rows = SignatureKey.objects.filter(project__in=known).order_by("signature")
        earlier = rows if since is None else rows.filter(signature__lt=since)
        counts = earlier.filter(key__in=wanted).order_by().values_list("key", "project_id").annotate(count=Count("pk"))
        crowded = {(key, project) for key, project, count in counts if count > _MOST_SHARING}
        self._by_key: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        some = rows.filter(key__in=_not_all(wanted, crowded, known))
        for key, project, signature in some.values_list("key", "project_id", "signature_id"):
            if (key, project) not in crowded:
                self._by_key[key, project].append(signature)

    def of(
        self, own: Fingerprint, keys: Iterable[str], project: int | None, itself: int | None = None
    ) -> dict[int, Fingerprint]:
        """Returns the nearest of the signatures of a project that have one of the keys, by number."""
        return self.of_each([Wanted(own, tuple(keys), project, itself or 0)])[0]

    def of_each(self, wanted: Sequence[Wanted]) -> list[dict[int, Fingerprint]]:
        """Returns the nearest signatures for each of the fingerprints, by number, in two queries for all of them."""
        shared = [self._shared(one) for one in wanted]
        crowded = {number for one, own in zip(wanted, shared, strict=True) if _is_crowded(one, own) for number in own}
        vectors = _read_vectors(crowded)
        nearest_of = [_nearest(one, own, vectors) for one, own in zip(wanted, shared, strict=True)]
        read = _read_all({number for numbers in nearest_of for number in numbers})
        return [{number: read[number] for number in sorted(numbers) if number in read} for numbers in nearest_of]

    def _shared(self, one: Wanted) -> dict[int, list[str]]:
        """Returns the keys that each signature shares. A key that too many have finds none."""
        shared: dict[int, list[str]] = defaultdict(list)
        for key in one.keys:
            sharing = self._by_key.get((key, one.project), [])
            if one.is_new:
                sharing = sharing[: bisect_left(sharing, one.itself)]
            if len(sharing) <= _MOST_SHARING:
                for number in sharing:
                    shared[number].append(key)
        shared.pop(one.itself, None)
        return shared


def _not_all(
    keys: Collection[str], crowded: Collection[tuple[str, int | None]], projects: Collection[int]
) -> list[str]:
    """Returns the keys that are not crowded in all the projects."""
    return [key for key in keys if any((key, project) not in crowded for project in projects)]


def _is_crowded(one: Wanted, shared: Collection[int]) -> bool:
    return len(shared) > most_compared(one.own)


def _nearest(one: Wanted, shared: Mapping[int, Sequence[str]], vectors: Mapping[int, bytes]) -> Collection[int]:
    if not _is_crowded(one, shared):
        return shared
    known = sorted(number for number in shared if number in vectors)
    best = nearest(one.own, [shared[number] for number in known], [vectors[number] for number in known])
    return [known[at] for at in best]


def _read_vectors(numbers: Collection[int]) -> dict[int, bytes]:
    """Returns the vectors of signatures of the current version."""
    if not numbers:
        return {}
    rows = Signature.objects.filter(pk__in=numbers).values_list("pk", "version", "vectors")
    return {number: bytes(vectors) for number, version, vectors in rows if version == VERSION}


def candidates_elsewhere(own: Fingerprint, projects: Collection[int | None]) -> dict[int, Fingerprint]:
    """Returns the signatures of other projects that share most keys with a fingerprint, by number."""
    known = [project for project in projects if project is not None]
    rows = SignatureKey.objects.filter(key__in=keys_of(own)).exclude(project__in=known).exclude(project=None)
    most = rows.values("signature").annotate(shared=Count("pk")).order_by("-shared", "signature")
    return _read_all(row["signature"] for row in most[:_MOST_ELSEWHERE])


def _read_all(numbers: Iterable[int]) -> dict[int, Fingerprint]:
    """Returns the fingerprints of the current version. Asked for a version, SQLite would read through its index."""
    rows = Signature.objects.filter(pk__in=list(numbers)).values_list("pk", "version", "parts", "vectors")
    return {
        pk: _fingerprint(parts, bytes(vectors), version) for pk, version, parts, vectors in rows if version == VERSION
    }


def similar(own: Fingerprint, others: Mapping[int, Fingerprint]) -> dict[int, Likeness]:
    """Returns those of the signatures that are the same problem as a fingerprint."""
    compared = zip(others, likenesses(own, list(others.values()), least=SAME), strict=True)
    return {pk: how for pk, how in compared if how.is_same}


def read_parts(signature: Signature) -> Fingerprint:
    """Returns the fingerprint that a signature was made from. Of an older version, only what it has in common."""
    return _fingerprint(signature.parts, bytes(signature.vectors), signature.version)


def _fingerprint(parts: Mapping[str, Any], vectors: bytes, version: int) -> Fingerprint:
    return Fingerprint(
        project=parts.get("project", ""),
        title=parts["title"] if isinstance(parts.get("title"), str) else "",
        text=parts.get("text", ""),
        tokens=tuple(parts.get("tokens", ())),
        terms=tuple(Known(*term) for term in parts.get("terms", ())),
        codes=frozenset(parts.get("codes", ())),
        exception=parts.get("exception", ""),
        failure=Failure(parts["failure"]) if parts.get("failure") else None,
        domains=frozenset(Domain(name) for name in parts.get("domains", ())),
        vectors=np.frombuffer(vectors, dtype=np.int8).reshape(VECTORS, COMPRESSED) if vectors else None,
        version=version,
    )
