"""Puts errors to the issues they are, and keeps issues and what people said of them when the groups change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kb.grouping.groups import Facts, group
from kb.linking.recurrence import Standing, standing
from kb.linking.signatures import RULE, Signed, active_rules, rule_digest, signatures_of
from kb.models import GroupingDecision, GroupingRule, Issue, IssueEvent, Occurrence, SignatureLink
from kb.people import clock as days
from sessions.models import Error, SessionLog


@dataclass(frozen=True, slots=True)
class LinkedError:
    """What an error turned out to be: its issue, in how many sessions it was met, this one included, how it stands.

    An error whose session is the latest of a regressed issue is a regression.
    """

    error: Error
    issue: Issue
    sessions: int
    standing: Standing


def link_session(session: SessionLog) -> list[LinkedError]:
    """Links each error of a session to its issue, new or known."""
    errors = list(session.error_set.select_related("occurrence", "session__project"))
    relink_errors(errors)
    return _counted(errors)


def relink_errors(errors: Iterable[Error]) -> None:
    """Gives errors their signatures anew, and regroups those that changed."""
    listed = list(errors)
    if not listed:
        return
    before = {error.pk: error.occurrence.issue_id for error in listed if hasattr(error, "occurrence")}
    rules = active_rules()
    signed = signatures_of(listed, rules)
    first = {signed[error.pk].signature.pk: error for error in reversed(listed) if error.pk not in before}
    fresh = [
        error for error in listed if first.get(signed[error.pk].signature.pk) is error and signed[error.pk].is_alone
    ]
    _make_issues(fresh, signed)
    settled = {error.pk for error in fresh}
    moved = {error.pk for error in listed if error.pk not in settled and _sign(error, signed[error.pk])}
    if moved:
        regroup(moved)
    if before:
        _retire_left(before)
    _name_by_rules(rules, {one.signature.digest for one in signed.values() if one.signature.version == RULE})


def _name_by_rules(rules: Sequence[GroupingRule], digests: Collection[str]) -> None:
    """Gives the issue of each rule's errors the rule's name, unless it has one or a person renamed it since."""
    for rule in (rule for rule in rules if rule_digest(rule) in digests):
        renamed = IssueEvent.objects.filter(action=IssueEvent.Action.RENAMED, at__gte=rule.at).values("issue")
        own = Issue.objects.filter(
            occurrences__signature__version=RULE, occurrences__signature__digest=rule_digest(rule)
        )
        first = own.exclude(pk__in=renamed).order_by("pk").first()
        if first is not None and not first.name:
            first.name, first.named_by = rule.name, rule
            first.save(update_fields=["name", "named_by"])


def _make_issues(errors: Sequence[Error], signed: Mapping[int, Signed]) -> None:
    """An issue of its own for each error that nothing here is like."""
    made = Issue.objects.bulk_create(Issue(title=error.title) for error in errors)
    pairs = zip(errors, made, strict=True)
    Occurrence.objects.bulk_create(
        Occurrence(error=error, issue=issue, signature=signed[error.pk].signature) for error, issue in pairs
    )


def issues_of_path(path: str) -> list[int]:
    """The issues that the log under a path states now, before it is imported again."""
    stated = Occurrence.objects.filter(error__session__log__paths__path=path)
    return list(stated.values_list("issue_id", flat=True).distinct())


def remove_orphans(issues: Sequence[int]) -> None:
    """Removes those of the issues that lost their last error, and regroups what one of their errors held together."""
    Issue.objects.filter(pk__in=issues, occurrences=None, merged_into=None, merged=None).delete()
    left = set(Occurrence.objects.filter(issue__in=issues).values_list("error_id", flat=True))
    if left:
        regroup(left)


def _retire_left(before: dict[int, int]) -> None:
    """Issues that their errors left: gone, or merged into where those went when a person had said something of them."""
    empty = Issue.objects.filter(pk__in=set(before.values()), occurrences=None, merged_into=None)
    for issue in empty:
        if is_touched(issue):
            error = next(error for error, pk in before.items() if pk == issue.pk)
            Issue.objects.filter(pk=issue.pk).update(merged_into=Occurrence.objects.get(error=error).issue_id)
        else:
            issue.delete()


def _sign(error: Error, signed: Signed) -> bool:
    """Gives an error its signature; true when its group has to be thought over.

    The usual case is quick: a signature that is known and that nobody decided on brings its issue with it.
    """
    signature = signed.signature
    known: Occurrence | None = getattr(error, "occurrence", None)
    if known is not None and known.signature_id == signature.pk:
        return False
    kin = Occurrence.objects.filter(signature=signature).exclude(error=error).order_by("pk").first()
    home = kin or known
    issue_id = home.issue_id if home else Issue.objects.create(title=error.title).pk
    if known is None:
        Occurrence.objects.create(error=error, issue_id=issue_id, signature=signature)
    else:
        Occurrence.objects.filter(pk=known.pk).update(issue_id=issue_id, signature=signature)
    if known is not None or kin is None:
        return True
    return GroupingDecision.objects.filter(undone_at=None, sides__error__occurrence__issue_id=issue_id).exists()


def regroup(errors: Collection[int]) -> None:
    """Thinks over the groups of these errors and of all that hangs together with them."""
    found = _closure(set(errors))
    if not found:
        return
    groups = group(_facts(found))
    _assign(groups, found)


def _closure(errors: set[int]) -> dict[int, Occurrence]:
    """The occurrences of the errors, and of those that share an issue, a signature, a link or a decision with them."""
    known: dict[int, Occurrence] = {}
    waiting = errors
    while waiting:
        fresh = list(Occurrence.objects.filter(error__in=waiting).select_related("issue"))
        known.update({occurrence.error_id: occurrence for occurrence in fresh})
        signatures = {occurrence.signature_id for occurrence in fresh}
        pairs = SignatureLink.objects.filter(Q(one__in=signatures) | Q(other__in=signatures))
        linked = {number for pair in pairs.values_list("one", "other") for number in pair}
        near = Occurrence.objects.filter(
            Q(issue__in={occurrence.issue_id for occurrence in fresh})
            | Q(signature__in=signatures | linked)
            | Q(error__decisions__decision__in=_decisions(waiting))
        )
        waiting = set(near.values_list("error_id", flat=True)) - known.keys()
    return known


def _decisions(errors: Iterable[int]) -> Iterable[int]:
    return GroupingDecision.objects.filter(undone_at=None, sides__error__in=list(errors)).values_list("pk", flat=True)


def _facts(found: dict[int, Occurrence]) -> Facts:
    signatures = {error: occurrence.signature_id for error, occurrence in found.items()}
    used = set(signatures.values())
    links = SignatureLink.objects.filter(one__in=used, other__in=used).values_list("one", "other", "score")
    together, apart = [], []
    decisions = GroupingDecision.objects.filter(pk__in=list(_decisions(found))).prefetch_related("sides")
    for decision in decisions:
        left = frozenset(side.error_id for side in decision.sides.all() if side.side == "left")
        right = frozenset(side.error_id for side in decision.sides.all() if side.side == "right")
        if decision.kind == GroupingDecision.Kind.MERGE:
            together.append(left | right)
        else:
            apart.append((left, right))
    return Facts(signatures, {(one, other): score for one, other, score in links}, together, apart)


def _assign(groups: list[frozenset[int]], found: dict[int, Occurrence]) -> None:
    """Gives each group an issue: the oldest one that its errors have and that no group before it took."""
    taken: set[int] = set()
    of_group: list[tuple[frozenset[int], Issue]] = []
    issues = {occurrence.issue_id: occurrence.issue for occurrence in found.values()}
    issues |= {issue.pk: issue for issue in Issue.objects.filter(merged_into__in=list(issues))}
    for errors in groups:
        issue = _choose(errors, found, issues, taken)
        taken.add(issue.pk)
        of_group.append((errors, issue))
    for errors, issue in of_group:
        moved = [error for error in errors if found[error].issue_id != issue.pk]
        Occurrence.objects.filter(error__in=moved).update(issue=issue)
        _retitle(issue, errors)
    _retire({pk: issue for pk, issue in issues.items() if pk not in taken}, of_group, found)


def _choose(
    errors: Collection[int], found: dict[int, Occurrence], issues: dict[int, Issue], taken: Collection[int]
) -> Issue:
    """The oldest issue of the errors that is free; else one that had been merged into it and is called like them."""
    mine = {found[error].issue_id for error in errors}
    free = sorted(mine - set(taken))
    if free:
        return issues[free[0]]
    titles = set(Error.objects.filter(pk__in=errors).values_list("title", flat=True))
    for pk in sorted(issues):
        if issues[pk].merged_into_id in mine and pk not in taken and issues[pk].title in titles:
            return issues[pk]
    return Issue.objects.create(title="")


def _retitle(issue: Issue, errors: Collection[int]) -> None:
    """An issue is called after its earliest error, whichever was imported first."""
    first = Error.objects.filter(pk__in=errors).order_by("session__date", "session_id", "position").first()
    title = first.title if first is not None else issue.title
    if issue.title != title or issue.merged_into_id:
        issue.title, issue.merged_into = title, None
        issue.save(update_fields=["title", "merged_into"])


def _retire(
    emptied: dict[int, Issue], groups: list[tuple[frozenset[int], Issue]], found: dict[int, Occurrence]
) -> None:
    """An issue whose errors all went elsewhere goes, unless a person had said something of it."""
    for pk, issue in emptied.items():
        if issue.merged_into_id and issue.merged_into_id not in emptied:
            continue
        heir = next((one for errors, one in groups if any(found[error].issue_id == pk for error in errors)), None)
        if heir is not None and is_touched(issue):
            Issue.objects.filter(pk=pk).update(merged_into=heir)
        elif not Occurrence.objects.filter(issue=pk).exists():
            issue.delete()


def touched_issues() -> QuerySet[Issue]:
    """Issues that a person resolved, ignored, named, assigned or commented; a rule's name is nobody's word on one."""
    said = (
        (~Q(name="") & Q(named_by=None))
        | Q(resolved_at__isnull=False)
        | Q(ignored_at__isnull=False)
        | Q(assignee__isnull=False)
    )
    return Issue.objects.filter(said | Q(pk__in=IssueEvent.objects.values("issue")))


def is_touched(issue: Issue) -> bool:
    return touched_issues().filter(pk=issue.pk).exists()


def _counted(errors: list[Error]) -> list[LinkedError]:
    of_error = dict(Occurrence.objects.filter(error__in=errors).values_list("error_id", "issue_id"))
    issues = Issue.objects.in_bulk(set(of_error.values()))
    met: dict[int, list[Error]] = {pk: [] for pk in issues}
    known = Error.objects.filter(occurrence__issue__in=issues).select_related("session", "occurrence")
    for error in known.prefetch_related("fixes"):
        met[error.occurrence.issue_id].append(error)
    stands = {pk: standing(issues[pk], met[pk], days.today()) for pk in issues}
    found = ((error, of_error[error.pk]) for error in errors)
    return [LinkedError(error, issues[pk], stands[pk].sessions, stands[pk]) for error, pk in found]
