"""Signatures in the database: an error's fingerprint, the keys it is found by, and its links to those alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from kb.linking.domains import Domain
from kb.linking.failures import Failure
from kb.linking.fingerprints import Fingerprint, fingerprint
from kb.linking.similarity import Likeness, keys_of, likeness
from kb.models import GroupingRule, Signature, SignatureKey, SignatureLink
from sessions.models import Error
from sessions.parsing.vocabulary import fold

RULE = 0  # the version of signatures that a person's rule makes
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def active_rules() -> list[GroupingRule]:
    """The rules that people made, in the order in which they take errors in."""
    return list(GroupingRule.objects.filter(undone_at=None))


def signature_of(error: Error, rules: Sequence[GroupingRule]) -> tuple[Signature, bool]:
    """The signature of an error, made where it is new, and whether it is new.

    An error that says too little to be recognised gets a signature of its own.
    """
    if rule := _rule_of(error, rules):
        digest = _digest(f"rule {rule.pk}")
        return Signature.objects.get_or_create(version=RULE, digest=digest, defaults={"parts": {"rule": rule.name}})
    found = fingerprint(error.title, error.message, error.exception)
    digest = found.digest if found.is_telling else _digest(f"error {error.pk}")
    signature, is_new = Signature.objects.get_or_create(
        version=found.version, digest=digest, defaults={"parts": found.as_parts()}
    )
    if is_new and found.is_telling:
        _link(signature, found)
    return signature, is_new


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


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _link(signature: Signature, found: Fingerprint) -> None:
    """Keeps a link to each signature that is alike enough, and the keys by which this one will be found."""
    alike = kin_of(found)
    SignatureLink.objects.bulk_create(
        SignatureLink(one_id=other, other=signature, score=how.score, matched=how.matched)
        for other, how in alike.items()
        if other != signature.pk
    )
    SignatureKey.objects.bulk_create(SignatureKey(signature=signature, key=key) for key in keys_of(found))


def kin_of(found: Fingerprint) -> dict[int, Likeness]:
    """The signatures that share a key with a fingerprint and are alike enough to be one problem with it."""
    near = SignatureKey.objects.filter(key__in=keys_of(found), signature__version=found.version)
    others = {row.signature_id: row.signature for row in near.select_related("signature")}
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
