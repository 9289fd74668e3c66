"""What a call of the API may send to search, or to ask about an error."""

from __future__ import annotations

from typing import Any

from django import forms

from kb.forms.fields import PageForm
from kb.forms.search import MAX_PASTE, MAX_QUERY

MOST_HITS = 20
_LIMIT = f"limit is a number from 1 to {MOST_HITS}."
TOO_LONG = f"The text has more than {MAX_PASTE:,} characters. Send the part that states the error."
_UNKNOWN = "There is no parameter “{}”. Filters are part of q, as in q=timeout project:harbor."


class SearchCallForm(PageForm):
    """The query string of a search. A parameter that does not exist is refused: it would have been meant to filter."""

    q = forms.CharField(
        max_length=MAX_QUERY,
        error_messages={
            "required": "Say what to search for, as in ?q=timeout.",
            "max_length": "q has at most %(limit_value)d characters. Post a whole trace to /api/v1/met.",
        },
    )
    limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_HITS,
        error_messages={"invalid": _LIMIT, "min_value": _LIMIT, "max_value": _LIMIT},
    )

    def clean(self) -> dict[str, Any]:
        unknown = [name for name in self.data if name not in self.fields]
        if unknown:
            raise forms.ValidationError(_UNKNOWN.format(unknown[0][:50]))
        return self.cleaned_data

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or MOST_HITS


class PastedField(forms.CharField):
    """Pasted text. NUL counts as a space, and half of a character in JSON as a question mark."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\x00", " ").encode(errors="replace").decode()


class MetForm(PageForm):
    """A pasted error or trace."""

    text = PastedField(
        max_length=MAX_PASTE,
        error_messages={
            "required": "Send the error or the trace: as the body, or as text in JSON.",
            "max_length": TOO_LONG,
        },
    )

    @property
    def is_too_long(self) -> bool:
        return self.has_error("text", "max_length")
