"""Assigns errors to issues, and keeps issues and their history when groups change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kb.grouping.assignment import recompute_groups
from kb.grouping.description import Grouping
from kb.grouping.placement import place
from kb.linking.recurrence import Standing, standing
from kb.linking.signatures import RULE, Fingerprints, active_rules, rule_digest, signatures_of
from kb.linking.similarity import SAME
from kb.models import ErrorSide, GroupingRule, Issue, IssueEvent, Occurrence, SignatureLink
from kb.people import clock
from sessions.models import Error, Log, SessionLog
from sessions.storing.bulk import insert_all


@dataclass(frozen=True)
class IssueGrouping(Grouping[Error]):
    """Errors are grouped into issues by their signatures."""

    def start_groups(self, records: Sequence[Error]) -> list[int]:
        issues = insert_all(Issue, (Issue(title=error.title) for error in records))
        return [issue.pk for issue in issues]

    def start_beside(self, group: int) -> int:
        return Issue.objects.create(title="").pk

    def revive(self, groups: Collection[int], taken: Collection[int], records: Collection[int]) -> int | None:
        """An issue comes back if it is still called like one of the errors."""
        titles = Error.objects.filter(pk__in=records).values("title")
        merged = Issue.objects.filter(merged_into__in=groups, title__in=titles).exclude(pk__in=taken)
        return merged.order_by("pk").values_list("pk", flat=True).first()

    def settle(self, groups: Mapping[int, Collection[int]]) -> None:
        """An issue is titled after its earliest error, whichever was imported first."""
        group_of = {record: group for group, records in groups.items() for record in records}
        earliest: dict[int, int] = {}
        errors = Error.objects.filter(pk__in=list(group_of))
        for error in errors.order_by("session__date", "session_id", "position", "pk").values_list("pk", flat=True):
            earliest.setdefault(group_of[error], error)
        titles = dict(Error.objects.filter(pk__in=list(earliest.values())).values_list("pk", "title"))
        outdated = []
        for issue in Issue.objects.filter(pk__in=list(groups)):
            title = titles[earliest[issue.pk]]
            if issue.title != title or issue.merged_into_id is not None:
                issue.title, issue.merged_into = title, None
                outdated.append(issue)
        Issue.objects.bulk_update(outdated, ["title", "merged_into"], batch_size=200)

    def retire(self, heirs: Mapping[int, int]) -> None:
        """An issue without errors is deleted, unless somebody worked on it: then it is merged into its heir."""
        if not heirs:
            return
        Issue.objects.filter(merged_into__in=heirs, occurrences=None).delete()
        touched = set(touched_issues().filter(pk__in=heirs).values_list("pk", flat=True))
        for number in touched:
            Issue.objects.filter(pk=number).update(merged_into=heirs[number])
        Issue.objects.filter(pk__in=heirs.keys() - touched, occurrences=None).delete()


ISSUES = IssueGrouping(
    members=Occurrence,
    links=SignatureLink,
    sides=ErrorSide,
    record="error",
    group="issue",
    identity="signature",
    least=SAME,
    is_whole=True,
)


@dataclass(frozen=True, slots=True)
class LinkedError:
    """An error with its issue, and the issue's state. `standing` counts the error's own session too."""

    error: Error
    issue: Issue
    standing: Standing


def link_sessions(sessions: Collection[SessionLog], known: Fingerprints | None = None) -> list[LinkedError]:
    """Assigns each error of sessions to its issue, new or existing, with a number of queries that is the same for all.

    known  fingerprints that were made when the logs were read
    """
    rows = Error.objects.filter(session__in=sessions).select_related("session__project")
    errors = list(rows.order_by("session_id", "position"))
    relink_errors(errors, known)
    return _linked(errors)


def linked_errors(log: Log) -> list[LinkedError]:
    """Returns the errors of a stored log with their issues."""
    rows = Error.objects.filter(session__log=log, occurrence__isnull=False).select_related("session__project")
    return _linked(list(rows.order_by("session_id", "position")))


def relink_errors(errors: Sequence[Error], known: Fingerprints | None = None) -> None:
    """Computes the signatures of errors, and groups those that changed."""
    if not errors:
        return
    members = ISSUES.members_of(error.pk for error in errors)
    rules = active_rules()
    signed = signatures_of(errors, rules, known)
    unmatched = {one.signature.pk for one in signed.values() if one.is_unmatched}
    moved = place(ISSUES, errors, members, {pk: one.signature.pk for pk, one in signed.items()}, unmatched)
    recompute_groups(ISSUES, moved | {pk for pk, one in signed.items() if one.has_new_meaning})
    _retire_left({error.pk: members[error.pk].group for error in errors if error.pk in members})
    _name_by_rules(rules, {one.signature.digest for one in signed.values() if one.signature.version == RULE})


def _name_by_rules(rules: Sequence[GroupingRule], digests: Collection[str]) -> None:
    """Gives the issue of each rule's errors the rule's name, unless it has a name or was renamed since."""
    for rule in (rule for rule in rules if rule_digest(rule) in digests):
        renamed = IssueEvent.objects.filter(action=IssueEvent.Action.RENAMED, at__gte=rule.at).values("issue")
        own = Issue.objects.filter(
            occurrences__signature__version=RULE, occurrences__signature__digest=rule_digest(rule)
        )
        first = own.exclude(pk__in=renamed).order_by("pk").first()
        if first is not None and not first.name:
            first.name, first.named_by = rule.name, rule
            first.save(update_fields=["name", "named_by"])


def issues_of_path(path: str) -> list[int]:
    """Returns the issues that the log under a path states now, before it is imported again."""
    stated = Occurrence.objects.filter(error__session__log__paths__path=path)
    return list(stated.values_list("issue_id", flat=True).distinct())


def remove_empty_issues(issues: Sequence[int]) -> None:
    """Removes those of the issues that lost their last error, and regroups the errors of the others."""
    Issue.objects.filter(pk__in=issues, occurrences=None, merged_into=None, merged=None).delete()
    recompute_groups(ISSUES, ISSUES.records_in(issues))


def _retire_left(before: Mapping[int, int]) -> None:
    """Deletes issues that their errors left; one that somebody worked on is merged into where the first of them is."""
    empty = Issue.objects.filter(pk__in=set(before.values()), occurrences=None, merged_into=None)
    for issue in empty:
        if is_touched(issue):
            first = next(error for error, group in before.items() if group == issue.pk)
            Issue.objects.filter(pk=issue.pk).update(merged_into=ISSUES.group_of(first))
        else:
            issue.delete()


def touched_issues() -> QuerySet[Issue]:
    """Issues that a person resolved, ignored, named, assigned or commented on; a rule's name does not count."""
    decided = (
        (~Q(name="") & Q(named_by=None))
        | Q(resolved_at__isnull=False)
        | Q(ignored_at__isnull=False)
        | Q(assignee__isnull=False)
    )
    return Issue.objects.filter(decided | Q(pk__in=IssueEvent.objects.values("issue")))


def is_touched(issue: Issue) -> bool:
    return touched_issues().filter(pk=issue.pk).exists()


def _linked(errors: Sequence[Error]) -> list[LinkedError]:
    group_of = {error: member.group for error, member in ISSUES.members_of(error.pk for error in errors).items()}
    issues = Issue.objects.in_bulk(set(group_of.values()))
    occurrences: dict[int, list[Error]] = {pk: [] for pk in issues}
    every = Error.objects.filter(occurrence__issue__in=issues).select_related("session", "occurrence")
    for error in every.prefetch_related("fixes"):
        occurrences[error.occurrence.issue_id].append(error)
    standings = {pk: standing(issues[pk], occurrences[pk], clock.today()) for pk in issues}
    pairs = ((error, group_of[error.pk]) for error in errors)
    return [LinkedError(error, issues[pk], standings[pk]) for error, pk in pairs]
