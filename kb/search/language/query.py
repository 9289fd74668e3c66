"""The query language: words, "phrases", -exclusions and filters, read into a tree. Any string is a query."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass, field, replace

from kb.search.index.analysis import as_words, query_tokens
from kb.search.index.facet_tokens import facet_token
from kb.search.language.filters import FILTER_VALUES, FILTERS

_TOKEN = re.compile(r'(?P<minus>-(?!-))?(?:(?P<name>[A-Za-z]{1,12}):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]\S*))')
_MOST_WORDS = 32
_AGO = re.compile(r"^(\d{1,4})([dwmy])$")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a query that means nothing, said in a sentence, with what may have been meant."""

    text: str
    sentence: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part as typed, so that it can be shown as a chip and be removed."""

    text: str
    is_filter: bool = False
    token: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query read. `words` and the tokens of `phrases` must all be found, `excluded` none of them.

    quoted   the phrases with one space between their words
    facets   tokens of filters, all to be found
    after    first and `before` last day (excluded), by session date
    """

    parts: tuple[Part, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    quoted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    excluded_facets: tuple[str, ...] = ()
    after: dt.date | None = None
    before: dt.date | None = None
    problems: tuple[Problem, ...] = ()
    typing: str = field(default="")

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.facets or self.after or self.before)

    @property
    def terms(self) -> tuple[str, ...]:
        """The words asked for, those of phrases included."""
        return tuple(dict.fromkeys([*self.words, *(word for phrase in self.phrases for word in phrase)]))

    def without(self, part: Part) -> str:
        """The query's text without one of its parts."""
        return " ".join(other.text for other in self.parts if other is not part)


def parse_query(text: str, today: dt.date, *, typing: bool = False) -> Query:
    """Reads a query. While typing, the last word stands for every word that begins with it."""
    query = Query()
    for match in _TOKEN.finditer(text.replace("\x00", " ")):
        if len(query.parts) >= _MOST_WORDS:
            break
        query = _with(query, match, today)
    if not (typing and query.words and not text[-1].isspace() and query.parts and not query.parts[-1].is_filter):
        return query
    last = query.words[-1]
    if len(last) == 1 and last.isascii() and len(query.terms) > 1:  # one letter says nothing yet
        return replace(query, words=query.words[:-1])
    return replace(query, typing=last)


def _with(query: Query, match: re.Match[str], today: dt.date) -> Query:
    name, value = (match["name"] or "").lower(), match["quoted"] if match["quoted"] is not None else match["bare"]
    if name and (name in FILTERS or name in ("before", "after")):
        return _with_filter(query, match, name, value, today)
    if name and match["quoted"] is None and _looks_like_filter(name):
        nearest = difflib.get_close_matches(name, [*FILTERS, "before", "after"], n=1)
        sentence = f"There is no filter “{name}:”; it is searched for as a word."
        query = replace(
            query, problems=(*query.problems, Problem(match[0], sentence, f"{nearest[0]}:{value}" if nearest else ""))
        )
    words = f"{match['name']}:{value}" if match["name"] else value
    query = replace(query, parts=(*query.parts, Part(match[0])))
    tokens = query_tokens(words)
    if match["minus"] and tokens:
        return replace(query, excluded=(*query.excluded, *tokens))
    if match["quoted"] is not None and not match["name"]:
        if not tokens:
            return query
        return replace(query, phrases=(*query.phrases, tuple(tokens)), quoted=(*query.quoted, as_words(value)))
    return replace(query, words=tuple(dict.fromkeys([*query.words, *tokens])))


def _looks_like_filter(name: str) -> bool:
    return bool(difflib.get_close_matches(name, [*FILTERS, "before", "after"], n=1, cutoff=0.75))


def _with_filter(query: Query, match: re.Match[str], name: str, value: str, today: dt.date) -> Query:
    token = facet_token(name, value)
    query = replace(query, parts=(*query.parts, Part(match[0], is_filter=True, token=token)))
    if name in ("before", "after"):
        day = _day(value, today)
        if day is None:
            return _mistaken(query, match[0], f"“{value}” is no day. Write 2026-02-01, or 7d for seven days ago.")
        return replace(query, before=day) if name == "before" else replace(query, after=day)
    known = FILTER_VALUES.get(name)
    if known is not None and value.lower() not in known:
        nearest = difflib.get_close_matches(value.lower(), known, n=1, cutoff=0.5)
        sentence = f"“{name}:” takes {', '.join(known)}."
        return _mistaken(query, match[0], sentence, f"{name}:{nearest[0]}" if nearest else "")
    if match["minus"]:
        return replace(query, excluded_facets=(*query.excluded_facets, token))
    return replace(query, facets=(*query.facets, token))


def _mistaken(query: Query, text: str, sentence: str, instead: str = "") -> Query:
    return replace(query, problems=(*query.problems, Problem(text, sentence, instead)))


def _day(value: str, today: dt.date) -> dt.date | None:
    if ago := _AGO.match(value.lower()):
        return today - dt.timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
