"""What people say about a record or about lines, as pages send it."""

from __future__ import annotations

from typing import Any

from django import forms

from kb.corrections.drafting import EDITABLE, SINGULAR, CannotCorrect, Said
from kb.forms.fields import PageForm
from kb.models import Correction
from sessions.models import Error, Fix, NextStep

Kind = Correction.Kind
_LONGEST = 2_000
_ACTS = (Kind.NOT, Kind.CHANGED, Kind.FOLDED, Kind.FIX_OF, Kind.CONFIRMED)
NOTHING = "nothing"
CHOICES = {
    "status": Error.Status.choices,
    "outcome": Fix.Outcome.choices,
    "priority": [("", "none"), *NextStep.Priority.choices],
}
# What lines can be called, each with its key.
NAMES = (
    ("errors", "Error", "e"),
    ("fixes", "Fix", "f"),
    ("next_steps", "Next step", "s"),
    ("commands", "Command", "c"),
    ("learnings", "Learning", "l"),
    ("decisions", "Decision", "d"),
    (NOTHING, "Nothing", "n"),
)


class CorrectionForm(PageForm):
    """One act on one record ("not errors 0f3a…"), or the name of some lines (`named`, `first`, `last`)."""

    said = forms.RegexField(r"^[a-z_]+ [a-z_]+ \S{1,40}$", required=False)
    named = forms.ChoiceField(choices=[(name, label) for name, label, _ in NAMES], required=False)
    first = forms.IntegerField(min_value=1, max_value=9_999_999, required=False)
    last = forms.IntegerField(min_value=1, max_value=9_999_999, required=False)
    other = forms.CharField(max_length=40, required=False)
    read = forms.CharField(max_length=64, required=False)
    title = forms.CharField(max_length=_LONGEST, required=False)
    text = forms.CharField(max_length=20_000, required=False)
    status = forms.CharField(max_length=20, required=False)
    outcome = forms.CharField(max_length=20, required=False)
    priority = forms.CharField(max_length=2, required=False)
    blocker = forms.BooleanField(required=False)
    done = forms.BooleanField(required=False)
    root_cause = forms.CharField(max_length=20_000, required=False)
    rationale = forms.CharField(max_length=20_000, required=False)

    def meaning(self, sha256: str) -> Said:
        """Returns what a person says. Raises CannotCorrect. `sha256` is that of the log as it is now."""
        if not self.is_valid():
            raise CannotCorrect(self.problem)
        return self._of_lines(sha256) if self.cleaned_data["named"] else self._of_record()

    def _of_lines(self, sha256: str) -> Said:
        data = self.cleaned_data
        if data["read"] and data["read"] != sha256:
            raise CannotCorrect(
                "Somebody has just imported this log again, so its lines may have moved. The page now shows the log as "
                "it is: select the lines again."
            )
        first, last = data["first"] or data["last"], data["last"] or data["first"]
        kind = "" if data["named"] == NOTHING else data["named"]
        return Said(Kind.LINES, kind, other=data["other"], span=(first, last) if first and last else None)

    def _of_record(self) -> Said:
        act, kind, key = [*self.cleaned_data["said"].split(" "), "", "", ""][:3]
        if act not in _ACTS or kind not in SINGULAR:
            raise CannotCorrect("Choose a record first, or select lines of the source.")
        values: dict[str, Any] = {}
        if act == Kind.CHANGED:
            # A box that is not ticked is not sent, so that boxes count if the text beside them was sent.
            sent = {*self.data, *(("blocker", "done") if "text" in self.data else ())}
            values = {name: self.cleaned_data[name] for name in EDITABLE.get(kind, ()) if name in sent}
        return Said(Kind(act), kind, key, values, self.cleaned_data["other"])


class UndoCorrectionForm(PageForm):
    event = forms.IntegerField(min_value=1, max_value=2**53)
