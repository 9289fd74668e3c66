"""The project and the days of a handover."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from kb.forms.fields import PageForm, project_field
from kb.people import clock
from kb.queries.projects import has_sessions, last_session_day

_DAYS = 7
_NAMES = {"first": "from", "last": "to"}


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Write days as 2026-01-31."},
    )


class HandoverForm(PageForm):
    """Days left out are the last week of the project that has sessions."""

    project = project_field()
    first = _day_field("From")
    last = _day_field("To")

    def add_prefix(self, field_name: str) -> str:
        """Days are called `from` and `to` in addresses; the first is a word of Python."""
        return _NAMES.get(field_name, field_name)

    def clean_project(self) -> str:
        project: str = self.cleaned_data["project"]
        if project and not has_sessions(project):
            raise forms.ValidationError(f"There is no project called “{project}”.")
        return project

    def clean(self) -> dict[str, Any]:
        if self.errors or not self.cleaned_data["project"]:
            return self.cleaned_data
        last = self.cleaned_data["last"] or last_session_day(self.cleaned_data["project"]) or clock.today()
        first = self.cleaned_data["first"] or dt.date.fromordinal(max(last.toordinal() - _DAYS + 1, 1))
        if first > last:
            raise forms.ValidationError(f"The span ends ({last}) before it begins ({first}).")
        return {**self.cleaned_data, "first": first, "last": last}
