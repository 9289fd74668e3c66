"""What the lists of commands, files, learnings and decisions are filtered by."""

from __future__ import annotations

from django import forms

from kb.forms.fields import FilterForm, PageForm, project_field


class LibraryFilterForm(FilterForm):
    project = project_field()
    words = forms.CharField(required=False, max_length=200)


class CommandFilterForm(LibraryFilterForm):
    dangerous = forms.BooleanField(label="Only dangerous commands", required=False)


class LearningFilterForm(LibraryFilterForm):
    kind = forms.ChoiceField(
        required=False, choices=[("", "learnings"), ("decisions", "decisions")], widget=forms.HiddenInput
    )


class FileForm(PageForm):
    """The file of a page, by its path or the end of it."""

    path = forms.CharField(max_length=1000)
