"""Which records people dealt with: those are kept when they vanish from their log."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from kb.models import DecisionSide, Occurrence
from sessions.models import Error, Record


def touched_rows(model: type[Record], rows: Collection[int]) -> set[int]:
    """Those of the rows that a person decided on, or whose issue a person dealt with.

    Next steps need no keeping: what people did hangs on their item, which outlives them.
    """
    if model is not Error:
        return set()
    decided = DecisionSide.objects.filter(error__in=rows, decision__undone_at=None).values_list("error_id", flat=True)
    said = ~Q(issue__name="") | Q(issue__resolved_at__isnull=False) | Q(issue__ignored_at__isnull=False)
    said |= Q(issue__assignee__isnull=False) | Q(issue__events__isnull=False)
    dealt_with = Occurrence.objects.filter(said, error__in=rows).values_list("error_id", flat=True)
    return {*decided, *dealt_with}
