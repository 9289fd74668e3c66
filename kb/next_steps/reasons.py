"""Why mentions are one tracked step: the same words, similar words, or the person who merged them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.grouping.evidence import best_links, merged_by
from kb.models import StepMention, StepWordingLink
from kb.next_steps.tracking import TRACKED_STEPS


@dataclass(frozen=True, slots=True)
class MentionReason:
    """Why a mention belongs to its tracked step. `score` is 1 if the words are the same, None if a person decided."""

    how: str
    score: float | None
    shared: tuple[str, ...] = ()


def mention_reasons(mentions: Sequence[StepMention]) -> dict[int, MentionReason]:
    """Returns, by next step, why each mention is there. A single mention needs no reason."""
    if len(mentions) < 2:
        return {}
    counts = Counter(mention.wording_id for mention in mentions)
    links = best_links(StepWordingLink, counts)
    merged = merged_by(TRACKED_STEPS, [mention.step_id for mention in mentions])
    return {mention.step_id: _reason(mention, counts, links, merged) for mention in mentions}


def _reason(
    mention: StepMention, counts: Mapping[int, int], links: Mapping[int, StepWordingLink], merged: Mapping[int, str]
) -> MentionReason:
    if who := merged.get(mention.step_id):
        return MentionReason(f"merged by {who}", None)
    if counts[mention.wording_id] > 1:
        return MentionReason("the same words", 1.0)
    if link := links.get(mention.wording_id):
        return MentionReason("similar words", link.score, tuple(link.shared))
    return MentionReason("linked through other mentions", None)
