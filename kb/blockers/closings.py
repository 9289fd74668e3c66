"""Proposes to close items: a later session tells of a fix, a fixed error, a commit or an objective that is the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.blockers.wording import TOLD, Words, told_by
from kb.models import Closing, Item, Wording
from sessions.models import Error, Fix, SessionLog

_MOST_COMPARED = 300
_LATER = 20  # sessions after one that was imported late, which may tell of its steps


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    text: str
    line: int


def propose_closings(session: SessionLog) -> None:
    """Proposes what this session tells to be done, and what later sessions tell of the steps of this one."""
    _propose(session)
    if session.date:
        later = SessionLog.objects.filter(project=session.project_id, date__gt=session.date)
        for other in later.order_by("date", "pk")[:_LATER]:
            _propose(other)


def _propose(session: SessionLog) -> None:
    Closing.objects.filter(session=session, accepted=None).delete()
    best: dict[int, Closing] = {}
    for told in _records(session):
        if told.text.rstrip().endswith("?"):
            continue
        for item, score, shared in _steps_told(session, Words.of(told.text)):
            if score > (best[item].score if item in best else 0):
                best[item] = Closing(
                    item_id=item,
                    session=session,
                    kind=told.kind,
                    text=told.text,
                    line=told.line,
                    score=score,
                    shared=shared,
                )
    # What one session tells of an item is proposed once, and what others told in the same words is not asked again.
    known = Closing.objects.filter(item__in=best)
    answered = set(known.filter(session=session).values_list("item_id", flat=True))
    asked = set(known.values_list("item_id", "text"))
    Closing.objects.bulk_create(
        closing for item, closing in best.items() if item not in answered and (item, closing.text) not in asked
    )


def _records(session: SessionLog) -> Iterator[_Told]:
    for fix in session.fix_set.filter(outcome=Fix.Outcome.WORKED):
        yield _Told("fix", fix.title, fix.line)
    for error in session.error_set.filter(status=Error.Status.FIXED, in_log=True):
        yield _Told("error", error.title, error.line)
    for commit in session.commit_set.exclude(message=""):
        yield _Told("commit", commit.message, commit.line)
    for objective in session.objective_set.filter(done=True):
        yield _Told("objective", objective.text, objective.line)


def _steps_told(session: SessionLog, told: Words) -> Iterator[tuple[int, float, list[str]]]:
    """Items raised before the session and not raised in it that a record tells of, with how much."""
    keys = [f"{session.project_id}:{stem}"[:100] for stem in told.telling]
    near = Wording.objects.filter(keys__key__in=keys).distinct().order_by("-pk")[:_MOST_COMPARED]
    alike = {wording.pk: told_by(Words.of(wording.words), told) for wording in near}
    likely = {pk: how for pk, how in alike.items() if how[0] >= TOLD}
    items = Item.objects.filter(mentions__wording__in=likely, merged_into=None)
    if session.date:
        items = items.filter(raised_on__lt=session.date)
    items = items.exclude(mentions__step__session=session)
    for item, wording in items.values_list("pk", "mentions__wording"):
        if wording in likely:
            yield item, *likely[wording]
