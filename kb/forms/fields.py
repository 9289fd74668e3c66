"""Forms and fields that several pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.choices import CallableChoiceIterator

from kb.queries.sessions import project_names


class PageForm(forms.Form):
    """A form whose labels wrap their fields, so that the fields need no ids and a page can hold several forms."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **kwargs})


class FilterForm(PageForm):
    """What an address narrows a list to. A value that means nothing is left out."""

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def project_field(everything: str = "all") -> forms.CharField:
    """A choice of projects. An unknown name is kept, and narrows a list to nothing."""
    choices = CallableChoiceIterator(lambda: [("", everything), *((name, name) for name in project_names())])
    return forms.CharField(required=False, max_length=200, widget=forms.Select(choices=choices))
