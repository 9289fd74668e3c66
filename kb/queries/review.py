"""The review queue, and how often reading was right where it was in doubt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kb.models import Doubt
from kb.review.doubts import lines_near
from sessions.models import Decision, Error, Fix, JudgedRecord, NextStep

_ROWS: Mapping[str, type[JudgedRecord]] = {
    "errors": Error, "fixes": Fix, "next_steps": NextStep, "decisions": Decision,
}  # fmt: skip
_COMPARED = 400  # doubts nearest to their threshold, among which layouts and projects count
_FARTHEST = 0.3  # beyond the distance of any doubt
_AROUND = 2  # lines


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A doubt as the queue shows it: `lines` are (number, text, is it about this line)."""

    doubt: Doubt
    lines: Sequence[tuple[int, str, bool]]


@dataclass(frozen=True, slots=True)
class RightShare:
    """How many doubts of a kind, project or layout were answered, and in how many of them the reader was right."""

    name: str
    answered: int
    right: int

    @property
    def percent(self) -> int:
        return round(100 * self.right / max(self.answered, 1))


def open_doubts(kind: str = "", project: str = "") -> QuerySet[Doubt]:
    """Unanswered doubts, of which those about a record still have it, and those about lines have no record yet."""
    doubts = Doubt.objects.filter(answer="", session__in_log=True)
    if kind:
        doubts = doubts.filter(kind=kind)
    if project:
        doubts = doubts.filter(session__project__name=project)
    in_question = Q()
    for name, model in _ROWS.items():
        own = model._default_manager.filter(session=OuterRef("session"))
        unsettled = Exists(own.filter(key=OuterRef("record_key")).exclude(found_by="person").exclude(certainty=1))
        named = Exists(own.filter(found_by="person", first_line__lte=OuterRef("line"), last_line__gte=OuterRef("line")))
        in_question |= Q(Q(unsettled) | Q(~named, record_key=""), kind=name)
    return doubts.filter(in_question)


def review_queue(kind: str = "", project: str = "", most: int = 20) -> list[ReviewItem]:
    """Returns the most useful doubts to answer: near the threshold, of layouts and projects with many of them."""
    doubts = open_doubts(kind, project).select_related("session__log").defer("session__log__text")
    nearest = list(doubts.order_by("distance")[:_COMPARED])
    layouts = Counter(doubt.session.log.layout for doubt in nearest)
    projects = Counter(doubt.session.project_id for doubt in nearest)

    def usefulness(doubt: Doubt) -> float:
        often = math.log1p(layouts[doubt.session.log.layout]) + math.log1p(projects[doubt.session.project_id])
        disputed = 2.0 if doubt.suggestion and (doubt.suggestion == doubt.kind) != doubt.is_record else 1.0
        return (_FARTHEST - doubt.distance) * often * disputed

    best = [doubt.pk for doubt in sorted(nearest, key=usefulness, reverse=True)[:most]]
    with_text = Doubt.objects.select_related("session__log", "session__project").in_bulk(best)
    return [_item(with_text[pk]) for pk in best if pk in with_text]


def _item(doubt: Doubt) -> ReviewItem:
    lines = doubt.session.log.text.split("\n")
    near = lines_near(doubt, lines, _AROUND)
    return ReviewItem(doubt, [(n, lines[n - 1][:300], doubt.first_line <= n <= doubt.last_line) for n in near])


def answered(project: str = "") -> QuerySet[Doubt]:
    """What people answered; not what was taken from the second reader."""
    doubts = Doubt.objects.filter(is_taken=False).exclude(answer="")
    return doubts.filter(session__project__name=project) if project else doubts


def right_share(project: str = "") -> RightShare:
    counts = answered(project).aggregate(answered=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
    return RightShare("all", counts["answered"], counts["right"])


def right_shares(project: str = "") -> dict[str, list[RightShare]]:
    """Returns the shares by kind, project and layout, those answered most often first."""
    by = {"kind": F("kind"), "project": F("session__project__name"), "layout": F("session__log__layout")}
    return {name: list(_shares(answered(project).annotate(name=column).values("name"))) for name, column in by.items()}


def _shares(groups: QuerySet[Doubt, Any]) -> Iterable[RightShare]:
    counted = groups.annotate(answered=Count("pk"), right=Count("pk", filter=Q(is_right=True))).order_by("-answered")
    for row in counted[:50]:
        yield RightShare(str(row["name"]).replace("_", " ") or "not known", int(row["answered"]), int(row["right"]))


def count_open(project: str = "") -> int:
    return open_doubts(project=project).count()


def doubt_with_log(pk: int) -> Doubt | None:
    return Doubt.objects.filter(pk=pk).select_related("session__log", "session__project").first()


def answered_doubts(keys: Collection[int]) -> list[Doubt]:
    return list(Doubt.objects.filter(pk__in=keys).exclude(answer="").select_related("session__log"))
