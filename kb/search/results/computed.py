"""What the index cannot answer: the order of words, and the states of issues, which change with other logs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Count
from pyroaring import BitMap64

from kb.linking.recurrence import IssueState, standing
from kb.models import EntryKind, Issue, Occurrence, SearchEntry
from kb.search.index.analysis import contains_phrase
from kb.search.index.facet_tokens import facet_token
from kb.search.language.query import Query
from kb.search.results.matching import Matches
from sessions.models import Error

_MAX_READ = 5000  # entries whose text is searched for a phrase, newest first
_ROWS_A_QUERY = 500


def computed_filters(query: Query, today: dt.date) -> dict[str, BitMap64]:
    """Returns, by facet token, the entries that match the filters of a query about issues."""
    used = {*query.facets, *query.excluded_facets}
    return {token: _errors_of(issues(today)) for token, issues in _FILTERS.items() if token in used}


def with_phrases(matches: Matches, query: Query) -> Matches:
    """Returns those matches that contain the phrases of a query, word for word."""
    phrases = [words for words in query.quoted if " " in words]
    if not phrases or not matches.total:
        return matches
    newest = list(matches.newest(_MAX_READ))
    kept = BitMap64()
    for start in range(0, len(newest), _ROWS_A_QUERY):
        rows = SearchEntry.objects.filter(pk__in=newest[start : start + _ROWS_A_QUERY])
        for pk, *texts in rows.values_list("pk", "title", "body"):
            if all(any(contains_phrase(text, words) for text in texts) for words in phrases):
                kept.add(pk)
    return matches.only(kept)


def _recurring(_today: dt.date) -> Iterable[int]:
    counts = Occurrence.objects.values("issue").annotate(session_count=Count("error__session", distinct=True))
    return counts.filter(session_count__gte=2).values_list("issue", flat=True)


def _in_state(state: IssueState) -> Callable[[dt.date], Iterable[int]]:
    return lambda today: [issue.pk for issue, errors in _issues() if standing(issue, errors, today).state == state]


def _issues() -> Iterable[tuple[Issue, list[Error]]]:
    """Returns all issues with their errors: states are computed, so each issue has to be looked at."""
    errors: defaultdict[Issue, list[Error]] = defaultdict(list)
    occurrences = Occurrence.objects.filter(issue__merged_into=None).select_related("issue", "error__session")
    for occurrence in occurrences.prefetch_related("error__fixes"):
        errors[occurrence.issue].append(occurrence.error)
    return errors.items()


def _errors_of(issues: Iterable[int]) -> BitMap64:
    errors = Occurrence.objects.filter(issue__in=Issue.objects.filter(pk__in=list(issues))).values("error")
    entries = SearchEntry.objects.filter(kind=EntryKind.ERROR, object_id__in=errors)
    return BitMap64(entries.values_list("pk", flat=True))


_FILTERS: dict[str, Callable[[dt.date], Iterable[int]]] = {
    facet_token("is", "recurring"): _recurring,
    facet_token("is", "regressed"): _in_state(IssueState.REGRESSED),
    facet_token("is", "held"): _in_state(IssueState.HELD),
}
