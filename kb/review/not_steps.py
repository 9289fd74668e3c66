"""Says of tracked steps that they are none: a correction of every mention, which can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from kb.corrections.drafting import CannotCorrect, Said
from kb.importing.correcting import correct_all, undo_all
from kb.models import Correction, StepMention, TrackedStep


def deny_steps(steps: Sequence[TrackedStep], by: User | None) -> list[Correction]:
    """Takes steps away wherever they are mentioned, all or nothing. Returns the corrections. Raises CannotCorrect."""
    mentions = StepMention.objects.filter(tracked_step__in=steps).select_related("step__session__log")
    # The last first, as the key of one that has the same words as an earlier one counts those before it.
    said = [
        (mention.step.session, Said(Correction.Kind.NOT, "next_steps", mention.step.key))
        for mention in mentions.order_by("step__session_id", "-step__position")
    ]
    if not said:
        raise CannotCorrect("No log mentions this step any more, so there is nothing to correct. Mark it done instead.")
    return correct_all(said, by)


def undo_corrections(keys: Sequence[int]) -> int:
    """Takes corrections back, all or nothing. Returns how many. Raises CannotCorrect."""
    corrections = list(Correction.objects.filter(pk__in=keys, undone_at=None).select_related("log").order_by("-pk"))
    undo_all(corrections)
    return len(corrections)
