"""What people said about lines of logs: from corrections in force, and from answers about doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kb.models import Correction, Doubt
from sessions.models import Log

KINDS = ("errors", "fixes", "next_steps", "decisions")


@dataclass(frozen=True, slots=True)
class Label:
    """Whether a line of a log states a record of a kind, as a person said."""

    line: int
    kind: str
    told: bool


@dataclass(frozen=True, slots=True)
class LabelledLog:
    log: Log
    path: str
    labels: tuple[Label, ...]


def labelled_logs() -> list[LabelledLog]:
    """Returns the stored logs that people said something about. What was said last counts."""
    said: dict[int, dict[tuple[int, str], bool]] = defaultdict(dict)
    answers = Doubt.objects.filter(is_taken=False).exclude(answer="").select_related("session").order_by("at")
    for doubt in answers:
        said[doubt.session.log_id].update(_of_answer(doubt))
    for correction in Correction.objects.filter(undone_at=None, lost_at=None).exclude(log=None).exclude(by=None):
        said[correction.log_id or 0].update(_of_correction(correction))
    logs = Log.objects.filter(pk__in=said, was_at="").order_by("pk")
    return [
        LabelledLog(log, str(log), tuple(Label(*place, told) for place, told in sorted(said[log.pk].items())))
        for log in logs
    ]


def _of_answer(doubt: Doubt) -> Iterator[tuple[tuple[int, str], bool]]:
    yield (doubt.line, doubt.kind), doubt.said == doubt.kind
    if doubt.said in KINDS:
        yield (doubt.line, doubt.said), True


def _of_correction(correction: Correction) -> Iterator[tuple[tuple[int, str], bool]]:
    kind, line = correction.record_kind, correction.line
    match correction.kind:
        case Correction.Kind.NOT if kind in KINDS:
            yield (line, kind), False
        case Correction.Kind.LINES:
            yield from (((line, other), other == kind) for other in KINDS)
        case Correction.Kind.CONFIRMED | Correction.Kind.CHANGED if kind in KINDS:
            yield (line, kind), True
