"""Why errors stand together: the parts of their fingerprints that match, the score, or the person who said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kb.grouping.evidence import best_links, merged_by
from kb.linking.fingerprints import VERSION_NAMES
from kb.linking.issues import ISSUES
from kb.linking.signatures import read_parts
from kb.linking.similarity import keys_of, nearness
from kb.models import Issue, Occurrence, Signature, SignatureLink

_LEAST_SIMILAR = 0.5
_MOST_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an error is in its issue. `score` is 1 where the fingerprints are equal, None where a person decided."""

    how: str
    score: float | None
    matched: list[str]
    version: str


@dataclass(frozen=True, slots=True)
class SimilarIssue:
    """An issue that is near another without being the same: what agrees, and what differs."""

    issue: Issue
    score: float
    matched: list[str]
    differs: list[str]


def reasons(occurrences: Collection[Occurrence]) -> dict[int, Reason]:
    """Returns, by error, why each error of an issue is there."""
    counts = Counter(occurrence.signature_id for occurrence in occurrences)
    links = best_links(SignatureLink, counts)
    merged = merged_by(ISSUES, [occurrence.error_id for occurrence in occurrences])
    return {occurrence.error_id: _reason(occurrence, counts, links, merged) for occurrence in occurrences}


def _reason(
    occurrence: Occurrence, counts: Mapping[int, int], links: Mapping[int, SignatureLink], merged: Mapping[int, str]
) -> Reason:
    signature = occurrence.signature
    version = VERSION_NAMES.get(signature.version, "an earlier fingerprint")
    if counts[signature.pk] > 1:
        return Reason("the same fingerprint", 1.0, told_parts(signature), version)
    if link := links.get(signature.pk):
        return Reason("nearly the same", link.score, told(link.matched), version)
    if who := merged.get(occurrence.error_id):
        return Reason(f"{who} said so", None, [], version)
    return Reason("the only one of its kind", None, told_parts(signature), version)


def told_parts(signature: Signature) -> list[str]:
    """The parts of a signature as short words, the telling ones first."""
    if rule := signature.parts.get("rule"):
        return [str(rule)]
    found = read_parts(signature)
    named = [name.removeprefix("$") for name in (*found.objects, *found.containers)]
    head = [part for part in (found.exception, found.status) if part]
    return [*head, *named, *([found.failure] if found.failure else []), *([] if named else found.words[:8])]


def told(matched: dict[str, object]) -> list[str]:
    """The matching parts of a link as short words."""
    words = matched.get("words")
    objects = matched.get("objects")
    listed = [*(objects if isinstance(objects, list) else []), *(words if isinstance(words, list) else [])]
    head = [str(matched[name]) for name in ("exception", "failure") if matched.get(name)]
    return [*head, *(str(word).removeprefix("$") for word in listed)][:10]


def similar_issues(issue: Issue, signatures: Collection[Signature]) -> list[SimilarIssue]:
    """Issues that share a key with this one and come near it, the nearest first."""
    mine = [read_parts(signature) for signature in list(signatures)[:_MOST_SIMILAR]]
    keys = {key for one in mine for key in keys_of(one)}
    near = Occurrence.objects.filter(signature__keys__key__in=keys).exclude(issue=issue)
    found: dict[int, SimilarIssue] = {}
    for occurrence in near.select_related("issue", "signature").distinct()[:200]:
        other = read_parts(occurrence.signature)
        how = max((nearness(one, other) for one in mine), key=lambda how: how.score)
        known = found.get(occurrence.issue_id)
        if how.score >= _LEAST_SIMILAR and (known is None or known.score < how.score):
            differs = sorted(set(other.objects) ^ set(mine[0].objects))
            differs += [part for part in (other.failure, mine[0].failure) if part and other.failure != mine[0].failure]
            found[occurrence.issue_id] = SimilarIssue(occurrence.issue, how.score, told(how.matched), differs[:6])
    return sorted(found.values(), key=lambda one: -one.score)[:_MOST_SIMILAR]
