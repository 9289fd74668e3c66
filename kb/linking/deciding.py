"""What people decide about issues: merge, split, resolve, ignore, rename, assign and comment."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kb.grouping import decisions
from kb.linking.issues import ISSUES
from kb.models import GroupingDecision, Issue, IssueEvent

Action = IssueEvent.Action


class CannotDecide(Exception):
    """A decision that makes no sense; its message says why and what to do."""


@transaction.atomic
def check_live(issues: Collection[Issue]) -> None:
    """Raises CannotDecide for issues that have been merged or removed since somebody chose them.

    Others who decide on them wait until the transaction around this is over.
    """
    rows = Issue.objects.filter(pk__in={issue.pk for issue in issues}).select_related("merged_into").order_by("pk")
    there = {issue.pk: issue for issue in rows.select_for_update(of=("self",), no_key=True)}
    for issue in issues:
        now, name = there.get(issue.pk), str(issue)[:80]
        if now is None:
            raise CannotDecide(f"“{name}” was merged or removed in the meantime. Nothing was changed.")
        if now.merged_into is not None:
            heir = str(now.merged_into)[:80]
            raise CannotDecide(f"“{name}” was merged into “{heir}” in the meantime. Nothing was changed.")


@transaction.atomic
def merge(issues: Sequence[Issue], by: User | None) -> Issue:
    """Merges issues. Returns the one that is kept. Raises CannotDecide for fewer than two, or what is not there."""
    if len({issue.pk for issue in issues}) < 2:
        raise CannotDecide("Choose two issues or more to merge.")
    check_live(issues)
    if without := next((issue for issue in issues if not ISSUES.records_in([issue.pk])), None):
        raise CannotDecide(f"No log states “{str(without)[:80]}” any more, so there is nothing to merge.")
    errors = ISSUES.records_in(issue.pk for issue in issues)
    decision = decisions.merge(ISSUES, errors, by).decision
    kept = _issue_of(errors[0])
    names = ", ".join(str(issue)[:80] for issue in issues)
    IssueEvent.objects.create(issue=kept, action=Action.MERGED, text=names, by=by, decision=decision)
    return kept


@transaction.atomic
def split(issue: Issue, errors: Collection[int], by: User | None) -> Issue:
    """Splits errors off an issue. Returns their new issue. Raises CannotDecide if that leaves either side empty."""
    check_live([issue])
    members = set(ISSUES.records_in([issue.pk]))
    leaving = members & set(errors)
    if not leaving or leaving == members:
        raise CannotDecide("Choose some of the occurrences to split off, but not all of them.")
    decision = decisions.split(ISSUES, leaving, members - leaving, by).decision
    new, rest = _issue_of(min(leaving)), _issue_of(min(members - leaving))
    text = f"{len(leaving)} of {len(members)} occurrences, now {new}"
    IssueEvent.objects.create(issue=rest, action=Action.SPLIT, text=text, by=by, decision=decision)
    return new


@transaction.atomic
def undo(decision: GroupingDecision, by: User | None) -> Issue | None:
    """Takes a merge or a split back. Returns an issue that it was about, None if all of its errors are gone.

    Raises CannotDecide if it was undone in the meantime.
    """
    decision = GroupingDecision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at is not None:
        raise CannotDecide(f"The {decision.kind} had been undone already.")
    decisions.undo(ISSUES, decision)
    issue = issue_decided(decision)
    if issue is None:
        return None
    text = f"the {decision.kind} of {timezone.localtime(decision.at):%Y-%m-%d %H:%M}"
    IssueEvent.objects.create(issue=issue, action=Action.UNDONE, text=text, by=by, decision=decision)
    return issue


def issue_decided(decision: GroupingDecision) -> Issue | None:
    """Returns an issue that a decision is about, None if all of its errors are gone."""
    errors = decisions.decided_records(ISSUES, decision)
    return _issue_of(errors[0]) if errors else None


@transaction.atomic
def set_state(issue: Issue, action: IssueEvent.Action, by: User | None) -> None:
    """Resolves, ignores or reopens an issue. This and what follows raise CannotDecide for one that was merged."""
    check_live([issue])
    now = timezone.now()
    issue.resolved_at = now if action == Action.RESOLVED else None
    issue.ignored_at = now if action == Action.IGNORED else None
    issue.save(update_fields=["resolved_at", "ignored_at"])
    IssueEvent.objects.create(issue=issue, action=action, by=by)


@transaction.atomic
def rename(issue: Issue, name: str, by: User | None) -> None:
    """Gives an issue a name. With an empty one it is called after its earliest error again."""
    check_live([issue])
    issue.name, issue.named_by = name.strip()[:300], None
    issue.save(update_fields=["name", "named_by"])
    IssueEvent.objects.create(issue=issue, action=Action.RENAMED, text=issue.name, by=by)


@transaction.atomic
def assign(issue: Issue, assignee: User | None, by: User | None) -> None:
    check_live([issue])
    issue.assignee = assignee
    issue.save(update_fields=["assignee"])
    IssueEvent.objects.create(issue=issue, action=Action.ASSIGNED, text=str(assignee or "nobody"), by=by)


@transaction.atomic
def comment(issue: Issue, text: str, by: User | None) -> None:
    """Raises CannotDecide for an empty comment."""
    if not text.strip():
        raise CannotDecide("Write something before you send a comment.")
    check_live([issue])
    IssueEvent.objects.create(issue=issue, action=Action.COMMENTED, text=text.strip()[:10_000], by=by)


def _issue_of(error: int) -> Issue:
    return Issue.objects.get(occurrences__error=error)
