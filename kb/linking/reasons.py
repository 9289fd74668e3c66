"""Why errors are one issue: what matches in their fingerprints, with the score, or the person who merged them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kb.grouping.evidence import best_links, merged_by
from kb.linking.fingerprints import VERSION_NAMES, Fingerprint
from kb.linking.issues import ISSUES
from kb.linking.signatures import RULE, read_parts
from kb.linking.similarity import keys_of, nearness
from kb.models import Issue, Occurrence, Signature, SignatureLink

_LEAST_SIMILAR = 0.5
_MOST_SIMILAR = 5
_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class LinkReason:
    """Why an error belongs to its issue. `score` is 1 if fingerprints are equal, None if a person decided."""

    how: str
    score: float | None
    matched: list[str]
    version: str


@dataclass(frozen=True, slots=True)
class SimilarIssue:
    """An issue that is similar to another without being the same, with what they share and how they differ."""

    issue: Issue
    score: float
    matched: list[str]
    differs: list[str]


def link_reasons(occurrences: Collection[Occurrence]) -> dict[int, LinkReason]:
    """Returns, by error, why each error of an issue is there."""
    counts = Counter(occurrence.signature_id for occurrence in occurrences)
    links = best_links(SignatureLink, counts)
    merged = merged_by(ISSUES, [occurrence.error_id for occurrence in occurrences])
    return {occurrence.error_id: _reason(occurrence, counts, links, merged) for occurrence in occurrences}


def _reason(
    occurrence: Occurrence, counts: Mapping[int, int], links: Mapping[int, SignatureLink], merged: Mapping[int, str]
) -> LinkReason:
    signature = occurrence.signature
    version = VERSION_NAMES[RULE] if signature.version == RULE else f"version {signature.version} of the fingerprint"
    if counts[signature.pk] > 1:
        return LinkReason("the same fingerprint", 1.0, signature_words(signature), version)
    if link := links.get(signature.pk):
        return LinkReason("nearly the same", link.score, matched_words(link.matched), version)
    if who := merged.get(occurrence.error_id):
        return LinkReason(f"{who} said so", None, [], version)
    return LinkReason("the only one of its kind", None, signature_words(signature), version)


def signature_words(signature: Signature) -> list[str]:
    """Returns the parts of a signature as short words, the most significant first."""
    if rule := signature.parts.get("rule"):
        return [str(rule)]
    parts = read_parts(signature)
    names = [name.removeprefix("$") for name in (*parts.objects, *parts.containers)]
    head = [part for part in (parts.exception, parts.status) if part]
    return [*head, *names, *([parts.failure] if parts.failure else []), *([] if names else parts.words[:8])]


def matched_words(matched: Mapping[str, object]) -> list[str]:
    """Returns what two signatures share as short words."""
    words, objects = matched.get("words"), matched.get("objects")
    listed = [*(objects if isinstance(objects, list) else []), *(words if isinstance(words, list) else [])]
    head = [str(matched[name]) for name in ("exception", "failure") if matched.get(name)]
    return [*head, *(str(word).removeprefix("$") for word in listed)][:10]


def similar_issues(issue: Issue, signatures: Collection[Signature]) -> list[SimilarIssue]:
    """Returns issues that share a key with this one and are similar to it, the most similar first."""
    own = [read_parts(signature) for signature in list(signatures)[:_MOST_SIMILAR]]
    keys = {key for parts in own for key in keys_of(parts)}
    candidates = Occurrence.objects.filter(signature__keys__key__in=keys).exclude(issue=issue)
    similar: dict[int, SimilarIssue] = {}
    for occurrence in candidates.select_related("issue", "signature").distinct()[:_MOST_COMPARED]:
        other = read_parts(occurrence.signature)
        best = max((nearness(parts, other) for parts in own), key=lambda likeness: likeness.score)
        earlier = similar.get(occurrence.issue_id)
        if best.score >= _LEAST_SIMILAR and (earlier is None or earlier.score < best.score):
            words, differs = matched_words(best.matched), _differences(own[0], other)
            similar[occurrence.issue_id] = SimilarIssue(occurrence.issue, best.score, words, differs)
    return sorted(similar.values(), key=lambda candidate: -candidate.score)[:_MOST_SIMILAR]


def _differences(own: Fingerprint, other: Fingerprint) -> list[str]:
    names = sorted(set(other.objects) ^ set(own.objects))
    failures = [part for part in (other.failure, own.failure) if part and other.failure != own.failure]
    return [*names, *failures][:6]
