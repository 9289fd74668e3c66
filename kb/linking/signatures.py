"""Signatures in the database: an error's fingerprint, the keys it is found by, and its links to similar ones."""

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

RULE = 0  # the version of signatures that come from a person's rule
_LINKED_AT_ONCE = 50  # new signatures whose keys, some twenty each, go into one query
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def active_rules() -> list[GroupingRule]:
    """Returns the rules in force. The first one that applies to an error counts."""
    return list(GroupingRule.objects.filter(undone_at=None))


@dataclass(frozen=True, slots=True)
class Signed:
    """An error's signature. `is_unmatched`: it is new and similar to no other."""

    signature: Signature
    is_unmatched: bool


def signatures_of(errors: Sequence[Error], rules: Sequence[GroupingRule]) -> dict[int, Signed]:
    """Returns the signature of each error, by the error's number. Creates those that are new.

    An error that says too little to be recognised gets a signature of its own.
    """
    drafts = {error.pk: _draft(error, rules) for error in errors}
    by_digest = {draft.digest: draft for draft in drafts.values()}
    versions = {draft.version for draft in by_digest.values()}
    rows = Signature.objects.filter(version__in=versions, digest__in=by_digest)
    signatures = {(row.version, row.digest): row for row in rows}
    missing = [draft for draft in by_digest.values() if (draft.version, draft.digest) not in signatures]
    new = Signature.objects.bulk_create(
        Signature(version=draft.version, digest=draft.digest, parts=draft.parts) for draft in missing
    )
    signatures |= {(row.version, row.digest): row for row in new}
    unmatched = {row.pk for row in new} - _link_all(new, missing)
    signed = {pk: signatures[draft.version, draft.digest] for pk, draft in drafts.items()}
    return {pk: Signed(signature, signature.pk in unmatched) for pk, signature in signed.items()}


def _link_all(new: Sequence[Signature], drafts: Sequence[_Draft]) -> set[int]:
    """Links new signatures to earlier similar ones. Returns those that are linked."""
    linkable = [
        (signature, draft.fingerprint)
        for signature, draft in zip(new, drafts, strict=True)
        if draft.fingerprint is not None
    ]
    linked: set[int] = set()
    for start in range(0, len(linkable), _LINKED_AT_ONCE):
        linked |= _link(linkable[start : start + _LINKED_AT_ONCE])
    return linked


@dataclass(frozen=True, slots=True)
class _Draft:
    """A signature to be looked up or created. `fingerprint` is None if it cannot be similar to others."""

    version: int
    digest: str
    parts: dict[str, Any]
    fingerprint: Fingerprint | None = None


def _draft(error: Error, rules: Sequence[GroupingRule]) -> _Draft:
    if rule := _rule_of(error, rules):
        return _Draft(RULE, rule_digest(rule), {"rule": rule.name})
    own = fingerprint(error.title, error.message, error.exception)
    if own.is_telling:
        return _Draft(own.version, own.digest, own.as_parts(), own)
    return _Draft(own.version, _digest(f"error {error.pk}"), own.as_parts())


def terms_of(words: str) -> tuple[str, ...]:
    """Returns the folded words and quoted phrases of a rule."""
    return tuple(fold(quoted or word) for quoted, word in _TERM.findall(words) if fold(quoted or word))


def contains_all(error: Error, terms: Sequence[str]) -> bool:
    """Returns whether an error contains all the terms."""
    text = fold(f"{error.title} {error.message} {error.exception}")
    return all(term in text for term in terms)


def _rule_of(error: Error, rules: Sequence[GroupingRule]) -> GroupingRule | None:
    """Returns the first rule that applies to an error."""
    for rule in rules:
        if rule.project in ("", error.session.project.name) and contains_all(error, terms_of(rule.words)):
            return rule
    return None


def rule_digest(rule: GroupingRule) -> str:
    """Returns the digest of the signature that all errors of a rule share."""
    return _digest(f"rule {rule.pk}")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _link(new: Sequence[tuple[Signature, Fingerprint]]) -> set[int]:
    """Stores the keys by which new signatures are found, and links to earlier similar ones. Returns the linked."""
    keys = [(signature, key) for signature, own in new for key in keys_of(own)]
    SignatureKey.objects.bulk_create(SignatureKey(signature=signature, key=key) for signature, key in keys)
    by_key = signatures_by_key({key for _, key in keys})
    links = []
    for signature, own in new:
        earlier = {pk: other for pk, other in candidates(by_key, own).items() if pk < signature.pk}
        for pk, how in similar(own, earlier).items():
            links.append(SignatureLink(one_id=pk, other=signature, score=how.score, matched=how.matched))
    SignatureLink.objects.bulk_create(links)
    return {link.other_id for link in links}


def signatures_by_key(keys: Collection[str]) -> dict[str, dict[int, Signature]]:
    """Returns the signatures that have each key, by number."""
    by_key: dict[str, dict[int, Signature]] = {}
    for row in SignatureKey.objects.filter(key__in=keys).select_related("signature"):
        by_key.setdefault(row.key, {})[row.signature_id] = row.signature
    return by_key


def candidates(by_key: Mapping[str, Mapping[int, Signature]], own: Fingerprint) -> dict[int, Signature]:
    """Returns the signatures of the same version that share a key with a fingerprint."""
    # The version is compared here: in the query it would tempt SQLite to walk through all signatures of it.
    sharing = (by_key.get(key, {}) for key in keys_of(own))
    return {pk: row for rows in sharing for pk, row in rows.items() if row.version == own.version}


def similar(own: Fingerprint, others: Mapping[int, Signature]) -> dict[int, Likeness]:
    """Returns those of the signatures that are the same problem as a fingerprint."""
    compared = {pk: likeness(own, read_parts(other)) for pk, other in others.items()}
    return {pk: how for pk, how in compared.items() if how.is_same}


def read_parts(signature: Signature) -> Fingerprint:
    """Returns the fingerprint that a signature was made from."""
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
