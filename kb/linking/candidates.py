"""The stored signatures that a fingerprint is compared with: the nearest of those that share a key with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

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


class Candidates:
    """The signatures of the current version in some projects that share some keys, each read from the database once."""

    def __init__(self, keys: Iterable[str], projects: Collection[int | None]) -> None:
        known = [project for project in projects if project is not None]
        rows = SignatureKey.objects.filter(key__in=set(keys), project__in=known)
        self._by_key: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        for key, project, signature in rows.values_list("key", "project_id", "signature_id"):
            self._by_key[key, project].append(signature)
        self._vectors: dict[int, bytes] = {}
        self._read: dict[int, Fingerprint] = {}

    def of(
        self, own: Fingerprint, keys: Iterable[str], project: int | None, itself: int | None = None
    ) -> dict[int, Fingerprint]:
        """Returns the nearest of the signatures of a project that have one of the keys, by number.

        itself  the number of the fingerprint's own signature, which is none of them
        """
        shared: dict[int, list[str]] = defaultdict(list)
        for key in keys:
            sharing = self._by_key.get((key, project), ())
            if len(sharing) <= _MOST_SHARING:
                for number in sharing:
                    shared[number].append(key)
        shared.pop(itself or 0, None)
        numbers = sorted(self._nearest(own, shared))
        self._read |= _read_all(number for number in numbers if number not in self._read)
        return {number: self._read[number] for number in numbers if number in self._read}

    def _nearest(self, own: Fingerprint, shared: Mapping[int, Sequence[str]]) -> Collection[int]:
        if len(shared) <= most_compared(own):
            return shared
        unread = [number for number in shared if number not in self._vectors]
        rows = Signature.objects.filter(pk__in=unread).values_list("pk", "version", "vectors")
        self._vectors |= {number: bytes(vectors) for number, version, vectors in rows if version == VERSION}
        known = sorted(number for number in shared if number in self._vectors)
        best = nearest(own, [shared[number] for number in known], [self._vectors[number] for number in known])
        return [known[at] for at in best]


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
