"""Which records people dealt with: those are kept when they vanish from their log."""

from __future__ import annotations

from collections.abc import Collection

from kb.linking.issues import touched_issues
from kb.models import ErrorSide, Occurrence
from sessions.models import Error, Record


def touched_rows(model: type[Record], rows: Collection[int]) -> set[int]:
    """Those of the rows that a person decided on, or whose issue a person dealt with.

    Next steps need no keeping: what people did hangs on their item, which outlives them.
    """
    if model is not Error:
        return set()
    decided = ErrorSide.objects.filter(error__in=rows, decision__undone_at=None).values_list("error_id", flat=True)
    dealt_with = Occurrence.objects.filter(issue__in=touched_issues(), error__in=rows)
    return {*decided, *dealt_with.values_list("error_id", flat=True)}
