"""Forms of the pages of next steps: the board's filters, actions on steps, merges, splits and undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.choices import CallableChoiceIterator

from kb.forms.fields import FilterForm, KeysField, LocalAddressField, PageForm, person_field, project_field
from kb.models import StepEvent, TrackedStep
from kb.next_steps import triage
from kb.next_steps.triage import Action, CannotTriage
from kb.people import clock
from kb.queries.board import GROUPS, SORTS, STATES, BoardFilter
from kb.queries.decisions import latest_events_first, mentions_of_step, unanswered_closures
from kb.queries.next_steps import steps_with_mentions
from kb.queries.people import active_people
from sessions.models import NextStep

NOBODY = "-"
_COMMENT_LENGTH = 10_000


def _people() -> list[tuple[str, str]]:
    return [("", "all"), (NOBODY, "nobody"), *((user.username, user.username) for user in active_people())]


class BoardFilterForm(FilterForm):
    project = project_field()
    priority = forms.ChoiceField(
        required=False, choices=[("", "all"), *((value, value) for value in NextStep.Priority.values), ("none", "none")]
    )
    person = forms.CharField(
        required=False, max_length=200, widget=forms.Select(choices=CallableChoiceIterator(_people))
    )
    words = forms.CharField(required=False, max_length=200)
    sort = forms.ChoiceField(label="Order", required=False, choices=list(SORTS.items()))
    group = forms.ChoiceField(
        label="Grouped by", required=False, choices=[("", "nothing"), *((name, name) for name in GROUPS)]
    )
    state = forms.ChoiceField(required=False, choices=list(STATES.items()), widget=forms.HiddenInput)

    def board_filter(self) -> BoardFilter:
        return BoardFilter(**self.filters())


class BackForm(PageForm):
    """The page to go back to after an action."""

    next = LocalAddressField(required=False, widget=forms.HiddenInput)


class TriageForm(PageForm):
    """Something that a person does on the board or on the page of a step.

    target   the field that holds the rows it is done with
    outcome  says that it was done
    """

    target: ClassVar[str] = "step"
    outcome: ClassVar[str] = ""

    def apply(self, by: User) -> Sequence[StepEvent]:
        """Does it; the form is valid. Returns the events that undo it, and raises CannotTriage if it cannot be done."""
        return ()


class UnknownActionForm(TriageForm):
    def clean(self) -> None:
        raise forms.ValidationError("Choose what to do with the steps.")


class StepActionForm(TriageForm):
    """Something done with the chosen steps."""

    action: ClassVar[Action]
    step = KeysField(error_messages={"required": "Choose a step first."})

    @property
    def value(self) -> str:
        return ""

    def apply(self, by: User) -> Sequence[StepEvent]:
        return triage.act(steps_with_mentions(self.cleaned_data["step"]), self.action, by, self.value)


class DoneForm(StepActionForm):
    action, outcome = Action.DONE, "Marked done"


class ReopenForm(StepActionForm):
    action, outcome = Action.REOPENED, "Reopened"


class WakeForm(StepActionForm):
    action, outcome = Action.WOKEN, "Woken up"


class SnoozeForm(StepActionForm):
    """Until a day, or until the step is raised again if no day is given."""

    action, outcome = Action.SNOOZED, "Snoozed"
    until = forms.DateField(
        label="Snooze until",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "data-key": "s", "title": "empty: until it is raised again"}
        ),
        error_messages={"invalid": "Write the day as 2026-02-01."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["min"] = (clock.today() + dt.timedelta(days=1)).isoformat()

    def clean_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["until"]
        if until and until <= clock.today():
            raise forms.ValidationError(
                f"{until} is not in the future. Choose a later day, or none to snooze until it is raised again."
            )
        return until

    @property
    def value(self) -> str:
        until: dt.date | None = self.cleaned_data["until"]
        return until.isoformat() if until else ""


class AssignForm(StepActionForm):
    action, outcome = Action.ASSIGNED, "Assigned"
    person = person_field("Assigned to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].widget.attrs["data-key"] = "a"

    @property
    def value(self) -> str:
        person: User | None = self.cleaned_data["person"]
        return person.username if person else ""


class PriorityForm(StepActionForm):
    """A priority, or none to go by the log."""

    action, outcome = Action.PRIORITY, "Priority set"
    priority = forms.ChoiceField(
        required=False,
        choices=[("", "as the log says"), *((value, value) for value in NextStep.Priority.values)],
        widget=forms.Select(attrs={"data-key": "p"}),
        error_messages={"invalid_choice": "“%(value)s” is not a priority: choose P0, P1, P2 or P3, or none."},
    )

    @property
    def value(self) -> str:
        priority: str = self.cleaned_data["priority"]
        return priority


class CommentForm(StepActionForm):
    action, outcome = Action.COMMENTED, "Comment added"
    comment = forms.CharField(
        max_length=_COMMENT_LENGTH,
        widget=forms.TextInput(attrs={"data-key": "c"}),
        error_messages={
            "required": "Write something before you send a comment.",
            "max_length": "A comment has at most %(limit_value)d characters.",
        },
    )

    @property
    def value(self) -> str:
        comment: str = self.cleaned_data["comment"]
        return comment


class AnswerForm(TriageForm):
    """An answer to proposals to close steps; one that declines has no event."""

    target = "closure"
    accepted: ClassVar[bool]
    closure = KeysField(error_messages={"required": "Choose a proposal first."})

    def apply(self, by: User) -> Sequence[StepEvent]:
        return triage.answer_all(unanswered_closures(self.cleaned_data["closure"]), by, accepted=self.accepted)


class AcceptForm(AnswerForm):
    accepted, outcome = True, DoneForm.outcome


class DeclineForm(AnswerForm):
    accepted, outcome = False, "Proposal declined"


STEP_ACTIONS: Mapping[str, type[TriageForm]] = {
    **{
        str(form.action): form
        for form in (DoneForm, ReopenForm, WakeForm, SnoozeForm, AssignForm, PriorityForm, CommentForm)
    },
    "accept": AcceptForm,
    "decline": DeclineForm,
}


def step_action_form(data: QueryDict) -> TriageForm:
    """The form of the button that was pressed: "done" for all chosen steps, "done:12" for the step with this key."""
    action, _, key = data.get("action", "").partition(":")
    form = STEP_ACTIONS.get(action, UnknownActionForm)
    if not key:
        return form(data)
    data = data.copy()
    data.setlist(form.target, [key])
    return form(data)


def board_forms() -> dict[str, StepActionForm]:
    """The forms with fields that the tools of the board show, by name."""
    return {"snooze": SnoozeForm(), "assign": AssignForm(), "priority": PriorityForm(), "comment": CommentForm()}


def step_forms(step: TrackedStep) -> dict[str, StepActionForm]:
    """The forms with fields that the page of a step shows, by name, with what it has now."""
    snooze, comment = SnoozeForm(), CommentForm()
    snooze.fields["until"].widget.attrs["aria-describedby"] = "snooze-help"
    comment.fields["comment"].widget = forms.Textarea(attrs={"rows": 3, "maxlength": _COMMENT_LENGTH})
    return {
        "snooze": snooze,
        "assign": AssignForm(initial={"person": step.assignee}),
        "priority": PriorityForm(initial={"priority": step.priority}),
        "comment": comment,
    }


class MergeStepsForm(PageForm):
    """Steps to become one; `cleaned_data["step"]` holds them."""

    step = KeysField(required=False)
    confirmed = forms.BooleanField(required=False)

    def clean_step(self) -> list[TrackedStep]:
        steps = steps_with_mentions(self.cleaned_data["step"])
        if len(steps) < 2:
            raise forms.ValidationError("Choose at least two steps to merge.")
        if len(steps) < len(self.cleaned_data["step"]):
            raise forms.ValidationError("Some of these were merged or removed in the meantime. Choose again.")
        try:
            triage.check_merge(steps)
        except CannotTriage as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return steps


class SplitStepForm(PageForm):
    """Mentions to become a step of their own; `cleaned_data` gets the mentions `going` and `staying`."""

    mention = KeysField(required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, step: TrackedStep, data: QueryDict) -> None:
        super().__init__(data)
        self.step = step

    def clean(self) -> dict[str, Any]:
        chosen = set(self.cleaned_data["mention"])
        mentions = list(mentions_of_step(self.step))
        going = [mention for mention in mentions if mention.step_id in chosen]
        staying = [mention for mention in mentions if mention.step_id not in chosen]
        if not going or not staying:
            raise forms.ValidationError("Choose some of the mentions to split off, but not all of them.")
        return {**self.cleaned_data, "going": going, "staying": staying}


class UndoForm(PageForm):
    event = KeysField(error_messages={"required": "There is nothing to undo."})

    def apply(self) -> list[TrackedStep]:
        return triage.undo(latest_events_first(self.cleaned_data["event"]))
