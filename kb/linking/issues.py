"""Puts the errors of a session to the issues they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from kb.linking.fingerprints import Fingerprint, fingerprint
from kb.models import Issue, Occurrence
from sessions.models import Error, SessionLog


@dataclass(frozen=True, slots=True)
class LinkedError:
    """What an error turned out to be: its issue, and in how many sessions that was met, this one included."""

    error: Error
    issue: Issue
    sessions: int


def link_session(session: SessionLog) -> list[LinkedError]:
    """Links each error of a session to its issue, new or known."""
    errors = list(session.error_set.select_related("occurrence"))
    for error in errors:
        _link(error, fingerprint(error.title, error.message, error.exception))
    return _counted(errors)


def issues_of_path(path: str) -> list[int]:
    """The issues that the log under a path states now, before it is imported again."""
    stated = Occurrence.objects.filter(error__session__log__paths__path=path)
    return list(stated.values_list("issue_id", flat=True).distinct())


def remove_orphans(issues: Sequence[int]) -> None:
    """Removes those of the issues that lost their last error."""
    Issue.objects.filter(pk__in=issues, occurrences=None).delete()


def _link(error: Error, found: Fingerprint) -> None:
    issue, _created = Issue.objects.get_or_create(
        version=found.version, fingerprint=found.digest, defaults={"title": error.title}
    )
    Occurrence.objects.update_or_create(error=error, defaults={"issue": issue, "parts": found.parts()})


def _counted(errors: list[Error]) -> list[LinkedError]:
    issues = Issue.objects.filter(occurrences__error__in=errors).distinct()
    counted = Issue.objects.filter(pk__in=issues).annotate(sessions=Count("occurrences__error__session", distinct=True))
    by_id = {issue.pk: issue for issue in counted}
    of_error = dict(Occurrence.objects.filter(error__in=errors).values_list("error_id", "issue_id"))
    return [LinkedError(error, by_id[of_error[error.pk]], by_id[of_error[error.pk]].sessions) for error in errors]
