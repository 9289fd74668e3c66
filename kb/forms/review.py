"""Forms of the review queue: what it is narrowed to, an answer, and taking answers back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from kb.forms.fields import FilterForm, KeysField, PageForm, project_field
from kb.queries.review import doubt_with_log
from kb.review.answers import NOTHING
from kb.review.doubts import KINDS

# What something in doubt can turn out to be, with the key for it.
OTHERS: Mapping[str, tuple[str, str]] = {
    "errors": ("error", "e"), "fixes": ("fix", "f"), "next_steps": ("next step", "s"), "decisions": ("decision", "d"),
    "learnings": ("learning", "l"), "commands": ("command", "c"),
}  # fmt: skip


class ReviewFilterForm(FilterForm):
    kind = forms.ChoiceField(required=False, choices=[("", "all"), *((kind, kind.replace("_", " ")) for kind in KINDS)])
    project = project_field()


class AnswerForm(PageForm):
    """The button that was pressed: "yes:12", "no:12", or "fixes:12" for something else."""

    answer = forms.RegexField(
        rf"^(yes|no|{'|'.join(OTHERS)}):\d{{1,15}}$",
        error_messages={
            "required": "Choose an answer: yes, no, or what it is instead.",
            "invalid": "Choose an answer: yes, no, or what it is instead.",
        },
    )

    def clean(self) -> dict[str, Any]:
        if "answer" not in self.cleaned_data:
            return self.cleaned_data
        word, _, key = self.cleaned_data["answer"].partition(":")
        doubt = doubt_with_log(int(key))
        if doubt is None:
            raise forms.ValidationError("This is no longer in question: its log was imported again or removed.")
        said = {"yes": doubt.kind, "no": NOTHING}.get(word, word)
        return {"doubt": doubt, "said": said}


class TakeBackForm(PageForm):
    event = KeysField(error_messages={"required": "There is nothing to undo."})
