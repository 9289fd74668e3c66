"""What is known about a pasted error: the issues that it would be linked with, each with what to do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kb.api.issues import Json, Site, fix_as_json, issue_as_json
from kb.display.excerpts import plain_excerpt
from kb.queries.advice import Advice, advice
from kb.queries.met_before import Answer, met_before
from kb.search.language.pasted import query_from
from kb.search.results.find import search


@dataclass(frozen=True, slots=True)
class Met:
    """What a pasted error came to: the query that was made of it, and what is known, the likeliest issue first."""

    query: str
    issues: tuple[tuple[Answer, Advice], ...]

    def as_json(self, site: Site) -> Json:
        return {"query": self.query, "issues": [_issue(answer, advised, site) for answer, advised in self.issues]}


def met(text: str, today: dt.date) -> Met:
    """Looks for the issues that an error or a trace would be linked with if a log stated it."""
    query = query_from(text)
    page = search(query, facets=False)
    answers = met_before(page.query.sentence, page.best, today) if page.best else []
    return Met(query, tuple((answer, advice(answer.errors, answer.fixes)) for answer in answers))


def lines_of_fix(advised: Advice) -> str:
    """Returns the lines of the log that tell the best fix; its words if they are no longer in the log."""
    return plain_excerpt(advised.log_text, advised.spans) or "\n\n".join(step.fix.title for step in advised.steps)


def _issue(answer: Answer, advised: Advice, site: Site) -> Json:
    return {
        **issue_as_json(answer, site),
        "score": round(answer.score, 2),
        "matched": list(answer.matched),
        "best_fix": _best_fix(advised, site),
    }


def _best_fix(advised: Advice, site: Site) -> Json | None:
    told = fix_as_json(advised.best, advised.commands, site)
    return told and {**told, "lines": [list(span) for span in advised.spans], "text": lines_of_fix(advised)}
