"""Signatures in the database: an error's fingerprint, the keys it is found by, and its links to similar ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from kb.conf.meaning import encoder
from kb.linking.candidates import Candidates, Wanted
from kb.linking.fingerprints import Fingerprint, Stated, fingerprints
from kb.linking.similarity import NEAR, SAME, Likeness, keys_of, likenesses
from kb.models import GroupingRule, Signature, SignatureKey, SignatureLink
from sessions.models import Error
from sessions.parsing.vocabulary import fold
from sessions.storing.bulk import insert_all, insert_rows

RULE = 0  # the version of signatures that come from a person's rule
_LINKED_AT_ONCE = 200  # new signatures, with up to 128 others for each, that are held in memory
Fingerprints = Mapping[Stated, Fingerprint]
_TERM = re.compile(r'"([^"]+)"|(\S+)')


def active_rules() -> list[GroupingRule]:
    """Returns the rules in force. The first one that applies to an error counts."""
    return list(GroupingRule.objects.filter(undone_at=None))


@dataclass(frozen=True, slots=True)
class Signed:
    """An error's signature.

    is_unmatched     it is new and similar to no other
    has_new_meaning  it was made without meaning, and was linked again with it
    """

    signature: Signature
    is_unmatched: bool
    has_new_meaning: bool


def signatures_of(
    errors: Sequence[Error], rules: Sequence[GroupingRule], known: Fingerprints | None = None
) -> dict[int, Signed]:
    """Returns the signature of each error, by the error's number. Creates those that are new.

    An error that says too little to be recognised gets a signature of its own. For `known` see `link_sessions`.
    """
    drafts = dict(zip((error.pk for error in errors), _drafts(errors, rules, known or {}), strict=True))
    by_digest = {draft.digest: draft for draft in drafts.values()}
    versions = {draft.version for draft in by_digest.values()}
    rows = Signature.objects.filter(version__in=versions, digest__in=by_digest)
    signatures = {(row.version, row.digest): row for row in rows}
    given, linked = _give_meaning(signatures.values(), by_digest)
    missing = [draft for draft in by_digest.values() if (draft.version, draft.digest) not in signatures]
    new = insert_all(Signature, (draft.row() for draft in missing))
    signatures |= {(row.version, row.digest): row for row in new}
    unmatched = {row.pk for row in new} - linked - _link_all(zip(new, missing, strict=True), are_new=True)
    signed = {pk: signatures[draft.version, draft.digest] for pk, draft in drafts.items()}
    return {pk: Signed(own, own.pk in unmatched, own.pk in given) for pk, own in signed.items()}


def _give_meaning(rows: Iterable[Signature], drafts: Mapping[str, _Draft]) -> tuple[set[int], set[int]]:
    """Links signatures again that were made while MEANING was off. Returns them, and all that are the same problem."""
    without = [(row, drafts[row.digest]) for row in rows if not row.vectors and drafts[row.digest].vectors]
    for row, draft in without:
        row.vectors = draft.vectors
    Signature.objects.bulk_update([row for row, _draft in without], ["vectors"], batch_size=200)
    numbers = [row.pk for row, _draft in without]
    SignatureKey.objects.filter(signature__in=numbers).delete()
    SignatureLink.objects.filter(one__in=numbers).delete()
    SignatureLink.objects.filter(other__in=numbers).delete()
    return set(numbers), _link_all(without)


def _link_all(pairs: Iterable[tuple[Signature, _Draft]], *, are_new: bool = False) -> set[int]:
    """Links signatures to similar ones. Returns those that have a link which makes them one problem.

    are_new  they are in the order in which they were made, so that each needs to be compared only with earlier ones
    """
    linkable = [(signature, draft.fingerprint) for signature, draft in pairs if draft.fingerprint is not None]
    linked: set[int] = set()
    for start in range(0, len(linkable), _LINKED_AT_ONCE):
        linked |= _link(linkable[start : start + _LINKED_AT_ONCE], are_new=are_new)
    return linked


@dataclass(frozen=True, slots=True)
class _Draft:
    """A signature to be looked up or created. `fingerprint` is None if it cannot be similar to others."""

    version: int
    digest: str
    parts: dict[str, Any]
    project: int | None = None
    fingerprint: Fingerprint | None = None

    @property
    def vectors(self) -> bytes:
        own = self.fingerprint
        return b"" if own is None or own.vectors is None else own.vectors.tobytes()

    def row(self) -> Signature:
        return Signature(
            version=self.version, digest=self.digest, parts=self.parts, project_id=self.project, vectors=self.vectors
        )


def _drafts(errors: Sequence[Error], rules: Sequence[GroupingRule], known: Fingerprints) -> list[_Draft]:
    ruled = [_rule_of(error, rules) for error in errors]
    free = dict.fromkeys(stated(error) for error, rule in zip(errors, ruled, strict=True) if rule is None)
    unmade = [one for one in free if one not in known]
    made = {**known, **dict(zip(unmade, fingerprints(unmade, encoder() if unmade else None), strict=True))}
    return [
        _draft(error, made[stated(error)]) if rule is None else _Draft(RULE, rule_digest(rule), {"rule": rule.name})
        for error, rule in zip(errors, ruled, strict=True)
    ]


def _draft(error: Error, own: Fingerprint) -> _Draft:
    project = error.session.project_id
    if own.is_telling:
        return _Draft(own.version, own.digest, own.as_parts(), project, own)
    return _Draft(own.version, _digest(f"error {error.pk}"), own.as_parts(), project)


def stated(error: Error) -> Stated:
    return Stated.of(error.title, error.message, error.exception, error.session.project.name)


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


def _link(pairs: Sequence[tuple[Signature, Fingerprint]], *, are_new: bool) -> set[int]:
    """Stores the keys by which signatures are found, and links to similar ones. Returns those that are one problem."""
    wanted = [Wanted(own, keys_of(own), signature.project_id, signature.pk, is_new=are_new) for signature, own in pairs]
    insert_rows(
        SignatureKey,
        ("signature_id", "key", "project_id"),
        [(one.itself, key, one.project) for one in wanted for key in one.keys],
    )
    keys = chain.from_iterable(one.keys for one in wanted)
    since = min(one.itself for one in wanted) if are_new else None
    candidates = Candidates(keys, {one.project for one in wanted}, since).of_each(wanted)
    links: dict[tuple[int, int], Likeness] = {}
    for one, others in zip(wanted, candidates, strict=True):
        for pk, how in zip(others, likenesses(one.own, list(others.values())), strict=True):
            if how.score >= NEAR:
                links[min(pk, one.itself), max(pk, one.itself)] = how
    insert_rows(
        SignatureLink,
        ("one_id", "other_id", "score", "matched"),
        [(*pair, how.score, how.matched) for pair, how in links.items()],
    )
    return {pk for pair, how in links.items() if how.score >= SAME for pk in pair}
