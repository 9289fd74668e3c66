"""Says of tracked steps that they are none: a correction of every mention, which can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from kb.corrections.drafting import CannotCorrect, Said
from kb.importing.correcting import correct, undo_correction
from kb.models import Correction, StepMention, TrackedStep


def deny_steps(steps: Sequence[TrackedStep], by: User | None) -> list[Correction]:
    """Takes steps away wherever they are mentioned. Returns the corrections. Raises CannotCorrect."""
    mentions = StepMention.objects.filter(tracked_step__in=steps).select_related("step__session__log")
    corrections = []
    for mention in mentions.order_by("pk"):
        said = Said(Correction.Kind.NOT, "next_steps", mention.step.key)
        corrections.append(correct(mention.step.session, said, by))
    if not corrections:
        raise CannotCorrect("No log mentions this step any more, so there is nothing to correct. Mark it done instead.")
    return corrections


def undo_corrections(keys: Sequence[int]) -> int:
    """Takes corrections back, the last one first. Returns how many. Raises CannotCorrect."""
    corrections = list(Correction.objects.filter(pk__in=keys, undone_at=None).select_related("log").order_by("-pk"))
    for correction in corrections:
        undo_correction(correction)
    return len(corrections)
