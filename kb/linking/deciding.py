"""What people decide on issues: merge, split, resolve, ignore, rename, assign, comment. Each can be undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kb.linking.issues import regroup
from kb.models import ErrorSide, GroupingDecision, Issue, IssueEvent, Occurrence

Action = IssueEvent.Action


class CannotDecide(Exception):
    """A decision that makes no sense; its text says why and what to do."""


@transaction.atomic
def merge(issues: Sequence[Issue], by: User | None) -> Issue:
    """Makes one issue of several. Raises CannotDecide for fewer than two."""
    if len({issue.pk for issue in issues}) < 2:
        raise CannotDecide("Choose two issues or more to merge.")
    errors = list(Occurrence.objects.filter(issue__in=issues).values_list("error_id", flat=True))
    _take_back_splits(errors)
    decision = _decide(GroupingDecision.Kind.MERGE, by, errors, ())
    named = ", ".join(str(issue)[:80] for issue in issues)
    regroup(errors)
    kept = _issue_of(errors[0])
    IssueEvent.objects.create(issue=kept, action=Action.MERGED, text=named, by=by, decision=decision)
    return kept


@transaction.atomic
def split(issue: Issue, errors: Collection[int], by: User | None) -> Issue:
    """Takes errors out of an issue into one of their own, and gives that. Raises CannotDecide when none or all go."""
    members = set(Occurrence.objects.filter(issue=issue).values_list("error_id", flat=True))
    going = members & set(errors)
    if not going or going == members:
        raise CannotDecide("Choose some of the occurrences to split off, but not all of them.")
    decision = _decide(GroupingDecision.Kind.SPLIT, by, going, members - going)
    regroup(members)
    new = _issue_of(min(going))
    text = f"{len(going)} of {len(members)} occurrences, now {new}"
    rest = _issue_of(min(members - going))
    IssueEvent.objects.create(issue=rest, action=Action.SPLIT, text=text, by=by, decision=decision)
    return new


@transaction.atomic
def undo(decision: GroupingDecision, by: User | None) -> Issue | None:
    """Takes a merge or a split back, and gives an issue that it was about."""
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    errors = list(decision.sides.values_list("error_id", flat=True))
    regroup(errors)
    if not errors:
        return None
    issue = _issue_of(errors[0])
    text = f"the {decision.kind} of {timezone.localtime(decision.at):%Y-%m-%d %H:%M}"
    IssueEvent.objects.create(issue=issue, action=Action.UNDONE, text=text, by=by, decision=decision)
    return issue


@transaction.atomic
def set_state(issue: Issue, action: IssueEvent.Action, by: User | None) -> None:
    """Resolves, ignores or reopens an issue."""
    now = timezone.now()
    issue.resolved_at = now if action == Action.RESOLVED else None
    issue.ignored_at = now if action == Action.IGNORED else None
    issue.save(update_fields=["resolved_at", "ignored_at"])
    IssueEvent.objects.create(issue=issue, action=action, by=by)


@transaction.atomic
def rename(issue: Issue, name: str, by: User | None) -> None:
    """Calls an issue something else; an empty name gives it back the title of its earliest error."""
    issue.name, issue.named_by = name.strip()[:300], None
    issue.save(update_fields=["name", "named_by"])
    IssueEvent.objects.create(issue=issue, action=Action.RENAMED, text=issue.name, by=by)


@transaction.atomic
def assign(issue: Issue, assignee: User | None, by: User | None) -> None:
    issue.assignee = assignee
    issue.save(update_fields=["assignee"])
    IssueEvent.objects.create(issue=issue, action=Action.ASSIGNED, text=str(assignee or "nobody"), by=by)


def comment(issue: Issue, text: str, by: User | None) -> None:
    """Raises CannotDecide for an empty comment."""
    if not text.strip():
        raise CannotDecide("Write something before you send a comment.")
    IssueEvent.objects.create(issue=issue, action=Action.COMMENTED, text=text.strip()[:10_000], by=by)


def _decide(
    kind: GroupingDecision.Kind, by: User | None, left: Collection[int], right: Collection[int]
) -> GroupingDecision:
    decision = GroupingDecision.objects.create(kind=kind, by=by)
    sides = [(error, "left") for error in left] + [(error, "right") for error in right]
    ErrorSide.objects.bulk_create(ErrorSide(decision=decision, error_id=e, side=side) for e, side in sides)
    return decision


def _take_back_splits(errors: Collection[int]) -> None:
    """A merge takes back the splits that set apart what it brings together."""
    mine = set(errors)
    splits = GroupingDecision.objects.filter(
        kind=GroupingDecision.Kind.SPLIT, undone_at=None, sides__error__in=mine
    ).distinct()
    both = [
        split.pk
        for split in splits.prefetch_related("sides")
        if len({side.side for side in split.sides.all() if side.error_id in mine}) == len(ErrorSide.Side)
    ]
    GroupingDecision.objects.filter(pk__in=both).update(undone_at=timezone.now())


def _issue_of(error: int) -> Issue:
    return Occurrence.objects.select_related("issue").get(error=error).issue
