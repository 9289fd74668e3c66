"""How a record was found, in a few quiet words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sessions.models import JudgedRecord

register = template.Library()

_DOUBTFUL = 0.5  # what rules read counts as certain from here on
_BY_MEANING = "No rule reads this line. Its meaning makes it a record, with a probability of {} %."
_BY_RULES = "Rules read this line, but its meaning leaves a probability of only {} % that it is such a record."


@register.simple_tag
def how_found(record: JudgedRecord) -> SafeString | str:
    """How a record was found; nothing if rules read it and its meaning does not speak against it."""
    certainty = record.certainty
    if certainty is None:
        return ""
    if record.found_by == JudgedRecord.FoundBy.MEANING:
        words, why = "by meaning", _BY_MEANING
    elif certainty < _DOUBTFUL:
        words, why = "doubtful", _BY_RULES
    else:
        return ""
    title = why.format(round(100 * certainty))
    return format_html('<span class="faint how-found" title="{}">{}, {}</span>', title, words, f"{certainty:.2f}")
