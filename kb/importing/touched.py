"""Which records people have acted on: these are kept when they vanish from their log."""

from __future__ import annotations

from collections.abc import Collection

from kb.linking.issues import touched_issues
from kb.models import ErrorSide, Occurrence
from sessions.models import Error, Record


def touched_rows(model: type[Record], rows: Collection[int]) -> set[int]:
    """Returns those of the rows that a person merged or split, or whose issue a person acted on.

    Only errors can be: what people do with next steps belongs to the tracked step, which outlives its mentions.
    """
    if model is not Error:
        return set()
    decided = ErrorSide.objects.filter(error__in=rows, decision__undone_at=None).values_list("error_id", flat=True)
    acted_on = Occurrence.objects.filter(issue__in=touched_issues(), error__in=rows)
    return {*decided, *acted_on.values_list("error_id", flat=True)}
