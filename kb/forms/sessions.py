"""What the pages of sessions can be asked for."""

from __future__ import annotations

from django import forms

from kb.forms.fields import FilterForm, PageForm, project_field
from sessions.models import SessionLog
from sessions.records import Span


class SessionFilterForm(FilterForm):
    project = project_field()
    status = forms.ChoiceField(required=False, choices=[("", "all"), *SessionLog.Status.choices])


class LogViewForm(PageForm):
    """How a session's log is shown, and which of its lines are marked, as in `?view=raw&lines=90-93`."""

    view = forms.ChoiceField(required=False, choices=[("", "rendered"), ("raw", "raw")])
    lines = forms.RegexField(r"^\d{1,7}(-\d{1,7})?$", required=False)

    @property
    def is_raw(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("view") == "raw"

    def marked_spans(self) -> list[Span]:
        self.is_valid()
        first, _, last = self.cleaned_data.get("lines", "").partition("-")
        return [(int(first), int(last or first))] if first else []
