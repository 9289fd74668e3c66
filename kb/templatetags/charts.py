"""Charts that a list draws for each of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from kb.display import charts

register = template.Library()


@register.inclusion_tag("includes/_sparkline.html")
def sparkline(counts: Sequence[int]) -> dict[str, object]:
    """Monthly counts as small bars, with their meaning in words."""
    return {"line": charts.sparkline(counts)}
