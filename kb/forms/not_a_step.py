"""Forms that say of tracked steps that they are none, and take that back."""

from __future__ import annotations

from django.contrib.auth.models import User

from kb.forms.fields import KeysField, PageForm
from kb.models import Correction
from kb.queries.next_steps import steps_with_mentions
from kb.review.not_steps import deny_steps, undo_corrections


class NotAStepForm(PageForm):
    """Says of the chosen steps that they are none."""

    step = KeysField(error_messages={"required": "Choose a step first."})

    def apply(self, by: User) -> list[Correction]:
        """Corrects every mention. Raises CannotCorrect."""
        return deny_steps(steps_with_mentions(self.cleaned_data["step"]), by)


class TakeBackForm(PageForm):
    event = KeysField(error_messages={"required": "There is nothing to undo."})

    def apply(self) -> int:
        """Raises CannotCorrect."""
        return undo_corrections(self.cleaned_data["event"])
