"""Fields that several pages share: chosen rows, a way back, and the names to choose from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.http import url_has_allowed_host_and_scheme

from kb.queries.people import active_people
from kb.queries.sessions import project_names

_ARRANGING = frozenset({"sort", "group"})  # fields that leave nothing out
_KEY_LENGTH = 15  # digits that fit a primary key on both databases


class PageForm(forms.Form):
    """A form whose labels wrap their fields, so that the fields need no ids and a page can hold several forms."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **kwargs})

    @property
    def problem(self) -> str:
        """What is wrong with the form, as sentences for a message."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)


class FilterForm(PageForm):
    """What an address narrows a list to. A value that means nothing is left out."""

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def count_on(self) -> int:
        """How many of the fields that one sees narrow the list."""
        seen = {field.name for field in self.visible_fields()} - _ARRANGING
        return len(seen & self.filters().keys())


class KeysField(forms.Field):
    """Primary keys of chosen rows, several in one value if spaces divide them. Anything else is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[int]:
        texts = " ".join(value or ()).split()
        keys = (int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= _KEY_LENGTH)
        return list(dict.fromkeys(keys))


class LocalAddressField(forms.CharField):
    """An address of this site to go back to; one of another site is left out."""

    def to_python(self, value: str | None) -> str:
        address = super().to_python(value) or ""
        is_local = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and not urlsplit(address).netloc
        return address if is_local else ""


def project_field(everything: str = "all") -> forms.CharField:
    """A choice of projects. An unknown name is kept, and narrows a list to nothing."""
    choices = CallableChoiceIterator(lambda: [("", everything), *((name, name) for name in project_names())])
    return forms.CharField(required=False, max_length=200, widget=forms.Select(choices=choices))


def person_field(label: str) -> forms.ModelChoiceField[Any]:
    """A choice of people, by user name; empty for nobody."""
    return forms.ModelChoiceField(
        active_people(),
        label=label,
        to_field_name="username",
        required=False,
        empty_label="nobody",
        error_messages={"invalid_choice": "There is no active user called “%(value)s”."},
    )
