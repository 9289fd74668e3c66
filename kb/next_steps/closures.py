"""Proposes to close steps that a later session reports as done: by a fix, a fixed error, a commit or an objective."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from kb.models import ProposedClosure, StepMention, StepWording, TrackedStep
from kb.next_steps.tracking import MOST_COMPARED, count_shared_keys, wording_keys
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


def propose_closures(session: SessionLog) -> None:
    """Proposes to close the steps that this session reports as done, and its own steps that later sessions report."""
    ProposedClosure.objects.filter(session=session, accepted=None).delete()
    reports = list(_reports([session.pk]))
    if reports:
        _propose(reports, _raised_before(session, reports))
    if session.date is not None:
        _propose_from_later(session)


def _propose_from_later(session: SessionLog) -> None:
    """Logs are imported in any order, so a session may come after the one that reports its steps as done."""
    raised = _raised_in(session)
    if not raised:
        return
    later = SessionLog.objects.filter(project=session.project_id, date__gt=session.date).order_by("date", "pk")
    sessions = list(later.values_list("pk", flat=True)[:_LATER_SESSIONS])
    if not sessions:
        return
    numbers = {step.tracked_step for step in raised}
    mentions = StepMention.objects.filter(step__session__in=sessions, tracked_step__in=numbers)
    raised_again = set(mentions.values_list("step__session", "tracked_step"))
    reports = sorted(_reports(sessions), key=_session_of)
    for later_session, reports_there in groupby(reports, key=_session_of):
        open_there = [step for step in raised if (later_session, step.tracked_step) not in raised_again]
        _propose(list(reports_there), open_there)


def _session_of(report: _Report) -> int:
    return report.session


def _propose(reports: Iterable[_Report], raised: Collection[_RaisedStep]) -> None:
    """Proposes each step by the report that covers most of it, unless that was proposed or answered before."""
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
    if best:
        _store_new(best.values())


def _store_new(closures: Collection[ProposedClosure]) -> None:
    """Stores proposals unless their step has one of the same session, or with the same text."""
    steps = [closure.tracked_step_id for closure in closures]
    earlier = ProposedClosure.objects.filter(tracked_step__in=steps)
    known = list(earlier.values_list("tracked_step_id", "session_id", "text"))
    sessions, texts = {(step, session) for step, session, _ in known}, {(step, text) for step, _, text in known}
    ProposedClosure.objects.bulk_create(
        closure
        for closure in closures
        if (closure.tracked_step_id, closure.text) not in texts
        and (closure.tracked_step_id, closure.session_id) not in sessions
    )


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


def _raised_before(session: SessionLog, reports: Collection[_Report]) -> list[_RaisedStep]:
    """Returns the steps raised before a session, and not in it, with a wording that one of its reports covers."""
    stems = {stem for report in reports for stem in report.words.telling}
    shared = count_shared_keys(wording_keys(session.project_id, stems))
    near = [wording for wording, count in shared.items() if count >= _LEAST_SHARED][:MOST_COMPARED]
    words = {pk: Words.of(text) for pk, text in StepWording.objects.filter(pk__in=near).values_list("pk", "words")}
    covered = {
        pk: own for pk, own in words.items() if any(reported_by(own, report.words)[0] >= REPORTED for report in reports)
    }
    if not covered:
        return []
    before = Q(tracked_step__raised_on__lt=session.date) if session.date else Q()
    mentions = StepMention.objects.filter(before, wording__in=covered, tracked_step__merged_into=None)
    raised_here = set(TrackedStep.objects.filter(mentions__step__session=session).values_list("pk", flat=True))
    pairs = sorted(set(mentions.values_list("tracked_step_id", "wording_id")))
    return [_RaisedStep(step, covered[wording]) for step, wording in pairs if step not in raised_here]


def _raised_in(session: SessionLog) -> list[_RaisedStep]:
    pairs = StepMention.objects.filter(step__session=session).values_list("tracked_step_id", "wording__words")
    return [_RaisedStep(step, Words.of(words)) for step, words in dict.fromkeys(pairs)]
