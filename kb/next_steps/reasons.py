"""Why mentions stand together as one item: the same words, alike words, or the person who said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kb.models import GroupingDecision, StepMention, StepWordingLink


@dataclass(frozen=True, slots=True)
class MentionReason:
    """Why a step is in its item. `score` is 1 where the words are the same, None where a person decided."""

    how: str
    score: float | None
    shared: tuple[str, ...] = ()


def mention_reasons(mentions: Sequence[StepMention]) -> dict[int, MentionReason]:
    """For each step of an item why it is there, by the step's number. An item of one mention needs no reason."""
    if len(mentions) < 2:
        return {}
    counts = Counter(mention.wording_id for mention in mentions)
    links = StepWordingLink.objects.filter(one__in=counts, other__in=counts).order_by("-score")
    best: dict[int, StepWordingLink] = {}
    for link in links:
        best.setdefault(link.one_id, link)
        best.setdefault(link.other_id, link)
    decided = _decided(mentions)
    return {mention.step_id: _reason(mention, counts, best, decided) for mention in mentions}


def _reason(
    mention: StepMention, counts: Counter[int], best: dict[int, StepWordingLink], decided: dict[int, str]
) -> MentionReason:
    if mention.step_id in decided:
        return MentionReason(decided[mention.step_id], None)
    if counts[mention.wording_id] > 1:
        return MentionReason("the same words", 1.0)
    if link := best.get(mention.wording_id):
        return MentionReason("alike words", link.score, tuple(link.shared))
    return MentionReason("linked through other mentions", None)


def _decided(mentions: Sequence[StepMention]) -> dict[int, str]:
    steps = [mention.step_id for mention in mentions]
    merges = GroupingDecision.objects.filter(
        kind=GroupingDecision.Kind.MERGE, undone_at=None, step_sides__step__in=steps
    )
    named = merges.values_list("step_sides__step", "by__username")
    return {step: f"merged by {name or 'somebody'}" for step, name in named}
