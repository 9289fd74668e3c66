"""Why a record is in its group: the most similar link of its identity, or the person who merged it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from kb.grouping.description import Grouping
from kb.models import GroupingDecision, SignatureLink, StepWordingLink

LinkT = TypeVar("LinkT", SignatureLink, StepWordingLink)


def best_links(links: type[LinkT], identities: Iterable[int], least: float = 0.0) -> dict[int, LinkT]:
    """Returns, by identity, the link with the highest score to another of the identities."""
    numbers = set(identities)
    best: dict[int, LinkT] = {}
    for link in links._default_manager.filter(one__in=numbers, other__in=numbers, score__gte=least).order_by("-score"):
        best.setdefault(link.one_id, link)
        best.setdefault(link.other_id, link)
    return best


def merged_by(grouping: Grouping[Any], records: Iterable[int]) -> dict[int, str]:
    """Returns, by record, who merged it last; "somebody" if that user has been deleted."""
    sides = grouping.sides_where(
        record__in=list(records), decision__undone_at=None, decision__kind=GroupingDecision.Kind.MERGE
    )
    rows = sides.order_by("decision_id").values_list(f"{grouping.record}_id", "decision__by__username")
    return {record: name or "somebody" for record, name in rows}
