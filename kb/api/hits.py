"""A page of search results as JSON, with what the search page says about it in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.urls import reverse

from kb.api.issues import Json, Site, fix_as_json, issue_as_json, short_title
from kb.models import EntryKind, TrackedStep
from kb.queries.known_problems import KnownProblem, known_problems
from kb.queries.spans import spans_of
from kb.search.results.find import Hit, SearchPage
from kb.search.results.snippets import Parts
from kb.templatetags.lines import span_query
from sessions.records import Span

_FOUND_BY = {(True, True): "words and meaning", (True, False): "words", (False, True): "meaning"}


def page_as_json(text: str, page: SearchPage, today: dt.date, site: Site) -> Json:
    """Returns the hits of a query, with what is known about their issues and steps, in a constant number of queries."""
    entries = [hit.entry for hit in page.hits]
    known, spans = known_problems(entries, today), spans_of(entries)
    return {
        "query": text,
        "total": page.total,
        "notices": list(_notices(page)),
        "hits": [_hit_as_json(hit, known.get(hit.entry.pk), spans, site) for hit in page.hits],
    }


def _hit_as_json(hit: Hit, known: KnownProblem | None, spans: Mapping[int, Span], site: Site) -> Json:
    entry, (first, last) = hit.entry, spans.get(hit.entry.pk, (hit.entry.line, hit.entry.line))
    path = reverse("session", args=[entry.session_id])
    answer = known.answer if known else None
    return {
        "kind": hit.kind,
        "title": _plain(hit.title),
        "snippet": _plain(hit.snippet),
        "project": entry.project,
        "session": entry.session_title,
        "date": entry.date,
        "lines": [first, last],
        "address": site(path if entry.kind == EntryKind.SESSION else path + span_query([first, last])),
        "found_by": _FOUND_BY.get((hit.by_words, hit.by_meaning), "words"),
        "issue": issue_as_json(answer, site) if answer else None,
        "best_fix": fix_as_json(answer.tried, answer.commands, site) if answer else None,
        "next_step": _step_as_json(known.step, site) if known and known.step else None,
    }


def _step_as_json(step: TrackedStep, site: Site) -> Json:
    return {
        "id": step.pk,
        "title": short_title(str(step)),
        "address": site(reverse("next-step", args=[step.pk])),
        "state": "open" if step.is_open else "done",
    }


def _plain(parts: Parts) -> str:
    return "".join(text for text, _matches in parts)


def _notices(page: SearchPage) -> Iterator[str]:
    """Yields what to know about the results before relying on them."""
    for problem in page.problems:
        yield f"{problem.sentence} Did you mean {problem.suggestion}?" if problem.suggestion else problem.sentence
    if page.incomplete:
        yield "These results are incomplete: run manage.py check_index for details."
    if page.left_out:
        yield f"Searched without {', '.join(page.left_out)}, which no record contains and may differ every time."
    for word, alternatives in page.corrections:
        yield f"Few results for {word}, so {', '.join(alternatives)} is searched for too."
    if page.query.is_empty:
        yield "The query has nothing to look for: give it a word or a filter."
    elif page.nearest:
        yield "No record contains these words: the hits are those nearest in meaning."
    elif page.any_word and page.total:
        yield "No record contains all of these words: the hits contain some of them, or are near in meaning."
    elif not page.total:
        yield "Nothing found: leave words or filters out, or give part of an identifier."
