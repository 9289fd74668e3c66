"""Proposes to close items: a later session tells of a fix, a fixed error, a commit or an objective that is the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from kb.models import ProposedClosure, StepMention, StepWording, StepWordingKey, TrackedStep
from kb.next_steps.wording import TOLD, Words, told_by
from sessions.models import Commit, Error, Fix, Objective, SessionLog

_MOST_COMPARED = 300
_MOST_READ = 3_000
_LEAST_SHARED = 2  # keys: fewer words than two tell of no step
_LATER = 20  # sessions after one that was imported late, which may tell of its steps


@dataclass(frozen=True, slots=True)
class _Told:
    """A record that tells of work done, in a session."""

    session: int
    kind: str
    text: str
    line: int
    words: Words


@dataclass(frozen=True, slots=True)
class _Raised:
    """An item by one of its wordings."""

    item: int
    words: Words


def propose_closings(session: SessionLog) -> None:
    """Proposes what this session tells to be done, and what later sessions tell of the steps of this one."""
    ProposedClosure.objects.filter(session=session, accepted=None).delete()
    told = list(_records([session.pk]))
    if told:
        _propose(told, _raised_before(session, told))
    if session.date is None:
        return
    mine = _raised_in(session)
    if not mine:
        return
    later = SessionLog.objects.filter(project=session.project_id, date__gt=session.date).order_by("date", "pk")
    numbers = list(later.values_list("pk", flat=True)[:_LATER])
    if not numbers:
        return
    items = {one.item for one in mine}
    there = StepMention.objects.filter(step__session__in=numbers, item__in=items).values_list("step__session", "item")
    raised_there = set(there)
    for other, records in groupby(sorted(_records(numbers), key=_session_of), key=_session_of):
        _propose(list(records), [one for one in mine if (other, one.item) not in raised_there])


def _session_of(told: _Told) -> int:
    return told.session


def _propose(records: Iterable[_Told], raised: Collection[_Raised]) -> None:
    """Proposes each item by the record that tells the most of it. What was proposed or answered is not asked again."""
    best: dict[int, ProposedClosure] = {}
    for told in records:
        for one in raised:
            score, shared = told_by(one.words, told.words)
            if score >= TOLD and (one.item not in best or score > best[one.item].score):
                best[one.item] = ProposedClosure(
                    item_id=one.item,
                    session_id=told.session,
                    kind=told.kind,
                    text=told.text,
                    line=told.line,
                    score=score,
                    shared=shared,
                )
    if best:
        known = ProposedClosure.objects.filter(item__in=best).values_list("item_id", "session_id", "text")
        asked = {(item, text) for item, _, text in known} | {(item, session) for item, session, _ in known}
        ProposedClosure.objects.bulk_create(
            closing
            for item, closing in best.items()
            if (item, closing.text) not in asked and (item, closing.session_id) not in asked
        )


def _records(sessions: Collection[int]) -> Iterator[_Told]:
    """What sessions tell to be done. Questions tell nothing."""
    fixes = Fix.objects.filter(session__in=sessions, outcome=Fix.Outcome.WORKED)
    errors = Error.objects.filter(session__in=sessions, status=Error.Status.FIXED, in_log=True)
    commits = Commit.objects.filter(session__in=sessions).exclude(message="")
    objectives = Objective.objects.filter(session__in=sessions, done=True)
    found = (
        *(("fix", row) for row in fixes.values_list("session_id", "title", "line")),
        *(("error", row) for row in errors.values_list("session_id", "title", "line")),
        *(("commit", row) for row in commits.values_list("session_id", "message", "line")),
        *(("objective", row) for row in objectives.values_list("session_id", "text", "line")),
    )
    for kind, (session, text, line) in found:
        if not text.rstrip().endswith("?"):
            yield _Told(session, kind, text, line, Words.of(text))


def _raised_before(session: SessionLog, records: Collection[_Told]) -> list[_Raised]:
    """Items raised before a session and not raised in it whose wordings share a word with what it tells."""
    keys = {f"{session.project_id}:{stem}"[:100] for told in records for stem in told.words.telling}
    held = StepWordingKey.objects.filter(key__in=keys).order_by("-wording").values_list("wording", flat=True)
    shared = Counter(held[:_MOST_READ])
    near = [wording for wording, count in shared.items() if count >= _LEAST_SHARED][:_MOST_COMPARED]
    words = {pk: Words.of(text) for pk, text in StepWording.objects.filter(pk__in=near).values_list("pk", "words")}
    likely = {pk: one for pk, one in words.items() if any(told_by(one, t.words)[0] >= TOLD for t in records)}
    if not likely:
        return []
    before = Q(item__raised_on__lt=session.date) if session.date else Q()
    found = StepMention.objects.filter(before, wording__in=likely, item__merged_into=None)
    here = TrackedStep.objects.filter(mentions__step__session=session).values_list("pk", flat=True)
    raised_here = set(here)
    pairs = set(found.values_list("item_id", "wording_id"))
    return [_Raised(item, likely[wording]) for item, wording in sorted(pairs) if item not in raised_here]


def _raised_in(session: SessionLog) -> list[_Raised]:
    pairs = StepMention.objects.filter(step__session=session).values_list("item_id", "wording__words")
    return [_Raised(item, Words.of(words)) for item, words in dict.fromkeys(pairs)]
