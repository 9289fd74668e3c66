"""Forms of the search page: a query in the address, a pasted trace, the completion of a filter, and a saved search."""

from __future__ import annotations

from typing import Any

from django import forms

MAX_QUERY = 2000
MAX_NAME = 100
MAX_PASTE = 200_000
_MAX_FILTER_NAME = 20
_MAX_FILTER_VALUE = 100


class AnyTextField(forms.CharField):
    """Text that is always valid: what is beyond the limit is ignored, and NUL counts as a space."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self._limit = limit

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\x00", " ")[: self._limit]


class SearchForm(forms.Form):
    """A search in the address. A saved search that does not exist is ignored.

    by  "words" for results by words alone, as the further pages of what was shown while somebody typed
    """

    q = AnyTextField(limit=MAX_QUERY)
    by = AnyTextField(limit=_MAX_FILTER_NAME)
    saved = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @property
    def text(self) -> str:
        return str(self.cleaned_data["q"])


class PasteForm(forms.Form):
    text = AnyTextField(limit=MAX_PASTE)


class CompletionForm(forms.Form):
    """A filter and the value typed so far."""

    name = AnyTextField(limit=_MAX_FILTER_NAME)
    value = AnyTextField(limit=_MAX_FILTER_VALUE)


class SavedSearchForm(forms.Form):
    """A query to save. Without a name, the query is its own name."""

    q = forms.CharField(
        max_length=MAX_QUERY,
        error_messages={
            "required": "Type a query before you save it.",
            "max_length": "A saved search can have up to %(limit_value)d characters.",
        },
    )
    name = forms.CharField(
        required=False,
        max_length=MAX_NAME,
        error_messages={"max_length": "The name of a saved search can have up to %(limit_value)d characters."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        cleaned["name"] = cleaned.get("name") or cleaned.get("q", "")[:MAX_NAME]
        return cleaned

    @property
    def problem(self) -> str:
        """What is wrong with the form, as sentences for a message."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)
