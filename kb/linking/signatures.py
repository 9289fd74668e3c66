"""Signatures in the database: an error's fingerprint, the keys it is found by, and its links to those alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.linking.domains import Domain
from kb.linking.failures import Failure
from kb.linking.fingerprints import Fingerprint, fingerprint
from kb.linking.similarity import Likeness, keys_of, likeness
from kb.models import GroupingRule, Signature, SignatureKey, SignatureLink
from sessions.models import Error
from sessions.parsing.vocabulary import fold

RULE = 0  # the version of signatures that a person's rule makes
_LINKED_AT_ONCE = 50  # new signatures whose keys, some twenty each, go into one query
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def active_rules() -> list[GroupingRule]:
    """The rules that people made, in the order in which they take errors in."""
    return list(GroupingRule.objects.filter(undone_at=None))


@dataclass(frozen=True, slots=True)
class Signed:
    """An error's signature. `is_unmatched`: it is new and similar to no other."""

    signature: Signature
    is_unmatched: bool


def signatures_of(errors: Sequence[Error], rules: Sequence[GroupingRule]) -> dict[int, Signed]:
    """The signature of each error, by the error's number, made where it is new.

    An error that says too little to be recognised gets a signature of its own.
    """
    wanted = {error.pk: _wanted(error, rules) for error in errors}
    by_digest = {one.digest: one for one in wanted.values()}
    versions = {one.version for one in by_digest.values()}
    known = {
        (one.version, one.digest): one for one in Signature.objects.filter(version__in=versions, digest__in=by_digest)
    }
    missing = [one for one in by_digest.values() if (one.version, one.digest) not in known]
    fresh = Signature.objects.bulk_create(
        Signature(version=one.version, digest=one.digest, parts=one.parts) for one in missing
    )
    linkable = [(signature, one.found) for signature, one in zip(fresh, missing, strict=True) if one.found is not None]
    linked: set[int] = set()
    for start in range(0, len(linkable), _LINKED_AT_ONCE):
        linked |= _link(linkable[start : start + _LINKED_AT_ONCE])
    known |= {(one.version, one.digest): one for one in fresh}
    alone = {one.pk for one in fresh} - linked
    signatures = {pk: known[one.version, one.digest] for pk, one in wanted.items()}
    return {pk: Signed(one, one.pk in alone) for pk, one in signatures.items()}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an error's signature is to be; `found` where it can be like others."""

    version: int
    digest: str
    parts: dict[str, Any]
    found: Fingerprint | None = None


def _wanted(error: Error, rules: Sequence[GroupingRule]) -> _Wanted:
    if rule := _rule_of(error, rules):
        return _Wanted(RULE, rule_digest(rule), {"rule": rule.name})
    found = fingerprint(error.title, error.message, error.exception)
    if found.is_telling:
        return _Wanted(found.version, found.digest, found.as_parts(), found)
    return _Wanted(found.version, _digest(f"error {error.pk}"), found.as_parts())


def terms_of(words: str) -> tuple[str, ...]:
    """The folded words and quoted phrases of a rule."""
    return tuple(fold(quoted or word) for quoted, word in _TERM.findall(words) if fold(quoted or word))


def holds(error: Error, terms: Sequence[str]) -> bool:
    """The error holds all the terms."""
    text = fold(f"{error.title} {error.message} {error.exception}")
    return all(term in text for term in terms)


def _rule_of(error: Error, rules: Sequence[GroupingRule]) -> GroupingRule | None:
    """The first rule that takes an error in."""
    for rule in rules:
        if rule.project in ("", error.session.project.name) and holds(error, terms_of(rule.words)):
            return rule
    return None


def rule_digest(rule: GroupingRule) -> str:
    """The digest of the signature that all errors of a rule have."""
    return _digest(f"rule {rule.pk}")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _link(fresh: Sequence[tuple[Signature, Fingerprint]]) -> set[int]:
    """Keeps the keys that new signatures will be found by, and a link to each earlier one alike; the linked."""
    keys = [(signature, key) for signature, found in fresh for key in keys_of(found)]
    SignatureKey.objects.bulk_create(SignatureKey(signature=signature, key=key) for signature, key in keys)
    near = _near({key for _, key in keys})
    links = []
    for signature, found in fresh:
        earlier = {pk: other for pk, other in _sharing(near, found).items() if pk < signature.pk}
        for pk, how in _alike(found, earlier).items():
            links.append(SignatureLink(one_id=pk, other=signature, score=how.score, matched=how.matched))
    SignatureLink.objects.bulk_create(links)
    return {link.other_id for link in links}


def _near(keys: Collection[str]) -> dict[str, dict[int, Signature]]:
    """Key → the signatures that have it, by number."""
    near: dict[str, dict[int, Signature]] = {}
    for row in SignatureKey.objects.filter(key__in=keys).select_related("signature"):
        near.setdefault(row.key, {})[row.signature_id] = row.signature
    return near


def _sharing(near: Mapping[str, Mapping[int, Signature]], found: Fingerprint) -> dict[int, Signature]:
    # The version is compared here: in the query it would tempt SQLite to walk through all signatures of it.
    holding = (near.get(key, {}) for key in keys_of(found))
    return {pk: one for held in holding for pk, one in held.items() if one.version == found.version}


def _alike(found: Fingerprint, others: Mapping[int, Signature]) -> dict[int, Likeness]:
    alike = {pk: likeness(found, read_parts(other)) for pk, other in others.items()}
    return {pk: how for pk, how in alike.items() if how.is_same}


def read_parts(signature: Signature) -> Fingerprint:
    """The fingerprint a signature was made from."""
    parts = {"exception": "", "status": "", "failure": "", **signature.parts}
    return Fingerprint(
        exception=parts["exception"],
        status=parts["status"],
        objects=tuple(parts.get("objects", ())),
        containers=tuple(parts.get("containers", ())),
        failure=Failure(parts["failure"]) if parts["failure"] else None,
        domains=tuple(Domain(name) for name in parts.get("domains", ())),
        words=tuple(parts.get("words", ())),
        title=tuple(parts.get("title", ())),
        version=signature.version,
    )
