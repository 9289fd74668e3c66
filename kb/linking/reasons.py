"""Why errors are one issue: what matches in their fingerprints, with the score, or the person who merged them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from kb.grouping.evidence import best_links, merged_by
from kb.linking.candidates import candidates_elsewhere, read_parts, similar
from kb.linking.fingerprints import VERSION, VERSION_NAMES, Fingerprint
from kb.linking.issues import ISSUES
from kb.linking.masking import GAP
from kb.linking.similarity import SAME
from kb.models import Issue, Occurrence, Signature, SignatureLink

_MOST_SIMILAR = 5
_MOST_COMPARED = 200
_MOST_NAMES, _MOST_WORDS = 4, 6


@dataclass(frozen=True, slots=True)
class SharedPart:
    """A part that two errors have in common, in words: "same objects" with their names, "0.91 in meaning"."""

    words: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkReason:
    """Why an error belongs to its issue.

    score    1 if fingerprints are equal; None if a person decided
    version  what decided, unless it is the current version of the fingerprint
    """

    how: str
    score: float | None
    shared: list[SharedPart]
    version: str = ""


@dataclass(frozen=True, slots=True)
class SimilarIssue:
    """An issue that is similar to another without being the same, with what they share and how they differ."""

    issue: Issue
    score: float
    shared: list[SharedPart]
    differs: list[str]


def link_reasons(occurrences: Collection[Occurrence]) -> dict[int, LinkReason]:
    """Returns, by error, why each error of an issue is there."""
    counts = Counter(occurrence.signature_id for occurrence in occurrences)
    links = best_links(SignatureLink, counts, SAME)
    merged = merged_by(ISSUES, [occurrence.error_id for occurrence in occurrences])
    return {occurrence.error_id: _reason(occurrence, counts, links, merged) for occurrence in occurrences}


def _reason(
    occurrence: Occurrence, counts: Mapping[int, int], links: Mapping[int, SignatureLink], merged: Mapping[int, str]
) -> LinkReason:
    signature = occurrence.signature
    version = "" if signature.version == VERSION else f"by {VERSION_NAMES[signature.version]}"
    if others := counts[signature.pk] - 1:
        how = "the same words as another" if others == 1 else f"the same words as {others} others"
        return LinkReason(how, 1.0, [], version)
    if link := links.get(signature.pk):
        return LinkReason("nearly the same as another", link.score, shared_parts(link.matched), version)
    if who := merged.get(occurrence.error_id):
        return LinkReason(f"{who} said so", None, [], version)
    own = SharedPart("recognised by", tuple(signature_words(signature)))
    return LinkReason("the only one of its kind", None, [own] if own.values else [], version)


def signature_words(signature: Signature) -> list[str]:
    """Returns the parts of a signature as short words, the most significant first."""
    if rule := signature.parts.get("rule"):
        return [str(rule)]
    parts = read_parts(signature)
    head = [part for part in (parts.exception, *sorted(parts.codes)) if part]
    return list(dict.fromkeys([*head, *parts.objects[:_MOST_NAMES], *([parts.failure] if parts.failure else [])]))


def matched_words(matched: Mapping[str, object]) -> list[str]:
    """Returns what two signatures share as short words: exception, codes, names, failure, words, meaning."""
    names = _values(matched, "objects")[:_MOST_NAMES]
    words = _values(matched, "words")[: max(_MOST_WORDS - len(names), 1)]
    known = [*_values(matched, "exception"), *_values(matched, "codes"), *names, *_values(matched, "failure"), *words]
    return [*dict.fromkeys(known), *_meaning(matched)]


def shared_parts(matched: Mapping[str, object]) -> list[SharedPart]:
    """Returns what two signatures share as a sentence tells it: "same object, same failure, 0.91 in meaning"."""
    kinds = (("objects", "object"), ("codes", "code"), ("exception", "exception"), ("failure", "kind of failure"))
    values = [(name, _values(matched, key)[:_MOST_NAMES]) for key, name in kinds]
    parts = [SharedPart(f"same {name}{'s' * (len(some) > 1)}", tuple(some)) for name, some in values if some]
    if not parts and (words := _values(matched, "words")[:_MOST_WORDS]):
        parts = [SharedPart("same words", tuple(words))]
    return parts + [SharedPart(words) for words in _meaning(matched)]


def _values(matched: Mapping[str, object], key: str) -> list[str]:
    value = matched.get(key)
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


def _meaning(matched: Mapping[str, object]) -> list[str]:
    near = matched.get("meaning")
    return [f"{near:.2f} in meaning"] if isinstance(near, float) else []


def similar_issues(issue: Issue, signatures: Collection[Signature]) -> list[SimilarIssue]:
    """Returns issues of the same project that are similar to this one, the most similar first."""
    own = {signature.pk: signature for signature in signatures}
    links = SignatureLink.objects.filter(Q(one__in=own) | Q(other__in=own)).order_by("-score")[:_MOST_COMPARED]
    best: dict[int, tuple[int, float, Mapping[str, object]]] = {}
    for link in links:
        here, there = (link.one_id, link.other_id) if link.one_id in own else (link.other_id, link.one_id)
        if there not in own:
            best.setdefault(there, (here, link.score, link.matched))
    found: dict[int, SimilarIssue] = {}
    occurrences = (
        Occurrence.objects.filter(signature__in=best).exclude(issue=issue).select_related("issue", "signature")
    )
    for occurrence in sorted(occurrences, key=lambda occurrence: -best[occurrence.signature_id][1]):
        here, score, matched = best[occurrence.signature_id]
        differs = _differences(read_parts(own[here]), read_parts(occurrence.signature))
        found.setdefault(occurrence.issue_id, SimilarIssue(occurrence.issue, score, shared_parts(matched), differs))
    return list(found.values())[:_MOST_SIMILAR]


def issues_elsewhere(signatures: Iterable[Signature]) -> list[SimilarIssue]:
    """Returns issues of other projects that are the same by their words and meaning, the most similar first."""
    own = [(row.project_id, read_parts(row)) for row in signatures if row.version == VERSION][:_MOST_SIMILAR]
    if not own:
        return []
    projects = {project for project, _error in own}
    best: dict[int, tuple[float, list[SharedPart]]] = {}
    for _project, error in own:
        for pk, how in similar(error, candidates_elsewhere(error, projects)).items():
            if pk not in best or best[pk][0] < how.score:
                best[pk] = (how.score, shared_parts(how.matched))
    found: dict[int, SimilarIssue] = {}
    occurrences = Occurrence.objects.filter(signature__in=best).select_related("issue")
    for occurrence in sorted(occurrences, key=lambda occurrence: (-best[occurrence.signature_id][0], occurrence.pk)):
        found.setdefault(occurrence.issue_id, SimilarIssue(occurrence.issue, *best[occurrence.signature_id], []))
    return list(found.values())[:_MOST_SIMILAR]


def _differences(own: Fingerprint, other: Fingerprint) -> list[str]:
    """Returns what only one of two errors has: codes, names, kinds of failure, words."""
    sides = ((other, own), (own, other))
    names = [name for mine, theirs in sides for name in mine.objects if name not in theirs.tokens]
    words = [word for mine, theirs in sides for word in mine.tokens if word not in theirs.tokens and word != GAP]
    codes = sorted(other.codes ^ own.codes)
    failures = [part for part in (other.failure, own.failure) if part and other.failure != own.failure]
    return list(dict.fromkeys([*codes, *names, *failures, *words]))[:6]
