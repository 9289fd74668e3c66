"""What a call of the API may send to search, or to ask about an error."""

from __future__ import annotations

from typing import Any

from django import forms

from kb.forms.fields import PageForm
from kb.forms.search import MAX_QUERY

MOST_HITS = 20
_LIMIT = f"limit is a number from 1 to {MOST_HITS}."
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
