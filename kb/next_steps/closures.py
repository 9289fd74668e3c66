"""Proposes to close steps that a later session reports as done: by a fix, a fixed error, a commit or an objective."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import OuterRef, Q, Subquery

from kb.models import ProposedClosure, StepMention, StepWording
from kb.next_steps.near import MOST_COMPARED, Sharing, wording_keys
from kb.next_steps.wording import REPORTED, Words, reported_by
from sessions.models import Commit, Error, Fix, Objective, SessionLog

_LEAST_SHARED = 2  # keys: a single common word does not report a step
_LATER_SESSIONS = 20  # how many sessions after a late import are searched for reports on its steps


@dataclass(frozen=True, slots=True)
class _Report:
    """A record of a session that says that something was done."""

    session: int
    kind: str
    text: str
    line: int
    words: Words


@dataclass(frozen=True, slots=True)
class _RaisedStep:
    """A tracked step in one of its wordings."""

    tracked_step: int
    words: Words


def propose_closures(sessions: Collection[SessionLog]) -> None:
    """Proposes to close the steps that sessions report as done, and their own steps that later sessions report.

    The number of queries does not depend on that of the sessions.
    """
    ProposedClosure.objects.filter(session__in=sessions, accepted=None).delete()
    reports: dict[int, list[_Report]] = {session.pk: [] for session in sessions}
    for report in _reports(reports):
        reports[report.session].append(report)
    raised = _raised_before([session for session in sessions if reports[session.pk]], reports)
    closures = [closure for session, steps in raised.items() for closure in _proposed(reports[session], steps)]
    closures += _proposed_by_later([session for session in sessions if session.date is not None])
    _store_new(closures)


def _proposed_by_later(sessions: Collection[SessionLog]) -> Iterator[ProposedClosure]:
    """Logs are imported in any order, so a session may come after the one that reports its steps as done."""
    raised = _raised_in(sessions)
    later = _later_than([session for session in sessions if session.pk in raised])
    numbers = {number for following in later.values() for number in following}
    if not numbers:
        return
    tracked = {step.tracked_step for steps in raised.values() for step in steps}
    mentions = StepMention.objects.filter(step__session__in=numbers, tracked_step__in=tracked)
    raised_again = set(mentions.values_list("step__session", "tracked_step"))
    reports: dict[int, list[_Report]] = {number: [] for number in numbers}
    for report in _reports(numbers):
        reports[report.session].append(report)
    for session, following in later.items():
        for number in sorted(following):
            still_open = [step for step in raised[session] if (number, step.tracked_step) not in raised_again]
            yield from _proposed(reports[number], still_open)


def _later_than(sessions: Collection[SessionLog]) -> dict[int, list[int]]:
    """Returns the numbers of the sessions of the same project that follow each session, those of the next days."""
    following = SessionLog.objects.filter(project=OuterRef("project"), date__gt=OuterRef("date")).order_by("date", "pk")
    last = following.values("date")[_LATER_SESSIONS - 1 : _LATER_SESSIONS]
    until = dict(
        SessionLog.objects.filter(pk__in=[s.pk for s in sessions]).annotate(u=Subquery(last)).values_list("pk", "u")
    )
    near = Q(pk__in=())
    for project, first, end in {(s.project_id, s.date, until[s.pk]) for s in sessions}:
        near |= Q(project=project, date__gt=first) & (Q() if end is None else Q(date__lte=end))
    rows = SessionLog.objects.filter(near).order_by("date", "pk").values_list("project_id", "date", "pk")
    days: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for project, day, pk in rows:
        if day is not None:
            days[project].append((day, pk))
    return {s.pk: _following(days[s.project_id], s.date) for s in sessions if s.date is not None}


def _following(days: Sequence[tuple[dt.date, int]], day: dt.date) -> list[int]:
    first = bisect_right(days, day, key=itemgetter(0))
    return [session for _day, session in days[first : first + _LATER_SESSIONS]]


def _proposed(reports: Iterable[_Report], raised: Collection[_RaisedStep]) -> list[ProposedClosure]:
    """Proposes each step by the report of a session that covers most of it."""
    best: dict[int, ProposedClosure] = {}
    for report in reports:
        for step in raised:
            score, shared = reported_by(step.words, report.words)
            if score >= REPORTED and (step.tracked_step not in best or score > best[step.tracked_step].score):
                best[step.tracked_step] = ProposedClosure(
                    tracked_step_id=step.tracked_step,
                    session_id=report.session,
                    kind=report.kind,
                    text=report.text,
                    line=report.line,
                    score=score,
                    shared=shared,
                )
    return list(best.values())


def _store_new(closures: Collection[ProposedClosure]) -> None:
    """Stores proposals unless their step has one of the same session, or with the same text."""
    if not closures:
        return
    steps = {closure.tracked_step_id for closure in closures}
    earlier = ProposedClosure.objects.filter(tracked_step__in=steps)
    known = list(earlier.values_list("tracked_step_id", "session_id", "text"))
    sessions, texts = {(step, session) for step, session, _ in known}, {(step, text) for step, _, text in known}
    new = []
    for closure in closures:
        session, text = (closure.tracked_step_id, closure.session_id), (closure.tracked_step_id, closure.text)
        if session not in sessions and text not in texts:
            new.append(closure)
            sessions.add(session)
            texts.add(text)
    ProposedClosure.objects.bulk_create(new)


def _reports(sessions: Collection[int]) -> Iterator[_Report]:
    """Yields what sessions report as done. A question reports nothing."""
    fixes = Fix.objects.filter(session__in=sessions, outcome=Fix.Outcome.WORKED)
    errors = Error.objects.filter(session__in=sessions, status=Error.Status.FIXED, in_log=True)
    commits = Commit.objects.filter(session__in=sessions).exclude(message="")
    objectives = Objective.objects.filter(session__in=sessions, done=True)
    rows = (
        *(("fix", row) for row in fixes.values_list("session_id", "title", "line")),
        *(("error", row) for row in errors.values_list("session_id", "title", "line")),
        *(("commit", row) for row in commits.values_list("session_id", "message", "line")),
        *(("objective", row) for row in objectives.values_list("session_id", "text", "line")),
    )
    for kind, (session, text, line) in rows:
        if not text.rstrip().endswith("?"):
            yield _Report(session, kind, text, line, Words.of(text))


def _raised_before(
    sessions: Collection[SessionLog], reports: Mapping[int, Sequence[_Report]]
) -> dict[int, list[_RaisedStep]]:
    """Returns the steps raised before each session, and not in it, with a wording that one of its reports covers."""
    covered = _covered(sessions, reports)
    wordings = {wording for of_session in covered.values() for wording in of_session}
    if not wordings:
        return {}
    mentions = StepMention.objects.filter(wording__in=wordings, tracked_step__merged_into=None)
    raised: dict[int, set[tuple[int, dt.date | None]]] = {wording: set() for wording in wordings}
    for wording, step, day in mentions.values_list("wording_id", "tracked_step_id", "tracked_step__raised_on"):
        raised[wording].add((step, day))
    here = StepMention.objects.filter(step__session__in=covered)
    raised_here = set(here.values_list("step__session_id", "tracked_step_id"))
    return {
        session.pk: [
            _RaisedStep(step, covered[session.pk][wording])
            for step, wording in sorted(
                {
                    (step, w)
                    for w in covered[session.pk]
                    for step, day in raised[w]
                    if session.date is None or (day is not None and day < session.date)
                }
            )
            if (session.pk, step) not in raised_here
        ]
        for session in sessions
        if covered[session.pk]
    }


def _covered(sessions: Collection[SessionLog], reports: Mapping[int, Sequence[_Report]]) -> dict[int, dict[int, Words]]:
    """Returns the wordings that the reports of each session cover, with their words."""
    keys = {
        session.pk: wording_keys(
            session.project_id, {s for report in reports[session.pk] for s in report.words.telling}
        )
        for session in sessions
    }
    sharing = Sharing(key for of_session in keys.values() for key in of_session)
    near: dict[int, list[int]] = {}
    for session, of_session in keys.items():
        counted = sharing.counted(of_session)
        near[session] = [wording for wording, count in counted.items() if count >= _LEAST_SHARED][:MOST_COMPARED]
    texts = StepWording.objects.filter(pk__in={wording for of_session in near.values() for wording in of_session})
    words = {pk: Words.of(text) for pk, text in texts.values_list("pk", "words")}
    return {
        session: {
            wording: words[wording]
            for wording in of_session
            if any(reported_by(words[wording], report.words)[0] >= REPORTED for report in reports[session])
        }
        for session, of_session in near.items()
    }


def _raised_in(sessions: Collection[SessionLog]) -> dict[int, list[_RaisedStep]]:
    """Returns the steps that sessions raise, each in each of its wordings there."""
    rows = StepMention.objects.filter(step__session__in=sessions).order_by("pk")
    raised: dict[int, list[_RaisedStep]] = defaultdict(list)
    found = rows.values_list("step__session_id", "tracked_step_id", "wording__words")
    for session, step, words in dict.fromkeys(found):
        raised[session].append(_RaisedStep(step, Words.of(words)))
    return raised
