"""What no token of the index can tell: words in a given order, and states of issues, which change with other logs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Count
from pyroaring import BitMap64

from kb.linking.recurrence import IssueState
from kb.models import Issue, Kind, Occurrence, SearchEntry
from kb.people import clock as days
from kb.queries.issues import IssueFilter, issues_in_state
from kb.search.analysis import holds_phrase
from kb.search.facets import facet_token
from kb.search.matching import Matches
from kb.search.query import Query

_MOST_READ = 5000  # entries whose text is read for a phrase, newest first
_AT_ONCE = 500


def computed_filters(query: Query) -> dict[str, BitMap64]:
    """The entries of the filters in a query that are about issues."""
    asked = {*query.facets, *query.excluded_facets}
    return {token: _entries_of(issues()) for token, issues in _FILTERS.items() if token in asked}


def with_phrases(found: Matches, query: Query) -> Matches:
    """Those that hold the phrases of a query as they stand."""
    phrases = [words for words in query.quoted if " " in words]
    if not phrases or not found.total:
        return found
    newest = list(found.newest(_MOST_READ))
    kept = BitMap64()
    for at in range(0, len(newest), _AT_ONCE):
        rows = SearchEntry.objects.filter(pk__in=newest[at : at + _AT_ONCE]).values_list("pk", "title", "body")
        kept.update(
            pk for pk, *texts in rows if all(any(holds_phrase(text, words) for text in texts) for words in phrases)
        )
    return found.only(kept)


def _recurring() -> Iterable[int]:
    counted = Occurrence.objects.values("issue").annotate(sessions=Count("error__session", distinct=True))
    return counted.filter(sessions__gte=2).values_list("issue", flat=True)


def _in_state(state: IssueState) -> Callable[[], Iterable[int]]:
    return lambda: [row.issue.pk for row in issues_in_state(IssueFilter(state=state), days.today())]


def _entries_of(issues: Iterable[int]) -> BitMap64:
    errors = Occurrence.objects.filter(issue__in=Issue.objects.filter(pk__in=list(issues))).values("error")
    return BitMap64(SearchEntry.objects.filter(kind=Kind.ERROR, object_id__in=errors).values_list("pk", flat=True))


_FILTERS: dict[str, Callable[[], Iterable[int]]] = {
    facet_token("is", "recurring"): _recurring,
    facet_token("is", "regressed"): _in_state(IssueState.REGRESSED),
    facet_token("is", "held"): _in_state(IssueState.HELD),
}
