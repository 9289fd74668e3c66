"""Signatures in the database: an error's fingerprint, the keys it is found by, and its links to those alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from kb.linking.domains import Domain
from kb.linking.failures import Failure
from kb.linking.fingerprints import Fingerprint, fingerprint
from kb.linking.similarity import keys_of, likeness
from kb.models import GroupingRule, Signature, SignatureKey, SignatureLink
from sessions.models import Error
from sessions.parsing.vocabulary import fold

RULE = 0  # the version of signatures that a person's rule makes
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def signature_of(error: Error) -> tuple[Signature, bool]:
    """The signature of an error, made where it is new, and whether it is new.

    An error that says too little to be recognised gets a signature of its own.
    """
    if rule := _rule_of(error):
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


def _rule_of(error: Error) -> GroupingRule | None:
    """The first rule that takes an error in."""
    for rule in GroupingRule.objects.filter(undone_at=None):
        if rule.project in ("", error.session.project.name) and holds(error, terms_of(rule.words)):
            return rule
    return None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _link(signature: Signature, found: Fingerprint) -> None:
    """Looks among the signatures that share a key, and keeps a link to each that is alike enough."""
    keys = keys_of(found)
    near = Signature.objects.filter(keys__key__in=keys, version=found.version).distinct()
    alike = [(other, likeness(found, read_parts(other))) for other in near]
    SignatureLink.objects.bulk_create(
        SignatureLink(one=other, other=signature, score=how.score, matched=how.matched)
        for other, how in alike
        if how.is_same
    )
    SignatureKey.objects.bulk_create(SignatureKey(signature=signature, key=key) for key in keys)


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
        version=signature.version,
    )
